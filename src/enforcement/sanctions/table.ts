import type { Clock } from '../../base/clock.ts';
import type { Effects, Sanction } from '../sanction.ts';
import { rankOf } from '../step.ts';
import { type Unit, unitKey } from '../unit.ts';
import { effectsOfStep } from './ladder.ts';

/** A sanction with what only this folder needs to know of it. */
export interface HeldSanction extends Sanction {
  /** The operator it was imposed on as a whole; null where it was this unit alone. */
  readonly operatorId: string | null;
  /** When it came to be felt; null while that is to come. */
  readonly appliedAtMs: number | null;
}

type AskingKey = { readonly id: string; readonly accountId: string; readonly app: string | null };

/** Sanctions that hold or are about to, in memory: asked on the path of every request. */
export interface SanctionTable {
  put(sanction: HeldSanction): void;
  take(id: string): void;
  get(id: string): HeldSanction | null;
  /** Those that hold now or will, not ended, the gravest first. */
  of(unit: Unit): readonly HeldSanction[];
  effectsOf(key: AskingKey, endUser: string | null): Effects | null;
  all(): Iterable<HeldSanction>;
  /** Forgets those whose time is over; nothing depends on when. */
  prune(): void;
  /** Cool-offs of a unit that were not reversed, this process's and earlier ones. */
  coolOffs(unit: Unit): number;
  addCoolOffs(key: string, count: number): void;
}

export function createSanctionTable(clock: Clock): SanctionTable {
  const byId = new Map<string, HeldSanction>();
  const byUnit = new Map<string, readonly HeldSanction[]>();
  const byOperator = new Map<string, Set<string>>();
  /** How many are held of an account and all that belongs to it. */
  const ofAccount = new Map<string, number>();

  function put(sanction: HeldSanction): void {
    take(sanction.id);
    byId.set(sanction.id, sanction);
    const key = unitKey(sanction.unit);
    byUnit.set(key, [...(byUnit.get(key) ?? []), sanction].sort(byGravity));
    const { accountId } = sanction.unit;
    ofAccount.set(accountId, (ofAccount.get(accountId) ?? 0) + 1);
    const { operatorId } = sanction;
    if (operatorId !== null) byOperator.set(operatorId, (byOperator.get(operatorId) ?? new Set()).add(sanction.id));
  }

  function take(id: string): void {
    const sanction = byId.get(id);
    if (sanction === undefined) return;
    byId.delete(id);
    const key = unitKey(sanction.unit);
    const others = (byUnit.get(key) ?? []).filter((one) => one.id !== id);
    if (others.length === 0) byUnit.delete(key);
    else byUnit.set(key, others);
    const { accountId } = sanction.unit;
    const left = (ofAccount.get(accountId) ?? 1) - 1;
    if (left === 0) ofAccount.delete(accountId);
    else ofAccount.set(accountId, left);
    if (sanction.operatorId === null) return;
    const linked = byOperator.get(sanction.operatorId);
    linked?.delete(id);
    if (linked?.size === 0) byOperator.delete(sanction.operatorId);
  }

  function of(unit: Unit): readonly HeldSanction[] {
    const nowMs = clock.wallMs();
    const held =
      unit.kind === 'operator'
        ? [...(byOperator.get(unit.accountId) ?? [])].flatMap((id) => byId.get(id) ?? []).sort(byGravity)
        : (byUnit.get(unitKey(unit)) ?? []);
    return held.filter((one) => !isOver(one, nowMs));
  }

  return {
    put,
    take,
    of,
    get: (id) => byId.get(id) ?? null,
    effectsOf(key, endUser) {
      // Almost nobody is sanctioned: this is all that a request of anybody else costs.
      if (!ofAccount.has(key.accountId)) return null;
      const { id: keyId, accountId, app } = key;
      const found = [
        byUnit.get(unitKey({ kind: 'account', accountId })),
        app === null ? undefined : byUnit.get(unitKey({ kind: 'app', accountId, app })),
        byUnit.get(unitKey({ kind: 'key', accountId, keyId })),
        endUser === null ? undefined : byUnit.get(unitKey({ kind: 'end_user', accountId, endUser })),
      ].flatMap((held) => held ?? []);
      return mergeEffects(found, clock.wallMs());
    },
    all: () => byId.values(),
    prune() {
      const nowMs = clock.wallMs();
      for (const one of byId.values()) if (isOver(one, nowMs)) take(one.id);
    },
    ...createCoolOffs(),
  };
}

function createCoolOffs(): Pick<SanctionTable, 'coolOffs' | 'addCoolOffs'> {
  const counts = new Map<string, number>();
  return {
    coolOffs: (unit) => counts.get(unitKey(unit)) ?? 0,
    addCoolOffs(key, count) {
      const sum = (counts.get(key) ?? 0) + count;
      if (sum <= 0) counts.delete(key);
      else counts.set(key, sum);
    },
  };
}

function isOver({ untilMs }: HeldSanction, nowMs: number): boolean {
  return untilMs !== null && untilMs <= nowMs;
}

/** Felt now, as the clock says; nothing has to run for it to begin or to end. */
export function isFelt(one: Pick<Sanction, 'startMs' | 'untilMs' | 'ended'>, nowMs: number): boolean {
  return one.ended === null && one.startMs <= nowMs && (one.untilMs === null || one.untilMs > nowMs);
}

function byGravity(a: HeldSanction, b: HeldSanction): number {
  return rankOf(b.step) - rankOf(a.step);
}

/** The strictest of all that hold now; the decision is that of the gravest. */
function mergeEffects(held: readonly HeldSanction[], nowMs: number): Effects | null {
  const felt = held.filter((one) => isFelt(one, nowMs) && effectsOfStep(one) !== null).sort(byGravity);
  const [gravest] = felt;
  if (gravest === undefined) return null;
  const effects = felt.flatMap((one) => effectsOfStep(one) ?? []);
  return {
    friction: effects.some((one) => one.friction),
    ratePercent: Math.min(...effects.map((one) => one.ratePercent)),
    smallModelsOnly: effects.some((one) => one.smallModelsOnly),
    withoutModels: [...new Set(effects.flatMap((one) => one.withoutModels))],
    withoutTools: effects.some((one) => one.withoutTools),
    decisionId: gravest.decisionId,
  };
}
