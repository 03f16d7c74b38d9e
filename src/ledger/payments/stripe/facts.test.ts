import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { readEvent, STRIPE_EVENTS } from './facts.ts';

const event = (type: string, object: unknown) => ({ id: 'evt_1', type, data: { object } });

test('the page for operators names every event that is read', () => {
  const page = readFileSync(join(import.meta.dir, '../../../../docs/payments.md'), 'utf8');
  for (const name of STRIPE_EVENTS) expect(page).toContain(`\`${name}\``);
});

test('whatever arrives is read, ignored or malformed, and never throws', () => {
  fc.assert(
    fc.property(fc.constantFrom(...STRIPE_EVENTS, 'other'), fc.jsonValue(), (type, object) => {
      const facts = readEvent(event(type, object));
      expect(facts === null || facts.length <= 1).toBe(true);
    }),
  );
  for (const odd of [null, 7, 'x', [], {}, { id: 'evt_1' }, { ...event('x', {}), id: 'in_1' }]) {
    expect(readEvent(odd)).toBeNull();
  }
});

test('an inquiry that moved no money is no dispute until the money goes', () => {
  const dispute = { id: 'dp_1', amount: 500, currency: 'usd', payment_intent: { id: 'pi_1' } };
  expect(readEvent(event('charge.dispute.created', { ...dispute, status: 'warning_needs_response' }))).toEqual([]);
  const gone = event('charge.dispute.funds_withdrawn', { ...dispute, status: 'needs_response' });
  expect(readEvent(gone)).toMatchObject([
    { kind: 'disputed', disputeRef: 'dp_1', ref: 'pi_1', amount: 5_000_000_000n },
  ]);
  expect(readEvent(event('charge.dispute.closed', { ...dispute, status: 'warning_closed' }))).toEqual([]);
});

test('a card that paid one of our orders is told by its fingerprint, and whether it is prepaid', () => {
  const card = { fingerprint: 'fp_1', funding: 'prepaid' };
  const charge = { metadata: { candor_account: 'acct_1' }, payment_method_details: { card } };
  expect(readEvent(event('charge.succeeded', charge))).toEqual([
    { kind: 'card_seen', accountId: 'acct_1', fingerprint: 'fp_1', prepaid: true },
  ]);
  for (const other of [
    { ...charge, metadata: {} },
    { ...charge, payment_method_details: null },
  ]) {
    expect(readEvent(event('charge.succeeded', other))).toEqual([]);
  }
});

test('the period paid for is that of the line that ends last', () => {
  const line = (start: number, end: number) => ({ period: { start, end } });
  const invoice = {
    id: 'in_1',
    amount_paid: 100,
    currency: 'usd',
    parent: { subscription_details: { subscription: 'sub_1', metadata: null } },
    lines: { data: [line(5, 10), line(10, 20), line(7, 10)] },
  };
  expect(readEvent(event('invoice.paid', invoice))).toMatchObject([{ periodStartMs: 10_000, periodEndMs: 20_000 }]);
});
