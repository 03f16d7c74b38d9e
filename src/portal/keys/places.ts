import type { Accounts, ApiKey, Keys } from '../../accounts/index.ts';
import type { Clock } from '../../base/clock.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Attempts } from '../../credentials/attempts.ts';
import type { PortalRefusal } from '../refusals.ts';
import { KEYS_MAX, KEYS_PER_MEMBER_MAX, PLAYGROUND_APP } from './contract.ts';

export interface PlacesDeps {
  readonly keys: Pick<Keys, 'ofAccount'>;
  readonly accounts: Pick<Accounts, 'get'>;
  readonly clock: Clock;
  readonly attempts: Attempts;
}

/** How many keys may be there at a time. */
export interface Places {
  /** A place for one more key; calling what it gives says that the key is there, or that there will be none. */
  take(accountId: string, member: string | null): Result<() => void, PortalRefusal>;
  count(accountId: string): number;
}

/** Every key ever made stays on record, so that making and revoking them without end must end. */
const MADE_PER_DAY_MAX = 300;
const DAY_MS = 86_400_000;

/** Counts keys that work and keys on their way to the disk, so that many at once are no more than may be. */
export function createPlaces({ keys, accounts, clock, attempts }: PlacesDeps): Places {
  /** By account, and by account and member. */
  const coming = new Map<string, number>();
  const add = (name: string, by: number) => {
    const now = (coming.get(name) ?? 0) + by;
    if (now === 0) coming.delete(name);
    else coming.set(name, now);
  };

  function alive(accountId: string): ApiKey[] {
    return keys.ofAccount(accountId).filter((key) => key.app !== PLAYGROUND_APP && isAlive(key, clock));
  }

  function take(accountId: string, member: string | null): Result<() => void, PortalRefusal> {
    const there = alive(accountId);
    const max = KEYS_MAX[accounts.get(accountId)?.kind ?? 'person'];
    const ofMember = `${accountId} ${member}`;
    const own = there.filter((key) => key.member === member).length + (coming.get(ofMember) ?? 0);
    if (there.length + (coming.get(accountId) ?? 0) >= max) return refuse(full(`this account has ${max} keys`));
    if (member !== null && own >= KEYS_PER_MEMBER_MAX)
      return refuse(full(`this member has ${KEYS_PER_MEMBER_MAX} keys`));
    const waitMs = attempts.take([{ key: `keys made ${accountId}`, max: MADE_PER_DAY_MAX, windowMs: DAY_MS }]);
    if (waitMs !== null) return refuse(tooOften(waitMs));
    add(accountId, 1);
    add(ofMember, 1);
    return ok(() => {
      add(accountId, -1);
      add(ofMember, -1);
    });
  }

  return { take, count: (accountId: string) => alive(accountId).length };
}

export function isAlive({ revokedAtMs, expiresAtMs }: ApiKey, clock: Clock): boolean {
  return revokedAtMs === null && (expiresAtMs === null || expiresAtMs > clock.wallMs());
}

function full(what: string): PortalRefusal {
  return {
    status: 409,
    reason: 'too_many_keys',
    message: `${what} that work, which is the most there may be; revoke one first`,
  };
}

export function tooOften(waitMs: number): PortalRefusal {
  const minutes = Math.max(1, Math.ceil(waitMs / 60_000));
  return {
    status: 429,
    reason: 'too_many_attempts',
    message: `too many keys were made; try again in ${minutes} minutes`,
  };
}
