import { expect, test } from 'bun:test';
import { OPERATOR_ACCOUNT_ID } from '../../accounts/index.ts';
import type { KeptReport } from '../../enforcement/index.ts';
import { openingOfReport } from './report-opening.ts';

const REPORT: KeptReport = {
  id: 'rep_1',
  atMs: 1,
  category: 'child_safety',
  requestId: 'req_1',
  app: null,
  reporterId: 'acct_reporter',
  personId: null,
  text: 'This answer is wrong.',
  reportedId: null,
  signalId: null,
  incidentId: null,
};

test('whoever reports an answer to their own request is held to nothing for it', () => {
  const { unit, owner } = openingOfReport(REPORT);
  expect([unit.accountId, owner.accountId]).toEqual([OPERATOR_ACCOUNT_ID, OPERATOR_ACCOUNT_ID]);
  expect(JSON.stringify(openingOfReport(REPORT))).not.toContain('acct_reporter');
});

test('what is reported of somebody else is as grave as its conduct, so that who reads it has to be fit for it', () => {
  expect(openingOfReport({ ...REPORT, reportedId: 'acct_other' })).toMatchObject({
    unit: { kind: 'account', accountId: 'acct_other' },
    conduct: 'minors',
    severity: 'terminal',
  });
});
