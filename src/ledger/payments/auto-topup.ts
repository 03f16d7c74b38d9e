import { monthOf } from '../../base/calendar.ts';
import type { Nano } from '../../base/money.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import { type Apply, askCharge, startCharge } from './auto-charge.ts';
import { type AutoTopup, readAutoTopups, setAutoTopup, turnOff } from './auto-store.ts';
import { taxOn } from './cents.ts';
import type { PaymentsDeps } from './deps.ts';
import { checkAccount, checkTopup } from './order.ts';
import type { PaymentRefusal } from './payment.ts';
import { customerRef } from './store.ts';

export interface AutoTopupOrder {
  readonly accountId: string;
  readonly threshold: Nano;
  readonly credit: Nano;
  readonly monthlyCap: Nano;
}

export interface AutoTopups {
  set(order: AutoTopupOrder): Promise<Result<AutoTopup, PaymentRefusal>>;
  off(accountId: string): Promise<AutoTopup | null>;
  show(accountId: string): Promise<AutoTopup | null>;
  /** Charges accounts that are due, and asks again about charges that ended without an answer. */
  sweep(): Promise<void>;
  close(): void;
}

export async function createAutoTopups(deps: PaymentsDeps, apply: Apply): Promise<AutoTopups> {
  const { reader, writer } = deps.storage;
  /** Those that are on, so that a change of balance costs one look-up. */
  const active = new Map<string, AutoTopup>();
  /** Accounts this process is deciding about. */
  const busy = new Set<string>();

  async function reload(accountId: string): Promise<AutoTopup | null> {
    const [auto] = await readAutoTopups(reader, accountId);
    if (auto?.state === 'on') active.set(accountId, auto);
    else active.delete(accountId);
    return auto ?? null;
  }

  function wake(accountId: string, available: Nano): void {
    const auto = active.get(accountId);
    if (auto === undefined || available >= auto.threshold || busy.has(accountId)) return;
    if (auto.paymentId !== null || auto.nextAtMs > deps.clock.wallMs()) return;
    busy.add(accountId);
    begin(accountId)
      .catch((error: unknown) => deps.telemetry.fault('top up an account', error))
      .finally(() => busy.delete(accountId));
  }

  async function begin(accountId: string): Promise<void> {
    await startCharge(deps, apply, accountId);
    await reload(accountId);
  }

  async function sweepOne(auto: AutoTopup): Promise<void> {
    if (busy.has(auto.accountId) || auto.nextAtMs > deps.clock.wallMs()) return;
    busy.add(auto.accountId);
    try {
      const { accountId, paymentId, methodRef } = auto;
      if (paymentId === null) await startCharge(deps, apply, accountId);
      else await askCharge(deps, apply, { paymentId, methodRef, again: true });
      await reload(accountId);
    } finally {
      busy.delete(auto.accountId);
    }
  }

  for (const auto of await readAutoTopups(reader, null)) if (auto.state === 'on') active.set(auto.accountId, auto);
  const stop = deps.ledger.onChange((change) => wake(change.accountId, change.available));
  return {
    async set(order) {
      const set = await store(deps, order);
      const kept = await reload(order.accountId);
      if (!set.ok) return set;
      const { available } = await deps.ledger.balance(order.accountId);
      wake(order.accountId, available);
      return ok(kept ?? set.value);
    },
    async off(accountId) {
      await writer.write([turnOff(accountId)]);
      return reload(accountId);
    },
    show: async (accountId) => (await readAutoTopups(reader, accountId))[0] ?? null,
    async sweep() {
      for (const auto of await readAutoTopups(reader, null)) {
        if (auto.state === 'on' || auto.paymentId !== null) await sweepOne(auto);
      }
    },
    close: stop,
  };
}

async function store(deps: PaymentsDeps, order: AutoTopupOrder): Promise<Result<AutoTopup, PaymentRefusal>> {
  const checked = await checkOrder(deps, order);
  if (!checked.ok) return checked;
  const auto: AutoTopup = {
    ...order,
    ...checked.value,
    state: 'on',
    month: monthOf(deps.clock.wallMs()),
    spent: 0n,
    paymentId: null,
    failures: 0,
    lastFailure: null,
    nextAtMs: 0,
  };
  const written = await deps.storage.writer.write([setAutoTopup(auto)]);
  if (written.ok) return ok(auto);
  return refuse({ reason: 'payment_state', message: 'a charge is in flight; try again when it has ended' });
}

async function checkOrder(
  deps: PaymentsDeps,
  order: AutoTopupOrder,
): Promise<Result<{ readonly methodRef: string; readonly methodLabel: string }, PaymentRefusal>> {
  const stranger = checkAccount(deps, order.accountId);
  if (stranger !== null) return refuse(stranger);
  const driver = deps.drivers.get('stripe');
  if (deps.config === null || driver === undefined) {
    return refuse({ reason: 'driver_not_configured', message: 'payments.stripe is not configured' });
  }
  const { topup } = deps.config;
  const wrong = checkTopup(deps, order.credit);
  if (wrong !== null) return refuse(wrong);
  if (order.monthlyCap < order.credit + taxOn(order.credit, topup.taxBp)) {
    return refuse({ reason: 'cap_below_amount', message: 'the monthly cap has no room for one top-up' });
  }
  const customer = await customerRef(deps.storage.reader, order.accountId, 'stripe');
  if (customer === null) {
    const message = 'no card was saved; have the customer pay once with: candor topup start --save-method';
    return refuse({ reason: 'no_saved_method', message });
  }
  const method = await driver.savedMethod(customer);
  if (method.ok) return ok({ methodRef: method.value.methodRef, methodLabel: method.value.label });
  if (method.refusal.reason === 'unavailable') {
    return refuse({ reason: 'driver_unavailable', message: `the driver does not answer: ${method.refusal.detail}` });
  }
  return refuse({ reason: 'no_saved_method', message: method.refusal.detail });
}
