/** What rested on a decision that was wrong. */
import type { LostSpan } from '../../ledger/index.ts';
import type { Decision } from '../decision.ts';
import type { Sanction } from '../sanction.ts';
import type { RestitutionDeps } from './deps.ts';

/** Sanctions reached from one, so that a ring of references ends. */
const REACHED_MAX = 10_000;

/**
 * The sanction itself, those that followed from it, and those of the account that rest on nothing but incidents that were
 * none: ended ones too, so that the same is found however often it is asked.
 */
export async function findAffected(
  { sanctions, decisions }: Pick<RestitutionDeps, 'sanctions' | 'decisions'>,
  contested: Sanction,
  harmless: readonly string[],
): Promise<readonly Sanction[]> {
  const found = new Map([[contested.id, contested]]);
  const none = new Set(harmless);
  for (const sanction of await sanctions.ofAccount(contested.unit.accountId)) {
    const decision = await decisions.get(sanction.decisionId);
    if (decision !== null && restsOnNothingBut(decision, none)) found.set(sanction.id, sanction);
  }
  const waiting = [...found.keys()];
  for (let id = waiting.shift(); id !== undefined && found.size < REACHED_MAX; id = waiting.shift()) {
    for (const follower of await sanctions.followers(id)) {
      if (found.has(follower.id)) continue;
      found.set(follower.id, follower);
      waiting.push(follower.id);
    }
  }
  return [...found.values()];
}

function restsOnNothingBut({ facts }: Decision, none: ReadonlySet<string>): boolean {
  return facts !== null && facts.incidents.length > 0 && facts.incidents.every((id) => none.has(id));
}

export function accountsOf(sanctions: readonly Sanction[]): string[] {
  return [...new Set(sanctions.map(({ unit }) => unit.accountId))];
}

/** Spans of time in which nothing of the account could be used because of these; they do not overlap, the earliest first. */
export async function lostTimeOf(
  accountId: string,
  sanctions: readonly Sanction[],
  { standing, clock }: Pick<RestitutionDeps, 'standing' | 'clock'>,
): Promise<LostSpan[]> {
  const stopIds = sanctions.filter(({ unit }) => unit.accountId === accountId).flatMap(({ stopId }) => stopId ?? []);
  const receipts = await Promise.all(stopIds.map((id) => standing.receipt(id)));
  const nowMs = clock.wallMs();
  const spans = receipts
    .flatMap((receipt) => (receipt?.stop.subject.kind === 'account' ? [receipt.stop] : []))
    .map(({ atMs, untilMs, lifted }) => ({
      fromMs: atMs,
      toMs: Math.min(nowMs, untilMs ?? nowMs, lifted?.atMs ?? nowMs),
    }))
    .filter(({ fromMs, toMs }) => toMs > fromMs)
    .sort((one, other) => one.fromMs - other.fromMs);
  return merge(spans);
}

function merge(spans: readonly LostSpan[]): LostSpan[] {
  const merged: LostSpan[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last === undefined || last.toMs < span.fromMs) merged.push(span);
    else merged[merged.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, span.toMs) };
  }
  return merged;
}
