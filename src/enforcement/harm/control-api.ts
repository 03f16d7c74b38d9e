import type { ControlRoute } from '../../http/control-api.ts';
import { harmPauseView, harmView, liftPauseBody } from './contract.ts';

const tag = 'enforcement';

export const harmControlApi: readonly ControlRoute[] = [
  {
    method: 'GET',
    access: 'enforcement.read',
    tag,
    path: '/control/v1/enforcement/harm',
    summary: 'Tell how many legitimate people enforcement hurts, by cohort, and what was paused for it',
    answer: harmView,
  },
  {
    method: 'POST',
    access: 'cases.lead',
    tag,
    path: '/control/v1/enforcement/harm/pauses/{id}/lift',
    summary: 'Let what the harm budget paused go on',
    body: liftPauseBody,
    answer: harmPauseView,
  },
];
