import type { ControlRoute } from '../../http/control-api.ts';
import {
  appealDetailView,
  appealListQuery,
  appealListView,
  appealPreviewView,
  appealReviewersView,
  assignBody,
  decideAppealBody,
  previewAppealBody,
  triageBody,
} from './contract.ts';

const PATH = '/control/v1/enforcement/appeals';
const tag = 'enforcement';

export const appealControlApi: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: PATH,
    access: 'enforcement.read',
    summary: 'List appeals, those that are due first come first',
    tag,
    query: appealListQuery,
    answer: appealListView,
  },
  {
    method: 'GET',
    path: `${PATH}/{id}`,
    access: 'enforcement.read',
    summary: 'Show an appeal, what the decision rested on, and how far restitution is',
    tag,
    answer: appealDetailView,
  },
  {
    method: 'GET',
    path: `${PATH}/{id}/reviewers`,
    access: 'enforcement.read',
    summary: 'List who may be given an appeal: nobody who decided it or read its incidents',
    tag,
    answer: appealReviewersView,
  },
  {
    method: 'POST',
    path: `${PATH}/{id}/triage`,
    access: 'enforcement.write',
    summary: 'Say that an appeal was seen, and whether it is urgent',
    tag,
    body: triageBody,
    answer: appealDetailView,
  },
  {
    method: 'POST',
    path: `${PATH}/{id}/assign`,
    access: 'enforcement.write',
    summary: 'Give an appeal to a reviewer, or take it',
    tag,
    body: assignBody,
    answer: appealDetailView,
  },
  {
    method: 'POST',
    path: `${PATH}/{id}/preview`,
    access: 'enforcement.write',
    question: true,
    summary: 'Show what restitution would do if an appeal was answered so',
    tag,
    body: previewAppealBody,
    answer: appealPreviewView,
  },
  {
    method: 'POST',
    path: `${PATH}/{id}/decide`,
    access: 'enforcement.write',
    summary: 'Answer an appeal; what was wrong is made good',
    tag,
    body: decideAppealBody,
    answer: appealDetailView,
  },
];
