/** What is decided for each unit and how long it is felt, by the published ladder, in virtual time. */
import { covers, isStop, lengthOf, lowered, replaces } from '../../../../src/enforcement/sanctions/ladder.ts';
import type { Proposal } from '../../../../src/enforcement/judgement.ts';
import type { Step } from '../../../../src/enforcement/step.ts';
import { type Owner, type Unit, unitKey } from '../../../../src/enforcement/unit.ts';

export interface Felt {
  readonly unit: Unit;
  readonly key: string;
  readonly step: Step;
  readonly atMs: number;
  untilMs: number;
  readonly by: 'ladder' | 'people';
  readonly proposal: Proposal;
  ended: 'lifted' | 'reversed' | 'replaced' | null;
}

export interface Follower {
  /** Null where as much or more is in force. */
  impose(proposal: Proposal, step: Step, by: Felt['by'], atMs: number): Felt | null;
  /** Until when everything of this owner is refused; null where nothing is. */
  blockedUntil(owner: Owner, atMs: number): number | null;
  end(felt: Felt, how: 'lifted' | 'reversed', atMs: number): void;
  /** Everything that was ever felt, in order. */
  readonly all: readonly Felt[];
}

export type OperatorOf = (accountId: string) => string;

/** `isFirm`: whether links hold an account together with others firmly enough to be stopped with them without a person. */
export function createFollower(
  operatorOf: OperatorOf = (accountId) => accountId,
  isFirm: (accountId: string) => boolean = () => true,
): Follower {
  const all: Felt[] = [];
  const byUnit = new Map<string, Felt[]>();
  const operators: Felt[] = [];

  function inForce(felt: Felt, atMs: number): boolean {
    return felt.ended === null && felt.untilMs > atMs;
  }

  /** Null is for good. */
  function endOf({ unit, severity }: Proposal, step: Step, before: readonly Felt[], atMs: number): number {
    const coolOffs = before.filter((felt) => felt.step === 'cool_off' && felt.ended !== 'reversed').length;
    const felt = unit.kind === 'operator' ? lowered(step) : step;
    const length = lengthOf(felt, severity, coolOffs);
    return length === null ? Number.POSITIVE_INFINITY : atMs + length;
  }

  function untilOf(key: string, atMs: number): number | null {
    let until: number | null = null;
    for (const felt of byUnit.get(key) ?? [])
      if (isStop(felt.step, felt.unit, null) && inForce(felt, atMs)) until = Math.max(until ?? 0, felt.untilMs);
    return until;
  }

  return {
    all,
    impose(proposal, step, by, atMs) {
      const key = unitKey(proposal.unit);
      const before = byUnit.get(key) ?? [];
      for (const felt of before) {
        if (!inForce(felt, atMs)) continue;
        if (covers(felt.step, step)) return null;
        if (replaces(step, felt.step)) felt.ended = 'replaced';
      }
      const untilMs = endOf(proposal, step, before, atMs);
      const felt: Felt = { unit: proposal.unit, key, step, atMs, untilMs, by, proposal, ended: null };
      byUnit.set(key, [...before, felt]);
      if (proposal.unit.kind === 'operator') operators.push(felt);
      all.push(felt);
      return felt;
    },
    blockedUntil(owner, atMs) {
      const { accountId, keyId, app, endUser } = owner;
      if (byUnit.size === 0) return null;
      const found = [untilOf(`${accountId} account`, atMs)];
      if (keyId !== null) found.push(untilOf(`${accountId} key ${keyId}`, atMs));
      if (app !== null) found.push(untilOf(`${accountId} app ${app}`, atMs));
      if (endUser !== null) found.push(untilOf(`${accountId} end_user ${endUser}`, atMs));
      if (operators.length > 0 && isFirm(accountId)) {
        const mine = operatorOf(accountId);
        for (const felt of operators)
          if (isStop(felt.step, felt.unit, null) && inForce(felt, atMs) && operatorOf(felt.unit.accountId) === mine)
            found.push(felt.untilMs);
      }
      const until = Math.max(0, ...found.map((one) => one ?? 0));
      return until === 0 ? null : until;
    },
    end(felt, how, atMs) {
      if (felt.ended !== null) return;
      felt.ended = how;
      felt.untilMs = Math.min(felt.untilMs, atMs);
    },
  };
}
