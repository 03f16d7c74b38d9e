/** Sign-up credit that is released by rules: what those who keep the rules book, each step in one unit. */
import { sql } from 'kysely';
import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import { fromSqlText, type Nano, sum } from '../../base/money.ts';
import type { Reader, Storage } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import { envelopeAccount, grantAccount } from '../chart.ts';
import type { Revocations } from '../credit/revocations.ts';
import { readRevokedGrants } from '../credit/store.ts';
import type { Ledger } from '../ledger.ts';
import { type SignupTables, vestingSignup } from './signup-store.ts';
import { trancheGrant } from './signup.ts';

export interface VestingCreditDeps {
  readonly storage: Pick<Storage, 'reader'>;
  readonly ledger: Pick<Ledger, 'post' | 'balance'>;
  readonly revocations: Pick<Revocations, 'revoke'>;
  readonly clock: Clock;
  /** Model aliases the credit may be spent on; null: all. */
  readonly models: readonly string[] | null;
}

export interface VestingGift {
  /** Whose envelope it comes out of. */
  readonly principalId: string;
  readonly to: string;
  readonly amount: Nano;
  /** With `to`, names the release for ever: the same again gives nothing more. */
  readonly key: string;
  readonly reason: string;
  /** Kept with it or not at all. */
  readonly also: readonly WriteStatement[];
}

/** What the books say of an account's sign-up credit. */
export interface SignupStanding {
  /** Given less what was taken back. */
  readonly given: Nano;
  /** Of that, available or held. */
  readonly unspent: Nano;
  /** Requests hold some of what was taken back; it follows when it comes back. */
  readonly isReturning: boolean;
  /** What was given and when, oldest first. */
  readonly grants: readonly { readonly atMs: number; readonly amount: Nano; readonly reason: string }[];
}

/** The books of sign-up credit that vests. Callers see to it that one operator's steps happen one after the other. */
export interface VestingCredit {
  /** Refused (its unit with it) when the account has been promised sign-up credit before. */
  begin(accountId: string): WriteStatement;
  /** What lies in its envelope. */
  envelope(accountId: string): Promise<Nano>;
  /** Promises more, or less, until the envelope holds just this. */
  setEnvelope(accountId: string, amount: Nano): Promise<void>;
  /** `short`: the envelope holds less. `stale`: a statement of `also` was not met. Then nothing was booked. */
  give(gift: VestingGift): Promise<'given' | 'short' | 'stale'>;
  /** Takes back what is unspent of all sign-up credit of an account; what requests hold follows when it comes back. */
  takeBack(accountId: string, reason: string): Promise<void>;
  standing(accountId: string): Promise<SignupStanding>;
}

export function createVestingCredit(deps: VestingCreditDeps): VestingCredit {
  const { storage, ledger, clock, revocations, models } = deps;
  const { reader } = storage;

  return {
    begin: (accountId) => vestingSignup(accountId, clock.wallMs()),
    envelope: (accountId) => readEnvelope(reader, accountId),
    setEnvelope: (accountId, amount) => setEnvelope(deps, accountId, amount),
    async give({ principalId, to, amount, key, reason, also }) {
      const grant = { ...trancheGrant(to, key, clock.wallMs(), reason), models };
      const posted = await ledger.post({
        id: `${grant.id}:released`,
        kind: 'tranche',
        accountId: to,
        transfers: [{ debit: envelopeAccount(principalId), credit: grantAccount(grant.id), amount }],
        grants: [grant],
        also,
        note: reason,
      });
      if (posted.ok) return 'given';
      if (posted.refusal.reason === 'insufficient') return 'short';
      assert(posted.refusal.reason === 'also_refused', `${grant.id} names one release`);
      return 'stale';
    },
    async takeBack(accountId, reason) {
      const { grants } = await ledger.balance(accountId);
      for (const { id, source, available, held } of grants) {
        if (source !== 'signup' || (available === 0n && held === 0n)) continue;
        await revocations.revoke({ grantId: id, accountId, into: 'promo_expense', kind: 'clawback', reason });
      }
    },
    async standing(accountId) {
      const { grants } = await ledger.balance(accountId);
      const own = grants.filter(({ source }) => source === 'signup');
      const taken = await readTakenBack(
        reader,
        accountId,
        own.map(({ id }) => grantAccount(id)),
      );
      const revoked = await readRevokedGrants(reader, accountId);
      return {
        given: sum(own.map((one) => one.amount)) - taken,
        unspent: sum(own.map((one) => one.held + one.available)),
        isReturning: own.some(({ id, held, available }) => revoked.has(id) && (held > 0n || available > 0n)),
        grants: own
          .map(({ createdAtMs, amount, reason }) => ({ atMs: createdAtMs, amount, reason }))
          .sort((a, b) => a.atMs - b.atMs),
      };
    },
  };
}

const ATTEMPTS_MAX = 5;

async function setEnvelope(
  { storage: { reader }, ledger }: VestingCreditDeps,
  accountId: string,
  amount: Nano,
): Promise<void> {
  const account = envelopeAccount(accountId);
  // Another booking in between leaves something else in it: then it is looked at again.
  for (let attempts = 0; attempts < ATTEMPTS_MAX; attempts++) {
    const version = await readVersion(reader, accountId);
    const there = await readEnvelope(reader, accountId);
    if (version === null || there === amount) return;
    const more = amount - there;
    const posted = await ledger.post({
      id: `envelope_${accountId}_${version + 1}`,
      kind: more > 0n ? 'tranche' : 'clawback',
      accountId,
      transfers: [
        more > 0n
          ? { debit: 'promo_expense', credit: account, amount: more }
          : { debit: account, credit: 'promo_expense', amount: -more },
      ],
      also: [setVersion(accountId, version)],
      note: more > 0n ? 'sign-up credit, promised' : 'sign-up credit, no longer promised',
    });
    if (posted.ok) return;
  }
  throw new Error(`the envelope of ${accountId} could not be set`);
}

type BookTables = {
  ledger_account: { id: string; balance: number };
  ledger_transfer: { account_id: string | null; subject: string | null; kind: string; debit: string; amount: number };
};

async function readEnvelope(reader: Reader, accountId: string): Promise<Nano> {
  const row = await reader
    .withTables<BookTables>()
    .selectFrom('ledger_account')
    .select(sql<string>`cast(balance as text)`.as('balance'))
    .where('id', '=', envelopeAccount(accountId))
    .executeTakeFirst();
  return row === undefined ? 0n : fromSqlText(row.balance);
}

/** Null for an account whose credit does not vest. */
async function readVersion(reader: Reader, accountId: string): Promise<number | null> {
  const row = await reader
    .withTables<SignupTables>()
    .selectFrom('ledger_signup')
    .select('version')
    .where('account_id', '=', accountId)
    .where('vests', '=', 1)
    .executeTakeFirst();
  return row?.version ?? null;
}

async function readTakenBack(reader: Reader, accountId: string, grants: readonly string[]): Promise<Nano> {
  if (grants.length === 0) return 0n;
  const row = await reader
    .withTables<BookTables>()
    .selectFrom('ledger_transfer')
    .select(sql<string>`cast(coalesce(sum(amount), 0) as text)`.as('taken'))
    .where('account_id', '=', accountId)
    .where('subject', 'is', null)
    .where('kind', '=', 'clawback')
    .where('debit', 'in', grants)
    .executeTakeFirstOrThrow();
  return fromSqlText(row.taken);
}

function setVersion(accountId: string, before: number): WriteStatement {
  return {
    sql: 'update ledger_signup set version = version + 1 where account_id = ? and version = ?',
    parameters: [accountId, before],
    expectRows: 1,
  };
}
