import { type Accounts, OPERATOR_ACCOUNT_ID } from '../../accounts/index.ts';
import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import type { Nano } from '../../base/money.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import { grantAccount } from '../chart.ts';
import type { Grant, GrantBalance, GrantKind, Ledger } from '../ledger.ts';
import type { Revocations } from './revocations.ts';
import { readOrigin } from './store.ts';

export interface CreditDeps {
  readonly accounts: Pick<Accounts, 'get'>;
  readonly ledger: Pick<Ledger, 'post' | 'balance'>;
  readonly storage: Pick<Storage, 'reader'>;
  readonly revocations: Revocations;
  readonly clock: Clock;
  readonly mintId: MintId;
}

/** Credit an operator gives by hand. */
export interface CreditOrder {
  readonly accountId: string;
  /** More than zero. */
  readonly amount: Nano;
  /** `paid`: the money was received outside; `promo`: a present of the house. */
  readonly kind: GrantKind;
  /** For people and the books. */
  readonly reason: string;
  /** Milliseconds from now; null never. */
  readonly expiresInMs: number | null;
  readonly priority: number;
  readonly models: readonly string[] | null;
  readonly products: readonly string[] | null;
  /** Giving under the same id again gives nothing more. Null: every call gives. */
  readonly id: string | null;
}

export interface CreditRefusal {
  readonly reason: 'account_not_found' | 'house_account' | 'id_used' | 'grant_not_found' | 'bought';
  readonly message: string;
}

export interface Given {
  readonly grant: GrantBalance;
  /** It had been given before. */
  readonly repeated: boolean;
}

export interface Revoked {
  readonly grantId: string;
  readonly accountId: string;
  readonly taken: Nano;
  /** What requests in progress hold of it. */
  readonly held: Nano;
}

/** Grants that an operator gives. Durable once it resolves. */
export function createCredit({ accounts, ledger, storage, revocations, clock, mintId }: CreditDeps) {
  async function give(order: CreditOrder): Promise<Result<Given, CreditRefusal>> {
    if (accounts.get(order.accountId) === null) return refuse(accountNotFound(order.accountId));
    if (order.accountId === OPERATOR_ACCOUNT_ID) return refuse(HOUSE_ACCOUNT);
    const grant = grantOf(order);
    const before = order.id === null ? null : await find(grant);
    if (before !== null) return answer(before, order, true);
    const posted = await ledger.post({
      id: `${grant.id}:given`,
      kind: 'grant',
      accountId: order.accountId,
      transfers: [
        {
          debit: order.kind === 'paid' ? 'wash' : 'promo_expense',
          credit: grantAccount(grant.id),
          amount: order.amount,
        },
      ],
      grants: [grant],
      note: order.reason,
    });
    const after = await find(grant);
    // Another account has this id, or somebody else gave under it in the meantime.
    if (after === null) return refuse(idUsed(order.id));
    return answer(after, order, !posted.ok || posted.value.repeated);
  }

  function grantOf(order: CreditOrder): Grant {
    const now = clock.wallMs();
    return {
      id: order.id === null ? mintId('grant') : `grant_manual_${order.id}`,
      accountId: order.accountId,
      kind: order.kind,
      source: 'manual',
      priority: order.priority,
      startsAtMs: now,
      expiresAtMs: order.expiresInMs === null ? null : now + order.expiresInMs,
      models: order.models,
      products: order.products,
      reason: order.reason,
      paymentId: null,
      createdAtMs: now,
    };
  }

  async function find({ accountId, id }: Grant): Promise<GrantBalance | null> {
    const { grants } = await ledger.balance(accountId);
    return grants.find((one) => one.id === id) ?? null;
  }

  /** What is left of a grant goes back where it came from; what requests hold of it follows. */
  async function revoke(grantId: string, reason: string): Promise<Result<Revoked, CreditRefusal>> {
    const origin = await readOrigin(storage.reader, grantId);
    if (origin === null) return refuse({ reason: 'grant_not_found', message: `there is no grant ${grantId}` });
    const { accountId, kind, source, paymentId } = origin;
    if (paymentId !== null && (source === 'topup' || source === 'invoice')) {
      return refuse({
        reason: 'bought',
        message: `grant ${grantId} was bought; refund its payment ${paymentId} instead`,
      });
    }
    const into = kind === 'paid' ? 'wash' : 'promo_expense';
    const postingKind = kind === 'paid' ? 'refund' : 'clawback';
    const taken = await revocations.revoke({ grantId, accountId, into, kind: postingKind, reason });
    const { grants } = await ledger.balance(accountId);
    return ok({ grantId, accountId, taken, held: grants.find((one) => one.id === grantId)?.held ?? 0n });
  }

  return { give, revoke };
}

function answer(found: GrantBalance, order: CreditOrder, repeated: boolean): Result<Given, CreditRefusal> {
  assert(repeated || found.amount === order.amount, 'what was given is what was ordered');
  return sameGrant(found, order) ? ok({ grant: found, repeated }) : refuse(idUsed(order.id));
}

/** Whether giving this would be giving the same again. */
function sameGrant(found: GrantBalance, order: CreditOrder): boolean {
  const life = found.expiresAtMs === null ? null : found.expiresAtMs - found.createdAtMs;
  return (
    found.amount === order.amount &&
    found.kind === order.kind &&
    found.reason === order.reason &&
    found.priority === order.priority &&
    life === order.expiresInMs &&
    sameNames(found.models, order.models) &&
    sameNames(found.products, order.products)
  );
}

function sameNames(one: readonly string[] | null, other: readonly string[] | null): boolean {
  return one === null || other === null ? one === other : one.toSorted().join() === other.toSorted().join();
}

const HOUSE_ACCOUNT: CreditRefusal = {
  reason: 'house_account',
  message: `${OPERATOR_ACCOUNT_ID} is the house's own account and never charged; give credit to another one (candor account create)`,
};

export function accountNotFound(accountId: string): CreditRefusal {
  return { reason: 'account_not_found', message: `there is no account ${accountId}` };
}

function idUsed(id: string | null): CreditRefusal {
  return { reason: 'id_used', message: `id: something else was given under ${id ?? 'this id'}; nothing was given now` };
}
