/** One round of the harm budget: what is drawn, what audits found, and what is paused for it. */
import { blamedFor } from './causes.ts';
import type { HarmDeps, HarmShown } from './create-harm.ts';
import { estimateHarm } from './estimate.ts';
import { cohortKey, type HarmItem, type HarmPause } from './harm.ts';
import { chancesOf } from './sampling.ts';
import { forgetItemsBefore, putPause } from './store.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** A finding may be undone for so long. */
const UNSETTLED_MS = 2 * DAY_MS;

export interface HarmState {
  readonly deps: HarmDeps;
  readonly items: Map<string, HarmItem>;
  readonly bySanction: Map<string, string>;
  /** Accounts of all items. */
  readonly accounts: Set<string>;
  readonly pauses: Map<string, HarmPause>;
  keep(...items: readonly HarmItem[]): Promise<void>;
}

export async function round(state: HarmState): Promise<void> {
  await forget(state);
  await drawSanctions(state);
  await drawUnsanctioned(state);
  await lookAtAudits(state);
  await pauseAbove(state);
}

async function forget({ deps, items, bySanction, accounts }: HarmState): Promise<void> {
  const beforeMs = deps.clock.wallMs() - deps.policy.days * DAY_MS;
  const old = [...items.values()].filter(({ atMs }) => atMs < beforeMs);
  for (const { id, sanction } of old) {
    items.delete(id);
    if (sanction !== null) bySanction.delete(sanction.id);
  }
  accounts.clear();
  for (const { accountId } of items.values()) accounts.add(accountId);
  if (old.length > 0) await deps.storage.writer.write([forgetItemsBefore(beforeMs)]);
}

/** Of what was not appealed in time, by chance. */
async function drawSanctions(state: HarmState): Promise<void> {
  const { deps, items } = state;
  const nowMs = deps.clock.wallMs();
  const waitedMs = nowMs - deps.policy.waitHours * HOUR_MS;
  const all = [...items.values()];
  const waiting = all.filter(
    ({ sanction, draw, passed, atMs }) => sanction?.appeal === 'none' && draw === null && !passed && atMs <= waitedMs,
  );
  const chances = chancesOf(waiting, all, deps.policy, nowMs);
  await drawEach(state, waiting, (item) => chances.get(item.id) ?? 1);
}

/** The most of a day, of those that wait; what is a day old and was not drawn is past. */
async function drawUnsanctioned(state: HarmState): Promise<void> {
  const { deps, items } = state;
  const nowMs = deps.clock.wallMs();
  const sanctioned = new Set<string>();
  for (const { accountId, sanction } of items.values()) if (sanction !== null) sanctioned.add(accountId);
  const all = [...items.values()].filter(({ sanction, accountId }) => sanction === null && !sanctioned.has(accountId));
  const waiting = all.filter(({ draw, passed, atMs }) => draw === null && !passed && atMs <= nowMs - DAY_MS);
  const today = all.filter(({ draw }) => draw !== null && draw.atMs > nowMs - DAY_MS).length;
  const left = Math.max(0, deps.policy.unsanctionedPerDay - today);
  const chance = Math.min(1, left / Math.max(1, waiting.length));
  await drawEach(state, waiting, () => chance);
}

async function drawEach(
  state: HarmState,
  waiting: readonly HarmItem[],
  chanceOf: (item: HarmItem) => number,
): Promise<void> {
  const { deps, keep } = state;
  const chosen = waiting.map((item) => {
    const chance = chanceOf(item);
    return { item, chance, isDrawn: deps.random.unit() < chance };
  });
  await keep(...chosen.filter(({ isDrawn }) => !isDrawn).map(({ item }) => ({ ...item, passed: true })));
  for (const { item, chance, isDrawn } of chosen) if (isDrawn) await drawOne(state, item, chance);
}

/** What nothing is left to judge by is not drawn. */
async function drawOne({ deps, keep }: HarmState, item: HarmItem, chance: number): Promise<void> {
  const described = await deps.describe(item.accountId, item.sanction?.id ?? null);
  const opened =
    described === null ? null : await deps.cases.open({ ...described, kind: 'audit', subjects: [`harm ${item.id}`] });
  if (opened?.ok !== true) return keep({ ...item, passed: true });
  await keep({ ...item, draw: { chance, atMs: deps.clock.wallMs(), caseId: opened.value.id } });
}

/** What people found; a finding that was undone is none. */
async function lookAtAudits({ deps, items, keep }: HarmState): Promise<void> {
  const nowMs = deps.clock.wallMs();
  const open = [...items.values()].filter(({ sanction, finding }) => {
    const isAnswered = sanction?.appeal === 'upheld' || sanction?.appeal === 'overturned';
    return !isAnswered && (finding === null || finding.atMs >= nowMs - UNSETTLED_MS);
  });
  for (const item of open) {
    const { draw, finding } = item;
    if (draw === null) continue;
    const one = await deps.cases.get(draw.caseId);
    const isDecided = one !== null && (one.state === 'decided' || one.state === 'closed');
    const said = isDecided ? (one.ruling?.outcome ?? null) : null;
    const outcome = said === null ? null : said === 'harmless' ? 'harmless' : 'abuse';
    if (outcome === (finding?.outcome ?? null)) continue;
    await keep({ ...item, finding: outcome === null ? null : { outcome, atMs: one?.ruling?.atMs ?? nowMs } });
  }
}

async function pauseAbove(state: HarmState): Promise<void> {
  const { deps, items, pauses } = state;
  const { estimates } = await showHarm(state);
  for (const { cohort, state: stands, upperPer10k, limitPer10k } of estimates) {
    if (stands !== 'above' || upperPer10k === null) continue;
    const blamed = blamedFor(cohort, [...items.values()], [...pauses.values()]);
    if (blamed.length === 0) continue;
    for (const { cause, n } of blamed) {
      const pause: HarmPause = {
        id: deps.mintId('hpz'),
        atMs: deps.clock.wallMs(),
        cohort,
        what: cause.what,
        name: cause.name,
        upperPer10k,
        limitPer10k,
        n,
        lifted: null,
      };
      pauses.set(pause.id, pause);
      await deps.storage.writer.write([putPause(pause)]);
      if (cause.what === 'rule') await deps.pauseRule(cause.name, whyOf(pause));
      else await deps.pauseAutomatic(cause.name, whyOf(pause));
    }
    const paused = blamed.map(({ cause }) => `${cause.what} ${cause.name}`);
    deps.alert({ cohort: cohortKey(cohort).trim(), upperPer10k, limitPer10k, paused });
  }
}

export async function showHarm({ deps, items, pauses }: HarmState): Promise<HarmShown> {
  const { policy, clock } = deps;
  const all = [...items.values()];
  const estimates = estimateHarm(all, await deps.activeBy(policy.days), policy);
  const waiting = all.filter(({ draw, finding }) => draw !== null && finding === null).length;
  return { atMs: clock.wallMs(), estimates, pauses: [...pauses.values()].reverse(), waiting };
}

export function whyOf({ cohort, upperPer10k, limitPer10k, n }: HarmPause): string {
  const found = `random audits and appeals found ${n} wrong in ${cohortKey(cohort).trim()}`;
  return `${found}: up to ${upperPer10k.toFixed(1)} of 10,000 harmed, above ${limitPer10k}`;
}
