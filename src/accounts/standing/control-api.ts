import { z } from 'zod';
import type { ControlRoute } from '../../http/control-api.ts';
import { cutOffView, stopBody, stopListView, stopView } from './contract.ts';

export const standingControlApi: readonly ControlRoute[] = [
  {
    method: 'POST',
    path: '/control/v1/accounts/{id}/stops',
    access: 'accounts.write',
    summary: 'Stop an account, or a member, an app, a key or an end user of it, at once; streams in flight are cut',
    tag: 'accounts',
    body: stopBody,
    answer: cutOffView,
    status: 201,
  },
  {
    method: 'GET',
    path: '/control/v1/accounts/{id}/stops',
    access: 'accounts.read',
    summary: 'List what was stopped of an account, the newest first',
    tag: 'accounts',
    answer: stopListView,
  },
  {
    method: 'GET',
    path: '/control/v1/stops/{id}',
    access: 'accounts.read',
    summary: 'Show the receipt of a cut-off',
    tag: 'accounts',
    answer: cutOffView,
  },
  {
    method: 'POST',
    path: '/control/v1/stops/{id}/lift',
    access: 'accounts.write',
    summary: 'Lift a stop: keys that were not revoked work again',
    tag: 'accounts',
    body: z.strictObject({}),
    answer: stopView,
  },
];
