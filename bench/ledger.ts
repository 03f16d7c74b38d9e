/** `npm run bench -- ledger`: requests a second through the books and the real writer, by how many run side by side. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../src/base/clock.ts';
import { systemRandom } from '../src/base/random.ts';
import { createLedger, type Ledger, ledgerBooks, type Step } from '../src/ledger/index.ts';
import { openStorage } from '../src/storage/sql/storage.ts';
import type { Writer } from '../src/storage/sql/writer.ts';
import { describeMachine } from './machine.ts';
import { ROOT } from './processes.ts';

const SIDE_BY_SIDE = [1, 8, 64, 256, 1_000];
const WARMUP_MS = 500;
const MEASURE_MS = 3_000;
const ACCOUNTS = 1_000;
const GIVEN = 1_000_000_000_000n;
const HELD = 50_000n;
const CHARGE = { price: 30_000n, rounding: 1n, cost: 20_000n } as const;

interface Books {
  readonly ledger: Ledger;
  readonly writer: Writer;
}

/** Prints one row for each number of requests side by side: each holds durably, then settles durably. */
export async function benchLedger(): Promise<void> {
  const machine = describeMachine(ROOT);
  console.log(`${machine.processor}, ${machine.cores} cores, commit ${machine.commit}, load ${machine.loadBefore}`);
  console.log('hold + settle, each one unit; synchronous = FULL; 5 transfers a request\n');
  console.log('| side by side | requests/s | units/s | p50 ms | p99 ms |\n| ---: | ---: | ---: | ---: | ---: |');
  for (const count of SIDE_BY_SIDE) {
    const { perSecond, times } = await withBooks((books) => measure(books, count));
    const row = [count, perSecond, perSecond * 2, shareOf(times, 0.5).toFixed(2), shareOf(times, 0.99).toFixed(2)];
    console.log(`| ${row.join(' | ')} |`);
  }
}

async function withBooks<Value>(work: (books: Books) => Promise<Value>): Promise<Value> {
  mkdirSync(join(ROOT, 'bench/.work'), { recursive: true });
  const dataDir = mkdtempSync(join(ROOT, 'bench/.work/ledger-'));
  const clock = systemClock;
  const onFatal = (fault: Error) => {
    throw fault;
  };
  const storage = await openStorage({ dataDir, migrations: [ledgerBooks], clock, random: systemRandom, onFatal });
  try {
    const ledger = createLedger({ storage, clock });
    await Promise.all(Array.from({ length: ACCOUNTS }, (_, at) => give(ledger, at)));
    return await work({ ledger, writer: storage.writer });
  } finally {
    await storage.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function give(ledger: Ledger, at: number) {
  const accountId = `acct_${at}`;
  return ledger.post({
    id: `grant_${at}:given`,
    kind: 'grant',
    accountId,
    transfers: [{ debit: 'wash', credit: `grant:grant_${at}`, amount: GIVEN }],
    grants: [
      {
        id: `grant_${at}`,
        accountId,
        kind: 'paid',
        source: 'manual',
        priority: 50,
        startsAtMs: 0,
        expiresAtMs: null,
        models: null,
        products: null,
        reason: 'bench',
        paymentId: null,
        createdAtMs: 0,
      },
    ],
    note: null,
  });
}

async function measure(books: Books, count: number): Promise<{ perSecond: number; times: number[] }> {
  const startMs = performance.now() + WARMUP_MS;
  const endMs = startMs + MEASURE_MS;
  const times: number[] = [];
  let next = 0;
  async function line(): Promise<void> {
    for (let nowMs = performance.now(); nowMs < endMs; ) {
      const beganMs = nowMs;
      await request(books, next++);
      nowMs = performance.now();
      if (beganMs >= startMs && nowMs <= endMs) times.push(nowMs - beganMs);
    }
  }
  await Promise.all(Array.from({ length: count }, line));
  return { perSecond: Math.round((times.length * 1_000) / MEASURE_MS), times };
}

async function request({ ledger, writer }: Books, at: number): Promise<void> {
  const order = { accountId: `acct_${at % ACCOUNTS}`, model: 'm', product: 'api', need: HELD, least: HELD, waitMs: 0 };
  const id = `req_${String(at).padStart(10, '0')}`;
  const held = await ledger.hold({ ...order, id, signal: new AbortController().signal });
  if (!held.ok) throw new Error(`the bench ran out of credit: ${held.refusal.reason}`);
  await keep(writer, held.value.open);
  await keep(writer, held.value.settle(CHARGE));
}

async function keep(writer: Writer, step: Step): Promise<void> {
  const outcome = await writer.write(step.statements);
  step.kept(outcome.ok);
  if (!outcome.ok) throw new Error(`the books refused a step: ${outcome.refusal.reason}`);
}

function shareOf(times: number[], share: number): number {
  times.sort((a, b) => a - b);
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
}
