import { afterAll, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectControl } from '../app/connect-control.ts';
import { withReports } from '../app/with-reports.ts';
import { runVerb } from '../../test/world/cli.ts';

const cwd = mkdtempSync(join(tmpdir(), 'candor-report-cli-'));
const dataDir = join(cwd, 'data');
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** Runs a line over one data folder that no service owns. */
function run(line: string) {
  const place = { cwd, nowMs: () => Date.now(), connect: connectControl, reports: withReports };
  return runVerb([...line.split(' '), '--data', dataDir], place);
}

const MONTH = new Date().toISOString().slice(0, 7);

async function giveCredit(): Promise<string> {
  const made = await run('account create --name ana --json');
  const { account_id: account } = JSON.parse(made.out) as { account_id: string };
  const given = await run(`credit grant --account ${account} --usd 1.5 --paid --reason paid --json`);
  expect(given.err).toBe('');
  return account;
}

test('reports of a folder are printed for people and machines, and written to files', async () => {
  const account = await giveCredit();
  const revenue = await run(`report revenue --month ${MONTH}`);
  expect(revenue.out).toMatch(/deferred_credit +1\.50 +balances at the end of all paid grants/);
  expect(revenue.out).toContain(`Revenue in ${MONTH}, which is not over`);
  const json = JSON.parse((await run(`report revenue --month ${MONTH} --json`)).out) as { figures: { name: string }[] };
  expect(json.figures.find(({ name }) => name === 'received')).toMatchObject({ amount_nano: '1500000000' });
  const statement = await run(`statement --account ${account} --month ${MONTH} --json`);
  expect(JSON.parse(statement.out)).toMatchObject({ opening_nano: '0', closing_nano: '1500000000' });
  const shown = await run(`statement --account ${account} --month ${MONTH}`);
  expect(shown.out).toContain('paid credit, manual: paid');
  const ahead = await run(`statement --account ${account} --month 2999-01`);
  expect(ahead.out).toStartWith(`Account ${account} in 2999-01, which has not begun; US dollars.`);
  const balance = await run('report trial-balance --json');
  expect(JSON.parse(balance.out)).toMatchObject({ sum_nano: '0' });
  expect((await run('report trial-balance --each')).out).toMatch(/grant:\S+ +1 +1\.50/);
  expect((await run(`report usage --month ${MONTH} --by app`)).out).toContain('APP');

  const file = join(cwd, 'transfers.csv');
  const written = await run('export transfers --csv transfers.csv');
  expect(written).toEqual({ code: 0, out: `1 rows are in ${file}.\n`, err: '' });
  expect(readFileSync(file, 'utf8')).toContain(',wash,grant:');
  expect((await run('export transfers --csv transfers.csv')).code).toBe(1);
  expect((await run('export transfers --csv transfers.csv --force')).code).toBe(0);
  for (const what of ['receipts', 'grants', 'payments']) {
    expect((await run(`export ${what} --parquet ${what}.parquet --json`)).err).toBe('');
    expect(existsSync(join(cwd, `${what}.parquet`))).toBe(true);
  }
  expect((await run(`statement --account ${account} --month ${MONTH} --csv s.csv --json`)).out).toContain('"rows":3');
});

test('what cannot be reported is refused in words', async () => {
  const wrong = async (line: string) => {
    const { code, err } = await run(line);
    return [code, err.split('\n')[0]];
  };
  expect(await wrong('report revenue --month 2026-13')).toEqual([2, expect.stringContaining('must be a month')]);
  expect(await wrong('report revenue')).toEqual([2, expect.stringContaining('--month')]);
  expect(await wrong('export everything --csv x.csv')).toEqual([2, expect.stringContaining('one of transfers')]);
  expect(await wrong('export grants')).toEqual([2, expect.stringContaining('--csv or --parquet')]);
  expect(await wrong('export grants --csv a --parquet b')).toEqual([2, expect.stringContaining('one file')]);
  expect(await wrong(`statement --account acct_none --month ${MONTH}`)).toEqual([
    1,
    expect.stringContaining('never had any credit'),
  ]);
});

test('a correction of a request nobody made, or of nothing, is refused', async () => {
  const unknown = await run('ledger correct --request req_1 --usd -0.01 --reason late --json');
  expect([unknown.code, JSON.parse(unknown.out)]).toMatchObject([1, { error: { reason: 'request_not_found' } }]);
  expect((await run('ledger correct --request req_1 --usd 0 --reason late')).code).toBe(2);
});
