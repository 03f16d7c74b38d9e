import type { ControlRoute } from '../../http/control-api.ts';
import {
  figuresQuery,
  figuresView,
  incidentListQuery,
  incidentListView,
  incidentPictureView,
  raisedSignalView,
  raiseSignalBody,
  whatIfBody,
  whatIfView,
} from './contract.ts';

const read = { method: 'GET', access: 'enforcement.read', tag: 'enforcement' } as const;

export const signalsControlApi: readonly ControlRoute[] = [
  {
    ...read,
    path: '/control/v1/enforcement/incidents',
    summary: 'List incidents, the newest first',
    query: incidentListQuery,
    answer: incidentListView,
  },
  {
    ...read,
    path: '/control/v1/enforcement/incidents/{id}',
    summary: 'Show an incident with its signals, who read it, and what it led to',
    answer: incidentPictureView,
  },
  {
    ...read,
    path: '/control/v1/enforcement/units/figures',
    summary: 'Show how an end user, key, app, account or operator stands now',
    query: figuresQuery,
    answer: figuresView,
  },
  {
    method: 'POST',
    path: '/control/v1/enforcement/signals',
    access: 'enforcement.write',
    tag: 'enforcement',
    summary: 'Raise a signal: what a person saw, or an upstream told',
    body: raiseSignalBody,
    answer: raisedSignalView,
    status: 201,
  },
  {
    method: 'POST',
    path: '/control/v1/enforcement/incidents/what-if',
    access: 'rules.write',
    question: true,
    tag: 'enforcement',
    summary: 'Replay the signals on record under other figures, and count who would fare otherwise',
    body: whatIfBody,
    answer: whatIfView,
  },
];
