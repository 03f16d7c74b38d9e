import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EGRESS_ERROR } from '../../../src/fraud/linkage/measured.ts';
import { report } from '../../../src/fraud/simulation-report/contract.ts';

const REPORT = join(import.meta.dirname, '../../../docs/simulation/front-door.json');

test('what the console says of the error of shared networks is what the shipped simulation found', () => {
  const [run] = report.parse(JSON.parse(readFileSync(REPORT, 'utf8'))).runs;
  const { precision, recall } = run?.figures.shared_egress ?? { precision: null, recall: null };
  expect(EGRESS_ERROR.calledSharedWrongly).toBeCloseTo(1 - (precision ?? 0), 4);
  expect(EGRESS_ERROR.missed).toBeCloseTo(1 - (recall ?? 0), 3);
});
