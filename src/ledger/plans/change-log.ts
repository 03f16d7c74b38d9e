import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import type { Nano } from '../../base/money.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import { grantAccount } from '../chart.ts';
import type { Grant, Ledger, Posting, Transfer } from '../ledger.ts';
import type { PlanPayment, PlanRefusal } from '../plan.ts';
import type { Held, SubscriptionEventKind } from './held.ts';
import { no } from './orders.ts';
import { insertEvent, writeSubscription } from './store.ts';

export interface ChangeLogDeps {
  readonly storage: Pick<Storage, 'writer'>;
  readonly ledger: Pick<Ledger, 'post'>;
  readonly clock: Clock;
  readonly mintId: MintId;
}

/** One change of one subscription, with the money it moves. */
export interface Change {
  readonly after: Held;
  readonly kind: SubscriptionEventKind;
  readonly atMs: number;
  readonly payment: PlanPayment | null;
  readonly note: string | null;
  readonly transfers: readonly Transfer[];
  readonly grants: readonly Grant[];
  /** Of other rows, such as fees. */
  readonly statements: readonly WriteStatement[];
}

/** Nothing moved and nothing else written. */
export const NO_MONEY = { payment: null, note: null, transfers: [], grants: [], statements: [] } as const;

/**
 * Writes changes: the row, its entry of the log and the money stand or fall together. Refuses a payment that has paid
 * for something before.
 */
export function createChangeLog({ storage, ledger, clock, mintId }: ChangeLogDeps) {
  return async function write(change: Change): Promise<Result<null, PlanRefusal>> {
    const { payment, transfers } = change;
    const statements = [
      ...(payment?.also ?? []),
      writeSubscription(change.after),
      insertEvent(eventOf(change, mintId('subev'), clock.wallMs())),
      ...change.statements,
    ];
    const refused = transfers.length === 0 ? await writeAlone(statements) : await post(postingOf(change, statements));
    if (!refused) return ok(null);
    // Whoever changes one account waits for the other, so only a payment can be in the way.
    assert(payment !== null, `subscription ${change.after.id} could not be changed`);
    return no('payment_used', `the payment ${payment.id} was used before; nothing was changed`);
  };

  async function writeAlone(statements: readonly WriteStatement[]): Promise<boolean> {
    return !(await storage.writer.write(statements)).ok;
  }

  async function post(posting: Posting): Promise<boolean> {
    const posted = await ledger.post(posting);
    return !posted.ok || posted.value.repeated;
  }
}

function postingOf(change: Change, also: readonly WriteStatement[]): Posting {
  const { after, payment } = change;
  return {
    id: payment === null ? `${after.id}:${after.version}` : `plan:${payment.id}`,
    kind: 'subscription',
    accountId: after.accountId,
    transfers: change.transfers,
    grants: change.grants,
    also,
    note: change.note ?? payment?.note ?? `plan ${after.plan}: ${change.kind}`,
  };
}

function eventOf({ after, kind, atMs, payment, note }: Change, id: string, recordedAtMs: number) {
  return {
    id,
    accountId: after.accountId,
    subscriptionId: after.id,
    version: after.version,
    atMs,
    recordedAtMs,
    kind,
    plan: after.plan,
    interval: after.interval,
    seats: after.seats,
    state: after.state,
    fee: after.fee,
    periodStartMs: after.periodStartMs,
    periodEndMs: after.periodEndMs,
    cancelAtPeriodEnd: after.cancelAtPeriodEnd,
    next: after.next,
    paymentId: payment?.id ?? null,
    paid: payment?.amount ?? null,
    note: note ?? payment?.note ?? null,
  };
}

/** Money and grants of one change, as they are put together. */
export interface Gift {
  readonly transfers: readonly Transfer[];
  readonly grants: readonly Grant[];
}

/** The part of a payment that is above what was due, as credit of the account that never expires. */
export function surplusOf(payment: PlanPayment, due: Nano, held: Held, atMs: number): Gift {
  if (payment.amount <= due) return { transfers: [], grants: [] };
  const grant: Grant = {
    ...grantFrom(held, atMs),
    id: `${grantIdOf(held)}_surplus`,
    kind: 'paid',
    expiresAtMs: null,
    reason: `paid above the fee of the plan ${held.plan}`,
    paymentId: payment.id,
  };
  const transfer = { debit: payment.from, credit: grantAccount(grant.id), amount: payment.amount - due };
  return { transfers: [transfer], grants: [grant] };
}

/** Credit the plan gives until `held.creditedToMs`; nothing when that time is over or `amount` is 0. */
export function includedCredit(held: Held, amount: Nano, atMs: number): Gift {
  if (amount === 0n || held.creditedToMs <= atMs) return { transfers: [], grants: [] };
  const grant: Grant = {
    ...grantFrom(held, atMs),
    id: grantIdOf(held),
    kind: 'promo',
    expiresAtMs: held.creditedToMs,
    reason: `included in the plan ${held.plan}`,
    paymentId: null,
  };
  return { transfers: [{ debit: 'promo_expense', credit: grantAccount(grant.id), amount }], grants: [grant] };
}

/** Grants of one subscription begin alike, so that they can be found when it is ended early. */
export function grantPrefixOf({ id }: Pick<Held, 'id'>): string {
  return `grant_${id}_`;
}

function grantIdOf(held: Held): string {
  return `${grantPrefixOf(held)}${held.version}`;
}

function grantFrom(held: Held, atMs: number) {
  return {
    accountId: held.accountId,
    source: 'plan' as const,
    priority: 50,
    startsAtMs: atMs,
    createdAtMs: atMs,
    models: null,
    products: null,
  };
}
