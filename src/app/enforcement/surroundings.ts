import type { Accounts } from '../../accounts/index.ts';
import { DEFAULT_PLAN } from '../../config/plans.ts';
import type { JudgementSurroundings, Owner } from '../../enforcement/index.ts';
import type { PlanTerms } from '../../ledger/index.ts';
import type { UsageEvent } from '../../metering/index.ts';
import type { Policies } from '../../moderation/index.ts';
import type { FraudParts } from '../compose-fraud.ts';

export interface SurroundingsDeps {
  readonly accounts: Pick<Accounts, 'get'>;
  readonly fraud: Pick<FraudParts, 'asked' | 'isReady'>;
  readonly policies: Pick<Policies, 'usesOf'>;
  readonly terms: Pick<PlanTerms, 'termsOf'>;
}

/** Who is behind whom, and whose requests come through whom; from memory. */
export interface Surroundings extends JudgementSurroundings {
  /** Hears of every usage event. */
  used(event: Pick<UsageEvent, 'accountId' | 'endUser'>): void;
}

/** An account that names so many end users lets several people ask through it. */
const END_USERS_MIN = 3;
/** Accounts that are remembered to name end users; some 300 bytes each. */
const NAMING_ACCOUNTS_MAX = 50_000;
/** Accounts looked through to see how many hold together: more than any rule asks for. */
const FIRM_MAX = 64;

export function createSurroundings({ accounts, fraud, policies, terms }: SurroundingsDeps): Surroundings {
  const named = new Map<string, Set<string>>();

  return {
    used({ accountId, endUser }) {
      if (accountId === null || endUser === null) return;
      const users = named.get(accountId) ?? new Set<string>();
      if (users.size >= END_USERS_MIN) return;
      if (named.size >= NAMING_ACCOUNTS_MAX && !named.has(accountId)) return;
      named.set(accountId, users.add(endUser));
    },
    operatorOf: (accountId) => (fraud.isReady() ? fraud.asked.operatorOf(accountId).accounts : [accountId]),
    firmlyLinked(accountId, bits) {
      if (!fraud.isReady()) return 1;
      const seen = new Set([accountId]);
      for (const one of seen) {
        if (seen.size >= FIRM_MAX) break;
        for (const link of fraud.asked.linksOf(one)) {
          if (link.strength === 'hard' && link.bits >= bits) for (const other of link.accounts) seen.add(other);
        }
      }
      return seen.size;
    },
    declaredUsesOf: (accountId) => [...policies.usesOf(accountId)],
    isShared(accountId) {
      if (accounts.get(accountId)?.kind === 'workspace') return true;
      // Names cost nothing, and each would stand for what it did alone: only of who pays are they believed.
      return terms.termsOf(accountId).plan !== DEFAULT_PLAN && (named.get(accountId)?.size ?? 0) >= END_USERS_MIN;
    },
  };
}

/** Somebody as a whole: nothing tells by which key, app or end user. */
export function ownerOf(accountId: string): Owner {
  return { accountId, keyId: null, app: null, member: null, endUser: null, product: null };
}
