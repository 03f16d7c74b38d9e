import { afterEach, beforeEach, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { AppealsDeps, Sanction, Step } from '../../src/enforcement/index.ts';
import { RESTITUTION_STEPS } from '../../src/enforcement/appeals/appeal.ts';
import { usd } from '../world/plans.ts';
import { type AppealWorld, factsOf, openAppealWorld } from './appeal-world.ts';

let world: AppealWorld;
beforeEach(async () => {
  world = await openAppealWorld();
});
afterEach(() => world.close());

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ANSWER = { words: 'We looked again, and it is nothing.', language: 'en', harmless: [], step: null } as const;

/** Somebody with sign-up credit, credit that expires, and a key. */
async function person(
  days = 90,
): Promise<{ id: string; key: { id: string; accountId: string; app: null; member: null } }> {
  const id = await world.vested.account();
  await world.vested.vesting.began(id);
  const { ledger, clock } = world.vested.plans;
  const grant = {
    id: `grant_${id}`,
    accountId: id,
    kind: 'promo',
    source: 'manual',
    priority: 50,
    startsAtMs: clock.wallMs(),
    expiresAtMs: clock.wallMs() + days * DAY_MS,
    models: null,
    products: null,
    reason: 'a present',
    paymentId: null,
    createdAtMs: clock.wallMs(),
  } as const;
  const transfers = [{ debit: 'promo_expense', credit: `grant:${grant.id}`, amount: usd('3') }] as const;
  await ledger.post({ id: `give ${id}`, kind: 'grant', accountId: id, transfers, grants: [grant], note: null });
  const { key } = await world.key(id);
  return { id, key: { id: key.id, accountId: id, app: null, member: null } };
}

type Person = Awaited<ReturnType<typeof person>>;

/** Everything somebody has, and everything that is held against them. */
async function stateOf({ id, key }: Person) {
  const { standing, sanctions, judgement, linkage, vested, nowMs } = world;
  const unit = { kind: 'account', accountId: id } as const;
  const { score, cusum, posterior, incidents } = judgement.figuresOf(unit, nowMs());
  const vesting = await vested.vesting.stateOf(id);
  return {
    stopped: standing.stopOf(key) !== null,
    effects: sanctions.effectsOf(key, null),
    inForce: sanctions.inForce(unit).map(({ step }) => step),
    figures: { score, cusum, posterior, strikes: incidents.filter(({ state }) => state === 'confirmed').length },
    operator: linkage.operatorOf(id).accounts,
    links: linkage.linksOf(id).map((link) => link.id),
    vesting: vesting && { ...vesting, releases: vesting.releases.map(({ amount }) => amount).length > 0, pace: null },
    taken: (await vested.vesting.sanctioned()).has(id),
    available: await vested.available(id),
  };
}

async function contest(sanction: Sanction) {
  const { unit, decisionId } = sanction;
  const order = {
    decisionId,
    accountId: unit.accountId,
    source: 'portal',
    filedBy: unit.accountId,
    language: 'en',
  } as const;
  const filed = await world.appeals.file({ ...order, text: 'This was a novel I translate.' });
  if (!filed.ok) throw new Error(filed.refusal.message);
  return filed.value;
}

async function overturn(sanction: Sanction, appeals = world.appeals) {
  const appeal = await contest(sanction);
  const decided = await appeals.decide(
    appeal.id,
    { ...ANSWER, outcome: 'overturned', reason: 'not_found' },
    'staff_bea',
  );
  if (!decided.ok) throw new Error(decided.refusal.message);
  return decided.value;
}

const STEPS_BELOW: readonly Step[] = ['notice', 'warning', 'friction', 'throttle', 'cool_off', 'suspend'];

test('what linked accounts did stays theirs when the decision about one of them was wrong', async () => {
  const [wronged, other] = [await person(), await person()];
  const [own, theirs] = [world.offend(wronged.id, 1), world.offend(other.id, 2)];
  const before = await stateOf(other);
  const unit = { kind: 'account', accountId: wronged.id } as const;
  const facts = factsOf([...own, ...theirs], world.nowMs());
  const [paused, suspended] = [
    await world.impose({ unit, step: 'cool_off', facts }),
    await world.impose({ unit, step: 'suspend', facts }),
  ];
  await overturn(suspended);
  expect((await stateOf(wronged)).figures.strikes).toBe(0);
  expect((await world.sanctions.get(paused.id))?.ended?.how).toBe('reversed');
  expect(await stateOf(other)).toEqual(before);
  expect(theirs.map((id) => world.judgement.incident(id)?.state)).toEqual(['confirmed', 'confirmed']);
});

test('an overturned appeal leaves no trace in effect, whatever came before it', async () => {
  const history = fc.array(
    fc.record({
      step: fc.constantFrom(...STEPS_BELOW),
      offences: fc.integer({ min: 1, max: 3 }),
      hours: fc.integer({ min: 0, max: 60 }),
    }),
    { minLength: 1, maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(history, fc.boolean(), async (turns, followed) => {
      const wronged = await person();
      const before = await stateOf(wronged);
      const incidents: string[] = [];
      let last: Sanction | null = null;
      for (const { step, offences, hours } of turns) {
        incidents.push(...world.offend(wronged.id, offences));
        const imposed = await world.sanctions.impose({
          unit: { kind: 'account', accountId: wronged.id },
          step,
          scope: null,
          untilMs: null,
          facts: factsOf([...incidents], world.nowMs()),
          certificate: null,
          author: { kind: 'staff', ids: ['staff_ann'] },
          note: '',
          alternatives: 'none',
          linkedTo: null,
          delayMs: 0,
        });
        if (imposed.ok) last = imposed.value;
        if (followed) await world.follow();
        world.pass(hours * HOUR_MS);
        await world.vested.plans.ledger.expire();
      }
      if (last === null) return;
      // Those that were refused because a graver one held added incidents that nothing rests on.
      world.judgement.undo(incidents, world.nowMs());
      await overturn(last);
      if (followed) await world.follow();
      expect(await stateOf(wronged)).toEqual(before);
      expect(await world.vested.plans.total()).toBe(0n);
    }),
    { numRuns: 25 },
  );
  expect(await world.vested.plans.audit()).toEqual([]);
}, 60_000);

test('what followed from it ends with it, on accounts that were only linked, too', async () => {
  const [guilty, linked] = [await person(), await person()];
  const before = [await stateOf(guilty), await stateOf(linked)];
  const incidents = world.offend(guilty.id, 2);
  const unit = { kind: 'account', accountId: guilty.id } as const;
  const first = await world.impose({ unit, step: 'suspend', facts: factsOf(incidents, world.nowMs()) });
  const follower = await world.impose({
    unit: { kind: 'account', accountId: linked.id },
    step: 'cool_off',
    linkedTo: first.id,
  });
  await world.follow();
  world.pass(30 * HOUR_MS);
  await overturn(first);
  await world.follow();
  expect([await stateOf(guilty), await stateOf(linked)]).toEqual(before);
  expect((await world.sanctions.get(follower.id))?.ended?.how).toBe('reversed');
});

test('credit that would have run out in the meantime lasts longer by just the time that was lost', async () => {
  const wronged = await person(5);
  const { ledger } = world.vested.plans;
  const grantsOf = async () =>
    (await ledger.balance(wronged.id)).grants.filter(({ source, available }) => source !== 'signup' && available > 0n);
  const [given] = await grantsOf();
  world.pass(DAY_MS);
  const suspended = await world.impose({ unit: { kind: 'account', accountId: wronged.id }, step: 'suspend' });
  world.pass(10 * DAY_MS);
  await ledger.expire();
  expect(await grantsOf()).toEqual([]);
  await overturn(suspended);
  const [kept, ...more] = await grantsOf();
  expect(more).toEqual([]);
  expect(kept).toMatchObject({ amount: usd('3'), available: usd('3'), kind: 'promo', source: 'restored' });
  expect((kept?.expiresAtMs ?? 0) - (given?.expiresAtMs ?? 0)).toBe(10 * DAY_MS);
});

test('two appeals that were filed side by side give the same time back once', async () => {
  const wronged = await person(50);
  const { ledger } = world.vested.plans;
  const ends = async () =>
    (await ledger.balance(wronged.id)).grants
      .filter(({ source, available }) => source !== 'signup' && available > 0n)
      .map(({ expiresAtMs }) => expiresAtMs ?? 0);
  const [end = 0] = await ends();
  const facts = factsOf(world.offend(wronged.id, 2), world.nowMs());
  const unit = { kind: 'account', accountId: wronged.id } as const;
  const paused = await world.impose({ unit, step: 'cool_off', facts });
  world.pass(10 * HOUR_MS);
  const suspended = await world.impose({ unit, step: 'suspend', facts });
  world.pass(10 * DAY_MS);
  const filed = [await contest(paused), await contest(suspended)];
  for (const { id } of filed) {
    const answer = { ...ANSWER, outcome: 'overturned', reason: 'not_found' } as const;
    expect((await world.appeals.decide(id, answer, 'staff_bea')).ok).toBe(true);
    world.pass(HOUR_MS);
  }
  expect(await ends()).toEqual([end + 10 * DAY_MS + 10 * HOUR_MS]);
});

test('a process that ends anywhere in it goes on at its next start, and does nothing twice', async () => {
  for (const at of RESTITUTION_STEPS.keys()) {
    const wronged = await person();
    const before = await stateOf(wronged);
    const incidents = world.offend(wronged.id, 3);
    const suspended = await world.impose({
      unit: { kind: 'account', accountId: wronged.id },
      step: 'suspend',
      facts: factsOf(incidents, world.nowMs()),
    });
    await world.follow();
    world.pass(20 * HOUR_MS);
    const dying = world.broken((deps) => dyingAt(at, deps));
    const overturned = await overturn(suspended, dying);
    const done = (await world.appeals.restitutionOf(overturned.id)).filter(({ doneAtMs }) => doneAtMs !== null);
    expect(done.length).toBeLessThan(RESTITUTION_STEPS.length);
    expect(await world.appeals.resume()).toBe(1);
    await world.follow();
    expect(await stateOf(wronged)).toEqual(before);
    expect((await world.appeals.restitutionOf(overturned.id)).every(({ doneAtMs }) => doneAtMs !== null)).toBe(true);
    expect(await world.appeals.resume()).toBe(0);
    expect(await stateOf(wronged)).toEqual(before);
  }
  expect(await world.vested.plans.audit()).toEqual([]);
}, 60_000);

/** The writer dies under the note that step `at` is done, so that what the step did was done and is not known to be. */
function dyingAt(at: number, deps: AppealsDeps): AppealsDeps {
  const step = RESTITUTION_STEPS[at];
  const { writer, reader } = deps.storage;
  return {
    ...deps,
    storage: {
      reader,
      writer: {
        ...writer,
        depth: () => writer.depth(),
        close: () => writer.close(),
        write(unit) {
          const isNote = unit.some(
            ({ sql, parameters }) => sql.includes('restitution_step') && parameters.includes(step),
          );
          return isNote ? Promise.reject(new Error('the process ended here')) : writer.write(unit);
        },
      },
    },
  };
}
