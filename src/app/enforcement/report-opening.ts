import { OPERATOR_ACCOUNT_ID } from '../../accounts/index.ts';
import { type CaseOpening, CONDUCT_OF_CATEGORY, type KeptReport, SEVERITIES } from '../../enforcement/index.ts';
import { ownerOf } from './surroundings.ts';

/** A report that is no signal says little of anybody. */
const REPORT_PROBABILITY = 0.2;

/**
 * A report that nothing else follows from: somebody reads it. Where it speaks of an answer or an app and of nobody who asked,
 * it is about the house: whatever comes of it is never held against whoever reported.
 */
export function openingOfReport({ id, reportedId, requestId, category, atMs }: KeptReport): CaseOpening {
  const accountId = reportedId ?? OPERATOR_ACCOUNT_ID;
  const conduct = CONDUCT_OF_CATEGORY[category] ?? 'circumvention';
  return {
    kind: 'report',
    conduct,
    severity: SEVERITIES[conduct],
    unit: { kind: 'account', accountId },
    owner: ownerOf(accountId),
    language: null,
    probability: REPORT_PROBABILITY,
    facts: {
      requests: requestId === null ? 0 : 1,
      accounts: 1,
      signals: 0,
      sources: ['report'],
      categories: [],
      firstAtMs: atMs,
      lastAtMs: atMs,
      score: null,
      cusum: null,
      alarmAt: null,
      posterior: null,
      certificateBound: null,
      stepNow: null,
    },
    incidents: [],
    requestIds: requestId === null ? [] : [requestId],
    sanctionId: null,
    decisionId: null,
    reportId: id,
    rule: null,
    proposal: null,
    subjects: [`report ${id}`],
    authors: [],
  };
}
