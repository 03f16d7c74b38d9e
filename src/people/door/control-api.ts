import type { ControlRoute } from '../../http/control-api.ts';
import {
  batchListView,
  batchView,
  doorSettingView,
  doorView,
  funnelQuery,
  funnelView,
  letInBody,
  letInView,
  madeBatchView,
  makeBatchBody,
  setDoorBody,
  unsetDoorBody,
  waitingListView,
  waitingQuery,
} from './contract.ts';

const read = { method: 'GET', access: 'signup.read', tag: 'sign-up' } as const;
const write = { method: 'POST', access: 'signup.write', tag: 'sign-up' } as const;

export const doorControlApi: readonly ControlRoute[] = [
  {
    ...read,
    path: '/control/v1/sign-up',
    summary: 'Say whether people may sign up, by plan and region, and how many wait',
    answer: doorView,
  },
  {
    ...write,
    method: 'PUT',
    path: '/control/v1/sign-up/states',
    summary: 'Open the door for a plan and a region, close it, or let people wait; takes effect at once',
    body: setDoorBody,
    answer: doorSettingView,
  },
  {
    ...write,
    path: '/control/v1/sign-up/states/reset',
    summary: 'Take back what was said of exactly this plan and region',
    body: unsetDoorBody,
    answer: doorView,
  },
  {
    ...write,
    path: '/control/v1/sign-up/batches',
    summary: 'Make invitations; the answer is the only place their codes are ever shown',
    body: makeBatchBody,
    answer: madeBatchView,
    status: 201,
  },
  { ...read, path: '/control/v1/sign-up/batches', summary: 'List batches of invitations', answer: batchListView },
  {
    ...write,
    path: '/control/v1/sign-up/batches/{id}/revoke',
    summary: 'Take back the invitations of a batch that were not used',
    answer: batchView,
  },
  {
    ...read,
    path: '/control/v1/sign-up/waitlist',
    summary: 'List who waits, the first in line first',
    query: waitingQuery,
    answer: waitingListView,
  },
  {
    ...write,
    path: '/control/v1/sign-up/waitlist/admit',
    summary: 'Let the first in line in, and tell them',
    body: letInBody,
    answer: letInView,
  },
  {
    ...read,
    path: '/control/v1/sign-up/funnel',
    summary: 'Count how far people came who wanted to sign up, by day',
    query: funnelQuery,
    answer: funnelView,
  },
];
