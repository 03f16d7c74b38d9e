import type { Clock } from '../../base/clock.ts';
import { sum } from '../../base/money.ts';
import { createLanes, type VestingCredit } from '../../ledger/index.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { Linkage } from '../linkage.ts';
import type { BreakerFigures, Rung, Shown, Vesting } from '../vesting.ts';
import { DAY_MS, newAccount, withProof } from './account.ts';
import { type BookingDeps, change, follow, settle } from './booking.ts';
import { type BreakerWatch, createBreakerWatch } from './breaker-watch.ts';
import { entryFor } from './entry.ts';
import { loadOperator, withOthers } from './operators.ts';
import type { VestingRules } from './rules.ts';
import { softNeighbours } from './soft.ts';
import {
  countCohorts,
  insertAccount,
  insertToken,
  markUnsettled,
  pruneCohorts,
  readAccounts,
  raiseTier,
  readCohortEntries,
  readPayers,
  readPrincipals,
  readSanctioned,
  readWaiting,
  type Waiting,
} from './store.ts';
import { createUsageCounts, type UsageCounts } from './usage.ts';
import { toState } from './view.ts';

export interface VestingDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly credit: VestingCredit;
  readonly rules: VestingRules;
  readonly linkage: Pick<Linkage, 'operatorOf' | 'linksOf'>;
  /** Resolves once linkage knows who is behind whom: before, nothing is decided. It may be asked at once where left out. */
  readonly linkageReady?: Promise<unknown>;
  /** What its sign-up showed. Cohorts are such as a mail domain or a network; those that many share by nature are left out. */
  readonly entryOf: (accountId: string) => { readonly disposable: boolean; readonly cohorts: readonly string[] };
  /** From memory. */
  readonly onPaidPlan: (accountId: string) => boolean;
  readonly onBreaker: (figures: BreakerFigures) => void;
}

/** What the parts below work with. */
interface Vested extends VestingDeps {
  readonly booking: BookingDeps;
  readonly usage: UsageCounts;
  readonly breaker: BreakerWatch;
  /** Accounts that spent money of their own. */
  readonly payers: Set<string>;
  /** Runs what belongs to the operator of an account in turn with the rest of that operator. */
  inOperator<Value>(accountId: string, work: () => Promise<Value>): Promise<Value>;
}

export async function createVesting(deps: VestingDeps): Promise<Vesting> {
  const { storage, clock, rules, linkage, linkageReady = Promise.resolve() } = deps;
  let mayAsk = false;
  linkageReady.then(
    () => (mayAsk = true),
    () => undefined,
  );
  await storage.writer.write([raiseTier(sum(rules.tranches))]);
  const breaker = await createBreakerWatch({ storage, clock, rules, onTurned: deps.onBreaker });
  const usage = createUsageCounts(storage, rules);
  const vested: Vested = {
    ...deps,
    usage,
    breaker,
    booking: { ...deps, ...storage, breakerOpen: breaker.isOpen },
    payers: new Set(await readPayers(storage.reader)),
    inOperator: operatorLanes(linkage, linkageReady),
  };
  const sweep = createSweep(vested);
  const settled = (accountId: string) => vested.inOperator(accountId, () => settle(accountId, vested.booking));

  return {
    began: (accountId) => vested.inOperator(accountId, () => begin(accountId, vested)),
    proved: (accountId, rung, shown) => vested.inOperator(accountId, () => prove(accountId, rung, shown, vested)),
    used(accountId, { atMs, flagged }) {
      usage.count(accountId, { atMs, requests: 1, flagged: flagged ? 1 : 0, free: 0n, paid: 0n });
    },
    spent: (accountId, spent) => countSpent(accountId, spent, vested),
    operatorsChanged: async (accounts) => {
      await linkageReady;
      await followChange(accounts, vested);
    },
    clawBack: (accountId, reason) =>
      vested.inOperator(accountId, async () => {
        const sanction = { sanctionedAtMs: clock.wallMs(), sanctionReason: reason, unsettled: true };
        if (!(await change(accountId, vested.booking, (before) => ({ ...before, ...sanction })))) return;
        await follow(accountId, vested.booking);
      }),
    restore: (accountId) =>
      vested.inOperator(accountId, async () => {
        const lifted = { sanctionedAtMs: null, sanctionReason: null };
        if (await change(accountId, vested.booking, (before) => ({ ...before, ...lifted }))) {
          await settle(accountId, vested.booking);
        }
      }),
    sanctioned: () => readSanctioned(storage.reader),
    stateOf: async (accountId) => {
      await linkageReady;
      return readState(accountId, vested);
    },
    async tick() {
      await usage.keep();
      await breaker.keep();
      usage.forget(clock.wallMs());
      return { released: mayAsk ? await sweep(settled) : 0 };
    },
    headroom: usage.headroom,
    waitMs: usage.waitMs,
    breaker: breaker.figures,
    pin: breaker.pin,
    async close() {
      await usage.keep();
      await breaker.keep();
    },
  };
}

/** One lane for each operator; who changed operators while they waited goes to the end of the other lane. */
function operatorLanes(linkage: Pick<Linkage, 'operatorOf'>, ready: Promise<unknown>): Vested['inOperator'] {
  const inLane = createLanes();
  return async function inOperator<Value>(accountId: string, work: () => Promise<Value>): Promise<Value> {
    await ready;
    for (;;) {
      const operatorId = linkage.operatorOf(accountId).id;
      const done = await inLane(operatorId, async () =>
        linkage.operatorOf(accountId).id === operatorId ? { value: await work() } : null,
      );
      if (done !== null) return done.value;
    }
  };
}

async function begin(accountId: string, vested: Vested): Promise<void> {
  const { storage, clock, rules, linkage, credit } = vested;
  const [known] = await readAccounts(storage.reader, [accountId]);
  if (known === undefined) {
    const now = clock.wallMs();
    const day = Math.floor(now / DAY_MS);
    const { disposable, cohorts } = vested.entryOf(accountId);
    const softly = await readAccounts(storage.reader, softNeighbours(accountId, linkage).slice(0, SOFT_LOOKED_AT));
    const cohortEntries = await readCohortEntries(storage.reader, day, cohorts);
    const entry = entryFor({ disposable, softlyLinked: softly.length > 0, cohortEntries }, rules);
    const oldest = await loadOperator(accountId, now, false, vested.booking);
    const principalId = oldest?.stored[0]?.accountId ?? accountId;
    const made = { ...newAccount(accountId, now, entry), principalId };
    const row = { ...made, version: 0, unsettled: false, waits: false, sanctionReason: null };
    const unit = [insertAccount(row), credit.begin(accountId), ...countCohorts(day, cohorts)];
    // Refused for an account that was promised sign-up credit by hand: it keeps that one.
    await storage.writer.write(unit);
  }
  await settle(accountId, vested.booking);
}

/** One earlier neighbour is enough to know. */
const SOFT_LOOKED_AT = 20;

async function prove(accountId: string, rung: Rung, shown: Shown | undefined, vested: Vested): Promise<void> {
  const kind = rung === 'card' && shown?.prepaid === true ? 'card_prepaid' : rung;
  const token = shown?.token ?? null;
  const proof = { kind, token, atMs: vested.clock.wallMs() } as const;
  const also = token === null ? [] : [insertToken(token, accountId)];
  const known = await change(accountId, vested.booking, (before) => ({ ...before, ...withProof(before, proof) }), also);
  if (known) await settle(accountId, vested.booking);
}

function countSpent(
  accountId: string,
  { atMs, signup, paid }: Parameters<Vesting['spent']>[1],
  { usage, payers, breaker }: Vested,
): void {
  usage.count(accountId, { atMs, requests: 0, flagged: 0, free: signup, paid });
  if (paid > 0n) payers.add(accountId);
  if (signup > 0n && !payers.has(accountId)) breaker.burned(atMs, signup);
}

/** Follows those that have another principal now; the others of their operators only hear what is left for them. */
async function followChange(accounts: readonly string[], vested: Vested): Promise<void> {
  const { storage, booking } = vested;
  const rows = await readAccounts(storage.reader, accounts);
  const { moved, principals } = await findMoved(rows, vested);
  for (const statement of markUnsettled(moved)) await storage.writer.write([statement]);
  for (const accountId of moved) await followOne(accountId, vested);
  for (const principalId of principals) {
    await vested.inOperator(principalId, () => settle(principalId, booking));
  }
}

async function followOne(accountId: string, vested: Vested): Promise<number> {
  return vested.inOperator(accountId, async () => {
    await follow(accountId, vested.booking);
    return settle(accountId, vested.booking);
  });
}

async function readState(accountId: string, { booking, linkage, clock, credit, rules, usage, breaker }: Vested) {
  const now = clock.wallMs();
  const known = await loadOperator(accountId, now, breaker.isOpen(), booking);
  const account = known?.stored.find((one) => one.accountId === accountId);
  if (known === null || account === undefined) return null;
  const loaded = await withOthers(accountId, known, booking);
  const { id, accounts } = linkage.operatorOf(accountId);
  const { grants } = await credit.standing(accountId);
  const headroom = usage.headroom(accountId, now);
  return toState({ account, view: loaded.view, operatorId: id, accounts, releases: grants, headroom }, rules);
}

/** Those of these accounts that have another principal now, and the principals of all of them. */
async function findMoved(
  rows: readonly { readonly accountId: string; readonly principalId: string }[],
  vested: Vested,
): Promise<{ readonly moved: readonly string[]; readonly principals: ReadonlySet<string> }> {
  const byOperator = new Map<string, string>();
  const moved: string[] = [];
  for (const { accountId, principalId } of rows) {
    const { id, accounts } = vested.linkage.operatorOf(accountId);
    let now = byOperator.get(id);
    if (now === undefined) {
      now = (accounts.length === 1 ? null : await principalOf(accountId, vested)) ?? accountId;
      byOperator.set(id, now);
    }
    if (now !== principalId) moved.push(accountId);
  }
  return { moved, principals: new Set(byOperator.values()) };
}

async function principalOf(accountId: string, { booking, clock }: Vested): Promise<string | null> {
  const loaded = await loadOperator(accountId, clock.wallMs(), false, booking);
  return loaded?.stored[0]?.accountId ?? null;
}

/** Accounts looked at in one run of each kind, so that a job that is told to stop does so soon. */
const SWEEP_MAX = 500;
const PRINCIPALS_MAX = 5_000;

/** Whatever waits for time to pass, or was left undone. Resolves with how many releases came of it. */
function createSweep(vested: Vested) {
  const { storage, clock } = vested;
  let principalsAfter = '';

  /** Changes of operators that were never told here, as when the process ended in between. */
  async function markMoved(): Promise<void> {
    const rows = await readPrincipals(storage.reader, principalsAfter, PRINCIPALS_MAX);
    principalsAfter = rows.length < PRINCIPALS_MAX ? '' : (rows.at(-1)?.accountId ?? '');
    const { moved } = await findMoved(rows, vested);
    for (const statement of markUnsettled(moved)) await storage.writer.write([statement]);
  }

  async function each(which: Waiting, work: (accountId: string) => Promise<number>): Promise<number> {
    let released = 0;
    for (const accountId of await readWaiting(storage.reader, which, '', SWEEP_MAX)) released += await work(accountId);
    return released;
  }

  return async function sweep(settled: (accountId: string) => Promise<number>): Promise<number> {
    const today = Math.floor(clock.wallMs() / DAY_MS);
    await markMoved();
    let released = await each('unsettled', (accountId) => followOne(accountId, vested));
    released += await each({ dayBefore: today }, settled);
    if (!vested.breaker.isOpen()) released += await each('waits', settled);
    await storage.writer.write([pruneCohorts(today - 1, SWEEP_MAX)]);
    return released;
  };
}
