import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { enforcementSimulationRoutes } from '../../../src/enforcement/simulation-report/routes.ts';
import { enforcementSimulationView } from '../../../src/enforcement/simulation-report/contract.ts';

const REPORT = join(import.meta.dirname, '../../../docs/simulation/enforcement.json');

test('the console reads the report that ships, and it keeps every promise at full scale', async () => {
  const answer = await enforcementSimulationRoutes(REPORT).request('/control/v1/enforcement/simulation');
  expect(answer.status).toBe(200);
  const { report } = enforcementSimulationView.parse(await answer.json());
  expect(report?.scale).toBe(1);
  expect(report?.bars.filter(({ met }) => !met)).toEqual([]);
});
