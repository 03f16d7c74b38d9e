import type { ControlRoute } from '../../http/control-api.ts';
import {
  decisionDetailView,
  decisionListView,
  decisionsQuery,
  recordHeadView,
  recordVerificationQuery,
  recordVerificationView,
  spanQuery,
  statementsQuery,
  statementsView,
  statementView,
  transparencyView,
} from './contract.ts';

const tag = 'enforcement';
const access = 'enforcement.read' as const;

export const decisionsControlApi: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/control/v1/enforcement/decisions',
    access,
    summary: 'List decisions, the newest first',
    tag,
    query: decisionsQuery,
    answer: decisionListView,
  },
  {
    method: 'GET',
    path: '/control/v1/enforcement/decisions/{id}',
    access,
    summary: 'Show a decision, and where it stands in the tamper-evident record',
    tag,
    answer: decisionDetailView,
  },
  {
    method: 'GET',
    path: '/control/v1/enforcement/decisions/{id}/statement',
    access,
    summary: 'Show the statement of reasons of a decision, in the parts the Digital Services Act asks for',
    tag,
    answer: statementView,
  },
  {
    method: 'GET',
    path: '/control/v1/enforcement/transparency',
    access,
    summary: 'Make the transparency report of a span of time, signed',
    tag,
    query: spanQuery,
    answer: transparencyView,
  },
  {
    method: 'GET',
    path: '/control/v1/enforcement/statements',
    access,
    summary: 'List statements of reasons in the fields of the DSA Transparency Database, the oldest first',
    tag,
    query: statementsQuery,
    answer: statementsView,
  },
  {
    method: 'GET',
    path: '/control/v1/enforcement/record/head',
    access,
    summary: 'Show the head of the tamper-evident record, signed, to be kept elsewhere',
    tag,
    answer: recordHeadView,
  },
  {
    method: 'GET',
    path: '/control/v1/enforcement/record/verification',
    access,
    summary: 'Check the tamper-evident record from its first entry to its last',
    tag,
    query: recordVerificationQuery,
    answer: recordVerificationView,
  },
];
