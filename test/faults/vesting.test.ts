import { expect, test } from 'bun:test';
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '../../src/base/random.ts';
import { usd } from '../world/plans.ts';
import { openVestingWorld } from '../world/vesting.ts';

const KILLS = 8;
const LIFE_MS_MAX = 400;
const TIMEOUT_MS = 120_000;
const CHILD = join(import.meta.dirname, 'vesting-child.ts');
const TICKS = 3;

/** Kills a process that changes who is given what all the time, at any moment. */
async function live(dataDir: string): Promise<void> {
  const child = spawn(process.execPath, [CHILD, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const ready = new Promise((resolve) => child.stdout.once('data', () => resolve('ready')));
  expect(await Promise.race([ready, ended])).toBe('ready');
  await new Promise((resolve) => setTimeout(resolve, 20 + systemRandom.unit() * LIFE_MS_MAX));
  child.kill('SIGKILL');
  await ended;
}

type Tables = { fraud_vesting: { account_id: string; given: number; unsettled: number } };

test(
  `${KILLS} kills leave no envelope with more than one free tier, and nothing given twice`,
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'candor-vesting-kill-'));
    for (let kill = 0; kill < KILLS; kill++) await live(dataDir);
    const world = await openVestingWorld((rules) => rules, dataDir);
    // What a service does every minute: a take-back that was begun is ended, though its reason is gone.
    await world.plans.revocations.sweep();
    // Who was linked is not kept by this test, so every group of the last process is split now, and nobody told of it.
    for (let tick = 0; tick < TICKS; tick++) await world.vesting.tick();
    const rows = await world.plans.storage.reader
      .withTables<Tables>()
      .selectFrom('fraud_vesting')
      .select(['account_id', 'given', 'unsettled'])
      .execute();
    expect(rows.length).toBeGreaterThan(KILLS);
    expect(rows.filter(({ unsettled }) => unsettled === 1)).toEqual([]);
    expect(rows.filter(({ given }) => BigInt(given) > usd('20'))).toEqual([]);
    expect(await world.plans.audit()).toEqual([]);
    expect(await world.plans.total()).toBe(0n);
    await world.close();
  },
  TIMEOUT_MS,
);
