/**
 * What is done commonly, as a measure beside every figure: a cap of sign-ups per address, and accounts put together that
 * share an address, a device, a card or a name. Both grant the whole credit at once.
 */
import type { SignupFacts } from '../../../../src/fraud/evidence.ts';
import type { System } from './system.ts';
import { createUnionFind, type UnionFind } from './union-find.ts';

const GRANT_USD = 20;
const ACCOUNTS_PER_ADDRESS = 3;
const WINDOW_MS = 24 * 3_600_000;

/** At most three sign-ups per address in 24 hours; what is over is refused, and those let in count as one. */
export function createPerAddressCap(): System {
  const recent = new Map<string, { readonly id: string; readonly atMs: number }[]>();
  const seen = (ip: string, atMs: number) => (recent.get(ip) ?? []).filter((one) => atMs - one.atMs < WINDOW_MS);
  return baseline('per_address_cap', {
    isFull: ({ ip, atMs }) => ip !== null && seen(ip, atMs).length >= ACCOUNTS_PER_ADDRESS,
    join({ ip, atMs, accountId }, sets) {
      if (ip === null) return;
      const accounts = [...seen(ip, atMs), { id: accountId, atMs }];
      recent.set(ip, accounts);
      if (accounts.length >= ACCOUNTS_PER_ADDRESS) for (const { id } of accounts) sets.union(id, accountId);
    },
  });
}

/** Everything that shares one address, device, card or root of a name is one operator's. */
export function createSharedValues(): System {
  const owners = new Map<string, string>();
  const join = (sets: UnionFind, accountId: string, value: string): void => {
    const owner = owners.get(value);
    if (owner === undefined) owners.set(value, accountId);
    else sets.union(owner, accountId);
  };
  return baseline('shared_values', {
    isFull: () => false,
    join({ ip, device, email, accountId }, sets) {
      const root = email
        .split('@', 1)[0]
        ?.replace(/[^a-z]/g, '')
        .toLowerCase();
      if (ip !== null) join(sets, accountId, `ip ${ip}`);
      if (device !== null) join(sets, accountId, `device ${device}`);
      if (root !== undefined && root !== '') join(sets, accountId, `root ${root}`);
    },
    card: (accountId, fingerprint, sets) => join(sets, accountId, `card ${fingerprint}`),
  });
}

interface Rules {
  isFull(facts: SignupFacts): boolean;
  join(facts: SignupFacts, sets: UnionFind): void;
  card?(accountId: string, fingerprint: string, sets: UnionFind): void;
}

function baseline(name: string, rules: Rules): System {
  const sets = createUnionFind();
  const left = new Map<string, number>();
  const microseconds: number[] = [];
  return {
    name,
    door: (facts) =>
      rules.isFull(facts) ? { kind: 'refused', reason: 'address_cap' } : { kind: 'open', workFactor: null, waitMs: 0 },
    signedUp(facts) {
      const from = performance.now();
      rules.join(facts, sets);
      microseconds.push((performance.now() - from) * 1_000);
    },
    learnt(accountId, facts) {
      if (facts.kind === 'card') rules.card?.(accountId, facts.fingerprint, sets);
    },
    prompted: () => undefined,
    proved(accountId, rung) {
      if (rung === 'mail') left.set(accountId, GRANT_USD);
    },
    spend(accountId, wantedUsd) {
      const before = left.get(accountId) ?? 0;
      const spent = Math.min(before, wantedUsd);
      left.set(accountId, before - spent);
      return spent;
    },
    available: (accountId) => left.get(accountId) ?? 0,
    onProof: () => [],
    goodDay: null,
    sanctioned: (accountId) => void left.set(accountId, 0),
    tick: () => undefined,
    operatorsOf: (accountIds) => new Map(accountIds.map((id) => [id, sets.find(id)])),
    linksOf: () => [],
    isShared: () => null,
    evasionMarks: new Set(),
    givenTo: (accountId) => (left.has(accountId) ? GRANT_USD : 0),
    microseconds,
  };
}
