/** The wire of linkage: what is known of an account, in fields, bits and counts, without anybody else's data. */
import { z } from 'zod';
import { pageQuery } from '../../http/paging-query.ts';
import { FAMILIES } from '../evidence.ts';

export const CLUSTERS_PAGE_MAX = 200;
export const CLUSTER_ACCOUNTS_MAX = 300;
const REASON_CHARS_MAX = 500;
const reason = z.string().trim().min(3).max(REASON_CHARS_MAX);
const prefix = z
  .string()
  .max(64)
  .regex(
    /^(\d{1,3}\.\d{1,3}\.\d{1,3}\.0\/24|[0-9a-f:]{2,45}::\/48)$/,
    'must be a /24 such as 203.0.113.0/24, or a /48',
  );

/** To be put in words: `shared the device token`; `operators` says how rare it is. */
const agreementView = z.object({
  family: z.enum(FAMILIES),
  field: z.string(),
  bits: z.number(),
  operators: z.int(),
});

export const linkView = z.object({
  id: z.string(),
  accounts: z.tuple([z.string(), z.string()]),
  strength: z.enum(['hard', 'soft']),
  bits: z.number(),
  agreements: z.array(agreementView),
  at: z.string(),
  expires_at: z.string(),
  /** When it fell before its time, and why: `cut`'s reason, `expired`, `replaced`, `network_shared`, `erased`. */
  fell: z.object({ at: z.string(), reason: z.string() }).nullable(),
});

const evidenceView = z.object({
  family: z.enum(FAMILIES),
  field: z.string(),
  version: z.int(),
  seen_at: z.string(),
  forgotten_at: z.string(),
  /** With the same value, this one included. */
  accounts: z.int(),
  operators: z.int(),
  /** Of networks: whether many people seem to share it. */
  shared: z.boolean().nullable(),
});

/** How wrong the inference of shared networks is: by simulation, and by what people said of networks here. */
const egressErrorView = z.object({
  simulated: z.object({ called_shared_wrongly: z.number(), missed: z.number() }),
  marked: z.object({ networks: z.int(), wrong: z.int() }),
});

/** A sanctioned account this one seems to be the return of. */
const evasionView = z.object({
  sanctioned_account_id: z.string(),
  tier: z.enum(['likely', 'possible']),
  bits: z.number(),
  agreements: z.array(agreementView),
});

/** `GET /control/v1/fraud/accounts/{id}` */
export const riskView = z.object({
  account_id: z.string(),
  operator: z.object({ id: z.string(), accounts: z.int() }),
  evidence: z.array(evidenceView),
  links: z.array(linkView),
  /** The surest first. */
  evasion: z.array(evasionView),
  egress_error: egressErrorView,
});

const clusterView = z.object({
  operator_id: z.string(),
  accounts: z.int(),
  sanctioned: z.int(),
  first_at: z.string(),
  last_at: z.string(),
  /** Hard links that hold among its newest accounts, their mean bits, and what most of them agree in. */
  links: z.int(),
  bits: z.number(),
  why: z.array(z.object({ family: z.enum(FAMILIES), field: z.string(), links: z.int() })),
});

export const clusterListQuery = z.object(pageQuery('after'));
export const clusterListView = z.object({ data: z.array(clusterView), next: z.string().nullable() });

/** `GET /control/v1/fraud/clusters/{id}`: nodes and edges; `left` accounts are not shown. */
export const clusterPictureView = z.object({
  operator_id: z.string(),
  accounts: z.array(z.object({ id: z.string(), at: z.string(), sanctioned: z.boolean() })),
  links: z.array(linkView),
  left: z.int(),
});

export const cutLinkBody = z.strictObject({ reason });

const networkMarkView = z.object({
  prefix: z.string(),
  shared: z.boolean(),
  /** What the traffic seemed to say when it was marked. */
  seemed: z.boolean(),
  reason: z.string(),
  by: z.string(),
  at: z.string(),
});
export const networkListView = z.object({ data: z.array(networkMarkView), error: egressErrorView });

/** `PUT /control/v1/fraud/networks`: what somebody knows of a network goes before what the traffic says; null takes it back. */
export const markNetworkBody = z.strictObject({ prefix, shared: z.boolean().nullable(), reason });
export const networkView = z.object({
  prefix: z.string(),
  shared: z.boolean(),
  people: z.int(),
  organisation: z.string().nullable(),
  error: egressErrorView,
});

export type ClusterView = z.infer<typeof clusterView>;
export type ClusterPictureView = z.infer<typeof clusterPictureView>;
export type LinkView = z.infer<typeof linkView>;
export type RiskView = z.infer<typeof riskView>;
export type EgressErrorView = z.infer<typeof egressErrorView>;
