import type { ControlRoute } from '../../http/control-api.ts';
import { attentionView, cutOffReceiptView, liftBody, liftedView, stopBody, stopListView } from './contract.ts';

export const portalStandingApi: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/portal/v1/accounts/{account}/attention',
    access: 'own.account.read',
    summary: 'Show what somebody should know of: stops, credit, budgets, keys and plan that end',
    tag: 'standing',
    answer: attentionView,
  },
  {
    method: 'GET',
    path: '/portal/v1/accounts/{account}/stops',
    access: 'own.account.read',
    summary: 'List what was stopped, why, since and until when',
    tag: 'standing',
    answer: stopListView,
  },
  {
    method: 'POST',
    path: '/portal/v1/accounts/{account}/stops',
    access: 'own.cutoff.write',
    summary: 'Stop a key, an app, a member or all of the account at once, streams in flight included',
    tag: 'standing',
    body: stopBody,
    answer: cutOffReceiptView,
    status: 201,
  },
  {
    method: 'GET',
    path: '/portal/v1/accounts/{account}/stops/{stop}',
    access: 'own.account.read',
    summary: 'Show the receipt of a cut-off: what was closed, and when',
    tag: 'standing',
    answer: cutOffReceiptView,
  },
  {
    method: 'POST',
    path: '/portal/v1/accounts/{account}/stops/{stop}/lift',
    access: 'own.cutoff.write',
    summary: 'Lift what was stopped in the account itself',
    tag: 'standing',
    body: liftBody,
    answer: liftedView,
  },
];
