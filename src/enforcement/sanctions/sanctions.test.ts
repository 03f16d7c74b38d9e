import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import {
  AUTOMATIC,
  CERTIFICATE,
  DAY_MS,
  openSanctionWorld,
  orderOf,
  type SanctionWorld,
  START_MS,
} from '../../../test/world/sanctions.ts';
import { CONDUCTS, SEVERITIES } from '../conduct.ts';
import type { Facts, SanctionOrder } from '../sanction.ts';
import { rankOf, STEPS } from '../step.ts';

let world: SanctionWorld;
let id: string;

beforeEach(async () => {
  world = await openSanctionWorld();
  id = await world.account();
});

afterEach(() => world.close());

async function impose(more: Partial<SanctionOrder> = {}) {
  const imposed = await world.sanctions.impose(orderOf(id, more));
  if (!imposed.ok) throw new Error(`${imposed.refusal.reason}: ${imposed.refusal.message}`);
  return imposed.value;
}
const reasonOf = async (more: Partial<SanctionOrder>) => {
  const imposed = await world.sanctions.impose(orderOf(id, more));
  return imposed.ok ? null : imposed.refusal.reason;
};
const factsOf = (more: Partial<Facts>): Facts => ({ ...orderOf(id).facts, ...more });
const key = (more: { id?: string; app?: string | null } = {}) => ({ id: 'key_1', accountId: id, app: null, ...more });
const effects = () => world.sanctions.effectsOf(key(), null);

test('a suspension is felt before the disk has heard of it, and has its decision, notice and entry when it resolves', async () => {
  const imposing = world.sanctions.impose(orderOf(id));
  expect(world.standing.stopOfAccount(id)).toMatchObject({ cause: 'sanction', untilMs: START_MS + 60 * DAY_MS });
  const imposed = await imposing;
  const sanction = imposed.ok ? imposed.value : null;
  const detail = await world.decisions.show(sanction?.decisionId ?? '');
  expect(detail).toMatchObject({
    decision: { kind: 'sanction', step: 'suspend', sanctionId: sanction?.id, automatedDecision: 'partial' },
    recorded: { intact: true, entry: { seq: 1 } },
  });
  expect(detail?.decision.notice.en).toContain('suspended until 2027-01-21 12:00 UTC');
  expect(detail?.decision.notice.zh).toContain('停用');
  await world.decisions.deliver();
  expect(world.told.map((one) => one.id)).toEqual([sanction?.decisionId ?? '']);
  expect(world.standing.stopOfAccount(id)?.by).toBe(sanction?.decisionId ?? '');
});

test.each([
  ['friction', { friction: true, ratePercent: 100 }, 7],
  ['throttle', { friction: false, ratePercent: 25, smallModelsOnly: true }, 3],
  ['restrict', { smallModelsOnly: true, withoutTools: true, ratePercent: 100 }, 30],
] as const)('%s is felt on the path of a request and ends by the clock alone', async (step, felt, days) => {
  expect(effects()).toBeNull();
  const { decisionId } = await impose({ step });
  expect(effects()).toMatchObject({ ...felt, decisionId });
  expect(world.standing.stopOfAccount(id)).toBeNull();
  world.time.ms += days * DAY_MS - 1;
  expect(effects()).not.toBeNull();
  world.time.ms += 1;
  expect(effects()).toBeNull();
  expect(world.sanctions.inForce({ kind: 'account', accountId: id })).toEqual([]);
});

test('expiry needs nobody: neither a tick nor a restart, and not the process that imposed it', async () => {
  await impose({ step: 'cool_off' });
  world = await world.restart();
  world.time.ms += DAY_MS - 1;
  expect(world.standing.stopOfAccount(id)).not.toBeNull();
  world.time.ms += 1;
  expect(world.standing.stopOfAccount(id)).toBeNull();
  expect((await world.sanctions.list({ state: 'in_force' }, { before: null, limit: 10 })).length).toBe(0);
});

test('each cool-off of a unit is twice as long as the one before, up to 14 days, and a reversed one does not count', async () => {
  const lengths: number[] = [];
  for (let at = 0; at < 6; at++) {
    const { startMs, untilMs } = await impose({ step: 'cool_off' });
    lengths.push(((untilMs ?? 0) - startMs) / DAY_MS);
    world.time.ms = untilMs ?? 0;
    if (at === 2) world = await world.restart();
  }
  expect(lengths).toEqual([1, 2, 4, 8, 14, 14]);
  const other = await world.account();
  const first = await world.sanctions.impose(orderOf(other, { step: 'cool_off' }));
  await world.sanctions.end(first.ok ? first.value.id : '', 'reversed', 'staff_2', 'it was research');
  const second = await world.sanctions.impose(orderOf(other, { step: 'cool_off' }));
  expect(second.ok && (second.value.untilMs ?? 0) - second.value.startMs).toBe(DAY_MS);
});

test('the smallest unit alone feels it', async () => {
  await impose({ unit: { kind: 'end_user', accountId: id, endUser: 'u 1' }, step: 'friction' });
  await impose({ unit: { kind: 'app', accountId: id, app: 'chat' }, step: 'throttle' });
  expect(world.sanctions.effectsOf(key(), null)).toBeNull();
  expect(world.sanctions.effectsOf(key(), 'u 1')).toMatchObject({ friction: true, ratePercent: 100 });
  expect(world.sanctions.effectsOf(key({ app: 'chat' }), 'u 1')).toMatchObject({ friction: true, ratePercent: 25 });
  expect(world.sanctions.effectsOf({ ...key(), accountId: await world.account() }, 'u 1')).toBeNull();
  await impose({ unit: { kind: 'end_user', accountId: id, endUser: 'u 1' }, step: 'cool_off' });
  expect(world.standing.stopOfEndUser(id, 'u 1')).not.toBeNull();
  expect(world.standing.stopOfAccount(id)).toBeNull();
});

test('a scope is taken away: models and tools; an app is stopped', async () => {
  await impose({ step: 'restrict', scope: { models: ['large'], tools: false } });
  expect(effects()).toMatchObject({ withoutModels: ['large'], withoutTools: false, smallModelsOnly: false });
  const app = await impose({ unit: { kind: 'app', accountId: id, app: 'chat' }, step: 'restrict' });
  expect(app.stopId).not.toBeNull();
  expect(world.standing.stopOf({ id: 'k', accountId: id, app: 'chat', member: null })).not.toBeNull();
});

test('a graver one wins and what it replaces is ended; a pause goes on beside a scope that is taken away', async () => {
  const throttle = await impose({ step: 'throttle' });
  const pause = await impose({ step: 'cool_off' });
  expect((await world.sanctions.get(throttle.id))?.ended).toMatchObject({ how: 'replaced', by: pause.decisionId });
  const restrict = await impose({ step: 'restrict' });
  expect((await world.sanctions.get(pause.id))?.ended).toBeNull();
  expect(world.standing.stopOfAccount(id)).not.toBeNull();
  expect(await reasonOf({ step: 'friction' })).toBe('graver_in_force');
  await impose({ step: 'suspend' });
  expect((await world.sanctions.get(restrict.id))?.ended?.how).toBe('replaced');
  expect(world.standing.inForce('sanction').length).toBe(1);
  expect(await reasonOf({ step: 'suspend', author: AUTOMATIC, certificate: CERTIFICATE })).toBe('graver_in_force');
});

test('lifting and reversing end it and tell why; afterwards nothing of it is in effect', async () => {
  const { id: lifted, decisionId } = await impose();
  const ended = await world.sanctions.end(lifted, 'lifted', 'staff_2', 'the key was stolen');
  expect(ended).toMatchObject({ ok: true, value: { ended: { how: 'lifted', by: 'staff_2' } } });
  expect(world.standing.stopOfAccount(id)).toBeNull();
  const [last] = await world.decisions.ofAccount(id);
  expect(last).toMatchObject({ kind: 'lift', about: decisionId, notice: { en: expect.stringContaining('stolen') } });
  expect(await world.sanctions.end(lifted, 'lifted', 'staff_2', 'again')).toMatchObject({
    refusal: { reason: 'already_ended' },
  });
  expect((await world.sanctions.end(lifted, 'reversed', 'staff_2', 'it was wrong')).ok).toBe(true);
  expect((await world.sanctions.end(lifted, 'reversed', 'staff_2', 'again')).ok).toBe(false);
  expect((await world.sanctions.end('san_none', 'lifted', 'staff_2', 'x')).ok).toBe(false);
  expect(await world.audit.verify()).toMatchObject({ entries: 3, broken: null });
});

test('what ran out by itself may still be found wrong, and is no longer there to be lifted', async () => {
  const { id: sanctionId } = await impose({ step: 'throttle' });
  world.time.ms += 4 * DAY_MS;
  await world.sanctions.tick();
  expect((await world.sanctions.end(sanctionId, 'lifted', 's', 'x')).ok).toBe(false);
  expect((await world.sanctions.end(sanctionId, 'reversed', 's', 'x')).ok).toBe(true);
});

test('a warning is acknowledged once', async () => {
  const warning = await impose({ step: 'warning' });
  expect(effects()).toBeNull();
  const first = await world.sanctions.acknowledge(warning.id, id);
  world.time.ms += 1_000;
  expect(await world.sanctions.acknowledge(warning.id, id)).toEqual(first);
  expect((await world.sanctions.get(warning.id))?.acknowledgedAtMs).toBe(START_MS);
});

describe('closing an account', () => {
  const terminate = { step: 'terminate', author: { kind: 'staff', ids: ['staff_1', 'staff_2'] } } as const;

  test('takes two different people, and nothing automatic', async () => {
    for (const ids of [['staff_1'], ['staff_1', 'staff_1']]) {
      expect(await reasonOf({ step: 'terminate', author: { kind: 'staff', ids } })).toBe('needs_two_people');
    }
    const minors = factsOf({ conduct: 'minors', severity: 'terminal' });
    const automatic = { step: 'terminate', author: AUTOMATIC, certificate: CERTIFICATE } as const;
    expect(await reasonOf({ ...automatic, facts: minors })).toBe('above_automatic_cap');
    expect(await reasonOf({ step: 'cool_off', author: AUTOMATIC, facts: minors })).toBeNull();
  });

  test('pays back what was paid and not spent, for good where the conduct is terminal', async () => {
    const { untilMs } = await impose({ ...terminate, facts: factsOf({ conduct: 'mass_harm', severity: 'terminal' }) });
    expect(untilMs).toBeNull();
    expect(world.standing.stopOfAccount(id)?.untilMs).toBeNull();
    await world.sanctions.tick();
    expect(world.refunded).toEqual([id]);
  });

  test('asks again for a refund that failed, after a restart too', async () => {
    await world.close();
    let asked = 0;
    const refundPaid = async () => {
      asked++;
      throw new Error('the driver does not answer');
    };
    world = await openSanctionWorld({ around: () => ({ refundPaid }) });
    id = await world.account();
    await impose(terminate);
    await world.sanctions.tick();
    expect(asked).toBe(2);
    expect(world.faults.length).toBe(2);
    world = await world.restart();
    await world.sanctions.tick();
    await world.sanctions.tick();
    expect(world.refunded).toEqual([id]);
  });

  test('waits for the second person, who is another one', async () => {
    const { author: _, ...order } = orderOf(id, { step: 'terminate' });
    const waiting = await world.sanctions.waiting.add(order, 'staff_1');
    const waitingId = waiting.ok ? waiting.value.id : '';
    expect(world.standing.stopOfAccount(id)).toBeNull();
    expect(await world.sanctions.waiting.confirm(waitingId, 'staff_1')).toMatchObject({
      refusal: { reason: 'needs_two_people' },
    });
    const both = ['staff_2', 'staff_3'].map((by) => world.sanctions.waiting.confirm(waitingId, by));
    const done = await Promise.all(both);
    expect(done.filter(({ ok }) => ok).length).toBe(1);
    const [decision] = await world.decisions.ofAccount(id);
    expect(decision?.author).toMatchObject({ kind: 'staff', ids: ['staff_1', expect.any(String)] });
    expect(await world.sanctions.waiting.list()).toEqual([]);
  });

  test('what nobody confirms within a week is dropped', async () => {
    const { author: _, ...order } = orderOf(id, { step: 'terminate' });
    await world.sanctions.waiting.add(order, 'staff_1');
    world.time.ms += 7 * DAY_MS;
    expect(await world.sanctions.waiting.list()).toEqual([]);
  });
});

test('nothing automatic goes above the cap of its severity, whatever it carries', async () => {
  for (const conduct of CONDUCTS) {
    const severity = SEVERITIES[conduct];
    for (const certificate of [null, CERTIFICATE]) {
      for (const step of STEPS) {
        const accountId = await world.account();
        const facts = factsOf({ conduct, severity });
        const order = orderOf(accountId, { step, facts, certificate, author: AUTOMATIC });
        const { ok } = await world.sanctions.impose(order);
        const cap = severity === 'terminal' ? 'cool_off' : severity === 3 && certificate ? 'suspend' : 'restrict';
        expect([conduct, step, ok]).toEqual([conduct, step, rankOf(step) <= rankOf(cap)]);
      }
    }
  }
});

test.each<[string, Partial<SanctionOrder>, string]>([
  ['a severity the conduct has not', { facts: { ...orderOf('').facts, severity: 1 } }, 'invalid_field'],
  ['nothing to rest on', { facts: { ...orderOf('').facts, requests: 0 } }, 'invalid_field'],
  ['an end that is past', { untilMs: START_MS }, 'invalid_field'],
  ['a scope of what has none', { scope: { models: [], tools: true } }, 'invalid_field'],
  ['safety that waits', { delayMs: 60_000 }, 'invalid_field'],
  ['an operator step for one account', { step: 'operator' }, 'invalid_field'],
  ['a note of two lines', { note: 'a\nb' }, 'invalid_field'],
  ['nobody as its author', { author: { kind: 'staff', ids: [] } }, 'invalid_field'],
  ['a suspension without certificate', { author: AUTOMATIC }, 'needs_certificate'],
  ['a key nobody has', { unit: { kind: 'key', accountId: '', keyId: 'key_none' } }, 'unit_not_found'],
])('refuses %s, and nothing is felt', async (_, more, reason) => {
  const unit = more.unit?.kind === 'key' ? { ...more.unit, accountId: id } : orderOf(id).unit;
  expect<string | null>(await reasonOf({ ...more, unit })).toBe(reason);
  expect(world.standing.stopOfAccount(id)).toBeNull();
  expect((await world.audit.verify()).entries).toBe(0);
});

test('refuses an account nobody has and the house account', async () => {
  expect(await reasonOf({ unit: { kind: 'account', accountId: 'acct_none' } })).toBe('unit_not_found');
  expect(await reasonOf({ unit: { kind: 'account', accountId: 'acct_operator' } })).toBe('house_account');
});

test('what must not show when it was noticed begins later, with planned and applied time, and is told then', async () => {
  const facts = factsOf({ conduct: 'resale', severity: 2 });
  const { id: sanctionId, decisionId } = await impose({ step: 'cool_off', facts, delayMs: 60_000 });
  await world.decisions.deliver();
  expect(world.standing.stopOfAccount(id)).toBeNull();
  expect([world.told.length, (await world.decisions.ofAccount(id)).length]).toEqual([0, 0]);
  world.time.ms += 61_000;
  await world.sanctions.tick();
  await world.decisions.deliver();
  expect(world.standing.stopOfAccount(id)?.by).toBe(decisionId);
  expect(world.told.length).toBe(1);
  expect(await world.sanctions.get(sanctionId)).toMatchObject({
    startMs: START_MS + 60_000,
    appliedAtMs: START_MS + 61_000,
    untilMs: START_MS + 60_000 + DAY_MS,
  });
});
