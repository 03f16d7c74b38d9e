import { expect } from 'bun:test';
import { formatUsd } from '../../src/base/money.ts';
import { auditDatabase } from '../../src/app/audit.ts';
import type { Load } from './load.ts';
import { type Recount, recount } from './recount.ts';
import { eventsWith } from './records.ts';
import type { Site } from './site.ts';

/** What the rounds of one kind of fault came to. */
export interface Figures {
  acknowledged: number;
  completed: number;
  refused: number;
  failed: number;
  aborted: number;
  /** Requests that a start closed and told of. */
  greeted: number;
  /** Requests that were charged, and what their accounts paid, nano-dollars. */
  charged: number;
  debited: bigint;
}

/** For the line each kind of fault prints; every proof before it held, so nothing was lost and nothing drifted. */
export function tellFigures({ acknowledged, charged, debited }: Figures): string {
  return `${acknowledged} acknowledged, 0 lost; ${charged} charged ${formatUsd(debited)} USD, drift 0`;
}

export function noFigures(): Figures {
  return { acknowledged: 0, completed: 0, refused: 0, failed: 0, aborted: 0, greeted: 0, charged: 0, debited: 0n };
}

const EXPECTED_STATUSES: readonly number[] = [200, 400, 401, 404];

function outcomeOf(status: number): 'completed' | 'refused' | 'failed' {
  if (status === 200) return 'completed';
  return status < 500 ? 'refused' : 'failed';
}

export interface ProofOptions {
  /** Statuses the fault may cause. */
  readonly failures?: readonly number[];
  /** The process goes on: what callers left is still being closed, and what a fault left open waits for the next start. */
  readonly living?: boolean;
}

/** What the last proof of a site counted, so that the next adds what is new. */
const provedOn = new WeakMap<Site, Recount>();
const LOOKS_MAX = 1_000;
const LOOK_MS = 10;

/** Compares what the callers of one round saw with what the folder holds after the restart, or beside the process. */
export async function proveRound(site: Site, load: Load, figures: Figures, options: ProofOptions = {}): Promise<void> {
  const { failures = [], living = false } = options;
  const { dataDir } = site.place;
  const asked = new Set(site.asked());
  const seen = [...new Set([...load.seen, ...asked])];
  let events = await eventsWith(dataDir, seen);
  for (let look = 0; living && look < LOOKS_MAX && events.size < seen.length; look++) {
    await Bun.sleep(LOOK_MS);
    events = await eventsWith(dataDir, seen);
  }
  for (const { id, status } of load.acknowledged) {
    expect([...EXPECTED_STATUSES, ...failures]).toContain(status);
    const outcome = outcomeOf(status);
    expect({ id, event: events.get(id) ?? 'lost' }).toEqual({ id, event: { id, status, outcome } });
    figures[outcome]++;
  }
  // Whoever saw a head, of whatever came after it, has a record too; and so has whatever an upstream was asked.
  expect(seen.filter((id) => !events.has(id))).toEqual([]);
  expect(new Set(load.acknowledged.map(({ id }) => id)).size).toBe(load.acknowledged.length);
  expect(load.notRepeated).toEqual([]);
  const audit = await auditDatabase(dataDir);
  expect(audit.findings).toEqual([]);
  if (!living) expect(audit).toMatchObject({ clean: true, checked: { openRequests: 0 } });
  const books = await recount(dataDir, site.account);
  expect(books.wrong).toEqual([]);
  if (!living) expect(books.holdsOpen).toBe(0);
  figures.charged += books.charged - (provedOn.get(site)?.charged ?? 0);
  figures.debited += books.debited - (provedOn.get(site)?.debited ?? 0n);
  provedOn.set(site, books);
  figures.acknowledged += load.acknowledged.length;
  figures.aborted += load.aborted();
}
