import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulationReportRoutes } from './routes.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'simulation-report-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ask = (path: string) => simulationReportRoutes(path).request('/control/v1/fraud/simulation');

test('where no report was written there is none, and that is no fault', async () => {
  const answer = await ask(join(folder, 'none.json'));
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ report: null });
});

test('a file of another form is a fault, and not shown as a report', async () => {
  const path = join(folder, 'other.json');
  writeFileSync(path, JSON.stringify({ version: 1, runs: [] }));
  expect((await ask(path)).status).toBe(500);
});
