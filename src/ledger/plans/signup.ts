import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import { type Nano, sum } from '../../base/money.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import { envelopeAccount, grantAccount } from '../chart.ts';
import type { Revocations } from '../credit/revocations.ts';
import type { Grant, Ledger, Transfer } from '../ledger.ts';
import { createLanes } from '../lanes.ts';
import { DAY_MS } from './period.ts';
import { insertSignup, readSignup, setClawedBack, setReleased, type Signup } from './signup-store.ts';

/** How long a released part may be spent. */
const TRANCHE_LIFE_MS = 90 * DAY_MS;

export interface SignupDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly ledger: Pick<Ledger, 'post' | 'drain'>;
  readonly revocations: Revocations;
  readonly clock: Clock;
  readonly mintId: MintId;
}

export interface SignupRefusal {
  readonly reason: 'no_signup_credit' | 'tranche_not_found' | 'clawed_back' | 'credit_vests';
  readonly message: string;
}

export interface Released {
  readonly grantId: string;
  readonly tranche: number;
  readonly amount: Nano;
  /** It had been released before. */
  readonly repeated: boolean;
}

export interface ClawedBack {
  /** Unspent, of parts that were released. */
  readonly grants: Nano;
  /** Of what was promised and not released. */
  readonly envelope: Nano;
}

/** Parts of a unit. */
export interface Promised {
  readonly transfers: readonly Transfer[];
  readonly grants: readonly Grant[];
  readonly statements: readonly WriteStatement[];
}

/** The credit an account is promised once in its life, at its start, and given in parts. */
export interface Signups {
  /**
   * What the start of an account's first plan books besides: the promise and its first part. Nothing when it was promised
   * credit before, or when `tranches` is empty. Belongs in a unit that is refused when another one promised meanwhile.
   */
  promise(accountId: string, tranches: readonly Nano[]): Promise<Promised>;
  /** Gives the part with this number, from 1; doing so again gives nothing more. */
  release(accountId: string, tranche: number): Promise<Result<Released, SignupRefusal>>;
  /** Takes back what is unspent and what is not released, for good. */
  clawBack(accountId: string, reason: string): Promise<Result<ClawedBack, SignupRefusal>>;
  get(accountId: string): Promise<Signup | null>;
}

export function createSignups(deps: SignupDeps): Signups {
  const { storage, ledger, clock } = deps;
  const inLane = createLanes();

  async function promise(accountId: string, tranches: readonly Nano[]): Promise<Promised> {
    const [first] = tranches;
    if (first === undefined || (await readSignup(storage.reader, accountId)) !== null) return NOTHING;
    const now = clock.wallMs();
    const grant = trancheGrant(accountId, 1, now);
    return {
      transfers: [
        { debit: 'promo_expense', credit: envelopeAccount(accountId), amount: sum(tranches) },
        { debit: envelopeAccount(accountId), credit: grantAccount(grant.id), amount: first },
      ],
      grants: [grant],
      statements: [insertSignup({ accountId, atMs: now, tranches, released: [1], clawedBackAtMs: null, vests: false })],
    };
  }

  async function release(accountId: string, tranche: number): Promise<Result<Released, SignupRefusal>> {
    const signup = await readSignup(storage.reader, accountId);
    if (signup === null) return refuse(noCredit(accountId));
    if (signup.vests) return refuse(vestsByRules(accountId));
    const amount = signup.tranches[tranche - 1];
    if (amount === undefined) {
      const message = `tranche: account ${accountId} has tranches 1 to ${signup.tranches.length}`;
      return refuse({ reason: 'tranche_not_found', message });
    }
    const grant = trancheGrant(accountId, tranche, clock.wallMs());
    const released = { grantId: grant.id, tranche, amount };
    if (signup.released.includes(tranche)) return ok({ ...released, repeated: true });
    if (signup.clawedBackAtMs !== null) return refuse(wasClawedBack(accountId));
    const posted = await ledger.post({
      id: `${grant.id}:released`,
      kind: 'tranche',
      accountId,
      transfers: [{ debit: envelopeAccount(accountId), credit: grantAccount(grant.id), amount }],
      grants: [grant],
      also: [setReleased(signup, [...signup.released, tranche])],
      note: grant.reason,
    });
    assert(posted.ok, `${grant.id} could not be released`);
    return ok({ ...released, repeated: false });
  }

  return {
    promise,
    release: (accountId, tranche) => inLane(accountId, () => release(accountId, tranche)),
    clawBack: (accountId, reason) => inLane(accountId, () => clawBack(deps, accountId, reason)),
    get: (accountId) => readSignup(storage.reader, accountId),
  };
}

async function clawBack(
  { storage, ledger, clock, revocations, mintId }: SignupDeps,
  accountId: string,
  reason: string,
): Promise<Result<ClawedBack, SignupRefusal>> {
  const signup = await readSignup(storage.reader, accountId);
  if (signup === null) return refuse(noCredit(accountId));
  if (signup.vests) return refuse(vestsByRules(accountId));
  const taken = setClawedBack(accountId, clock.wallMs(), reason);
  const envelope = await ledger.drain({
    id: mintId('clawback'),
    from: envelopeAccount(accountId),
    into: 'promo_expense',
    kind: 'clawback',
    accountId,
    most: null,
    also: [taken],
    note: reason,
  });
  // Where nothing was promised any more, there was nothing to go with.
  await storage.writer.write([taken]);
  let grants = 0n;
  for (const tranche of signup.released) {
    const grantId = trancheId(accountId, tranche);
    grants += await revocations.revoke({ grantId, accountId, into: 'promo_expense', kind: 'clawback', reason });
  }
  return ok({ grants, envelope });
}

const NOTHING: Promised = { transfers: [], grants: [], statements: [] };

function trancheId(accountId: string, key: number | string): string {
  return `grant_signup_${accountId}_${key}`;
}

/** @param key with the account, names the grant: the number of a tranche, or of a release by rules */
export function trancheGrant(
  accountId: string,
  key: number | string,
  nowMs: number,
  reason = `sign-up credit, part ${key}`,
): Grant {
  return {
    id: trancheId(accountId, key),
    accountId,
    kind: 'promo',
    source: 'signup',
    priority: 50,
    startsAtMs: nowMs,
    expiresAtMs: nowMs + TRANCHE_LIFE_MS,
    models: null,
    products: null,
    reason,
    paymentId: null,
    createdAtMs: nowMs,
  };
}

function noCredit(accountId: string): SignupRefusal {
  return { reason: 'no_signup_credit', message: `account ${accountId} was promised no sign-up credit` };
}

function wasClawedBack(accountId: string): SignupRefusal {
  return { reason: 'clawed_back', message: `the sign-up credit of account ${accountId} was taken back` };
}

function vestsByRules(accountId: string): SignupRefusal {
  const message = `the sign-up credit of account ${accountId} vests by rules; take it back with its vesting, or give credit by hand`;
  return { reason: 'credit_vests', message };
}
