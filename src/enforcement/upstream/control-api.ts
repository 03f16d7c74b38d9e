import type { ControlRoute } from '../../http/control-api.ts';
import { upstreamNoticeBody, upstreamNoticeView } from './contract.ts';

export const upstreamControlApi: readonly ControlRoute[] = [
  {
    method: 'POST',
    path: '/control/v1/enforcement/upstream-notices',
    access: 'enforcement.write',
    tag: 'enforcement',
    summary: 'Pass on what an upstream says of somebody it knows by a safety identifier',
    body: upstreamNoticeBody,
    answer: upstreamNoticeView,
    status: 202,
  },
];
