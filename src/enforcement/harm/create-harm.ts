import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import type { Random } from '../../base/random.ts';
import type { ControlHono } from '../../http/control.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { Cases } from '../cases/cases.ts';
import type { Conduct } from '../conduct.ts';
import type { Step } from '../step.ts';
import type { HarmEstimate } from './estimate.ts';
import {
  type ActiveCount,
  type AuditOpening,
  type Cause,
  type Cohorts,
  harmClassOf,
  type HarmItem,
  type HarmPause,
  type HarmPolicy,
} from './harm.ts';
import { harmRoutes } from './routes.ts';
import { type HarmState, round, showHarm, whyOf } from './round.ts';
import { eraseAccountHarm, putItem, putPause, readItems, readPauses } from './store.ts';

export interface HarmDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly mintId: MintId;
  readonly policy: HarmPolicy;
  readonly cases: Pick<Cases, 'open' | 'get'>;
  /** From memory. */
  cohortsOf(accountId: string): Cohorts;
  /** Accounts with a request in the last `days` days, by cohort; `all` among them. */
  activeBy(days: number): Promise<readonly ActiveCount[]>;
  /** What a person needs to judge it; null where nothing is left to judge by. */
  describe(accountId: string, sanctionId: string | null): Promise<AuditOpening | null>;
  pauseRule(name: string, why: string): Promise<void>;
  /** Steps above a warning of this conduct wait for a person from now on, and again after each start. */
  pauseAutomatic(conduct: Conduct, why: string): Promise<void>;
  resumeAutomatic(conduct: Conduct): Promise<void>;
  alert(message: HarmAlert): void;
}

export interface HarmAlert {
  readonly cohort: string;
  readonly upperPer10k: number;
  readonly limitPer10k: number;
  /** What was paused: `rule burst`, `conduct hate`; empty where people alone did it. */
  readonly paused: readonly string[];
}

export interface SanctionedAccount {
  readonly sanctionId: string;
  readonly accountId: string;
  readonly step: Step;
  readonly atMs: number;
  /** Null where people decided it. */
  readonly cause: Cause;
}

/** What is due of the budget, for whoever shows it. */
export interface HarmShown {
  readonly atMs: number;
  readonly estimates: readonly HarmEstimate[];
  readonly pauses: readonly HarmPause[];
  /** Audits nobody has settled yet. */
  readonly waiting: number;
}

export interface HarmBudget {
  /** A sanction came into force; told again, it is known already. */
  sanctioned(what: SanctionedAccount): Promise<void>;
  /** An account has an incident and no sanction; once in the time reckoned. */
  unsanctioned(accountId: string): Promise<void>;
  appealed(sanctionId: string, state: 'open' | 'upheld' | 'overturned'): Promise<void>;
  /** Draws, looks what audits found, reckons, and pauses what hurts too many; to be called every few minutes. */
  tick(): Promise<void>;
  shown(): Promise<HarmShown>;
  /** Null for a pause that is not there or is lifted already. */
  lift(pauseId: string, by: string, reason: string): Promise<HarmPause | null>;
  erase(accountId: string): Promise<void>;
  readonly routes: ControlHono;
}

const DAY_MS = 86_400_000;
/** Of the time reckoned, in memory; the oldest are left out beyond. */
const HARM_ITEMS_MAX = 100_000;

/** Reads what the time reckoned holds into memory, and pauses again what was paused. */
export async function createHarm(deps: HarmDeps): Promise<HarmBudget> {
  const { storage, clock, mintId, policy } = deps;
  const { reader, writer } = storage;
  const sinceMs = clock.wallMs() - policy.days * DAY_MS;
  const items = new Map((await readItems(reader, sinceMs, HARM_ITEMS_MAX)).map((item) => [item.id, item]));
  const pauses = new Map((await readPauses(reader)).map((pause) => [pause.id, pause]));
  const bySanction = new Map<string, string>();
  for (const { id, sanction } of items.values()) if (sanction !== null) bySanction.set(sanction.id, id);
  for (const pause of pauses.values()) {
    if (pause.lifted === null && pause.what === 'conduct')
      await deps.pauseAutomatic(pause.name as Conduct, whyOf(pause));
  }

  const state: HarmState = {
    deps,
    items,
    bySanction,
    accounts: new Set([...items.values()].map(({ accountId }) => accountId)),
    pauses,
    async keep(...changed) {
      if (changed.length === 0) return;
      for (const item of changed) {
        items.set(item.id, item);
        state.accounts.add(item.accountId);
        if (item.sanction !== null) bySanction.set(item.sanction.id, item.id);
      }
      const outcome = await writer.write(changed.map(putItem));
      assert(outcome.ok, 'what the harm budget keeps was refused');
    },
  };
  const add = (accountId: string, atMs: number, sanction: HarmItem['sanction']) => {
    const cohorts = deps.cohortsOf(accountId);
    const id = mintId('hrm');
    return state.keep({ id, accountId, atMs, cohorts, sanction, draw: null, passed: false, finding: null });
  };
  const shared = {
    shown: () => showHarm(state),
    lift: (pauseId: string, by: string, reason: string) => lift(state, pauseId, by, reason),
  };
  return {
    ...shared,
    async sanctioned({ sanctionId, accountId, step, atMs, cause }) {
      const harm = harmClassOf(step);
      if (harm === null || bySanction.has(sanctionId) || items.size >= HARM_ITEMS_MAX) return;
      await add(accountId, atMs, { id: sanctionId, harm, cause, appeal: 'none' });
    },
    async unsanctioned(accountId) {
      if (!state.accounts.has(accountId) && items.size < HARM_ITEMS_MAX) await add(accountId, clock.wallMs(), null);
    },
    appealed: (sanctionId, appeal) => appealed(state, sanctionId, appeal),
    tick: () => round(state),
    async erase(accountId) {
      for (const item of items.values()) if (item.accountId === accountId) items.delete(item.id);
      await writer.write([eraseAccountHarm(accountId)]);
    },
    routes: harmRoutes(shared, policy),
  };
}

/** The answer to an appeal is a finding, and goes before that of an audit. */
async function appealed(
  { deps, items, bySanction, keep }: HarmState,
  sanctionId: string,
  appeal: 'open' | 'upheld' | 'overturned',
): Promise<void> {
  const item = items.get(bySanction.get(sanctionId) ?? '');
  if (item === undefined || item.sanction === null) return;
  const outcome = appeal === 'overturned' ? 'harmless' : 'abuse';
  const finding = appeal === 'open' ? item.finding : ({ outcome, atMs: deps.clock.wallMs() } as const);
  await keep({ ...item, sanction: { ...item.sanction, appeal }, finding });
}

async function lift({ deps, pauses }: HarmState, id: string, by: string, reason: string): Promise<HarmPause | null> {
  const pause = pauses.get(id);
  if (pause === undefined || pause.lifted !== null) return null;
  const lifted = { ...pause, lifted: { atMs: deps.clock.wallMs(), by, reason } };
  pauses.set(id, lifted);
  await deps.storage.writer.write([putPause(lifted)]);
  if (pause.what === 'conduct') await deps.resumeAutomatic(pause.name as Conduct);
  return lifted;
}
