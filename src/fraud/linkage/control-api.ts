import { z } from 'zod';
import type { ControlRoute } from '../../http/control-api.ts';
import {
  clusterListQuery,
  clusterListView,
  clusterPictureView,
  cutLinkBody,
  linkView,
  markNetworkBody,
  networkListView,
  networkView,
  riskView,
} from './contract.ts';

const read = { method: 'GET', access: 'fraud.read', tag: 'fraud' } as const;
const write = { method: 'POST', access: 'fraud.write', tag: 'fraud' } as const;

export const linkageControlApi: readonly ControlRoute[] = [
  {
    ...read,
    path: '/control/v1/fraud/accounts/{id}',
    summary: 'Show what is known of who is behind an account, and what it is linked to',
    answer: riskView,
  },
  {
    ...read,
    path: '/control/v1/fraud/clusters',
    summary: 'List operators of several accounts, the largest first',
    query: clusterListQuery,
    answer: clusterListView,
  },
  {
    ...read,
    path: '/control/v1/fraud/clusters/{id}',
    summary: 'Show the accounts of an operator and what holds them together',
    answer: clusterPictureView,
  },
  {
    ...write,
    path: '/control/v1/fraud/links/{id}/cut',
    summary: 'Cut a link; what it held together is put together anew from what is left',
    body: cutLinkBody,
    answer: z.object({ cut: linkView.shape.id }),
  },
  {
    ...read,
    path: '/control/v1/fraud/networks',
    summary: 'List what was said of networks, and how wrong the inference was',
    answer: networkListView,
  },
  {
    ...write,
    method: 'PUT',
    path: '/control/v1/fraud/networks',
    summary: 'Say whether many people share a network, or take that back',
    body: markNetworkBody,
    answer: networkView,
  },
];
