/** The rules over real books: whatever happens in whatever order, at once too, the books say what the rules decided. */
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { usd } from '../../../test/world/plans.ts';
import { openVestingWorld, type VestingWorld } from '../../../test/world/vesting.ts';

const ACCOUNTS = 4;
const RUNS = 12;
const TIMEOUT_MS = 60_000;

interface Play {
  readonly world: VestingWorld;
  readonly ids: readonly string[];
  readonly held: { end(price: bigint): Promise<void> }[];
}

type Step = (play: Play) => Promise<unknown>;

const who = fc.nat({ max: ACCOUNTS - 1 });
const idOf = ({ ids }: Play, at: number): string => ids[at] ?? '';

const step: fc.Arbitrary<Step> = fc.oneof(
  who.map(
    (at): Step =>
      (play) =>
        play.world.vesting.began(idOf(play, at)),
  ),
  fc.tuple(who, fc.constantFrom('phone', 'card', 'organisation'), fc.nat({ max: 1 })).map(
    ([at, rung, token]): Step =>
      (play) =>
        play.world.vesting.proved(idOf(play, at), rung, { token: `${rung} ${token}` }),
  ),
  fc.tuple(who, fc.nat({ max: 90 })).map(
    ([at, cents]): Step =>
      (play) =>
        play.world.spend(idOf(play, at), usd('0.01') * BigInt(cents + 1)),
  ),
  fc.tuple(who, fc.nat({ max: 90 })).map(
    ([at, cents]): Step =>
      async (play) => {
        const held = await play.world.hold(idOf(play, at), usd('0.01') * BigInt(cents + 1));
        if (held !== null) play.held.push(held);
      },
  ),
  fc.nat({ max: 100 }).map(
    (share): Step =>
      async (play) => {
        await play.held.shift()?.end((usd('0.02') * BigInt(share)) / 100n);
      },
  ),
  fc.array(fc.nat({ max: 2 }), { minLength: ACCOUNTS, maxLength: ACCOUNTS }).map(
    (groups): Step =>
      (play) =>
        play.world.group(
          [0, 1, 2].map((group) => play.ids.filter((_, at) => groups[at] === group)).filter((one) => one.length > 0),
        ),
  ),
  who.map(
    (at): Step =>
      (play) =>
        play.world.vesting.clawBack(idOf(play, at), 'a test'),
  ),
  who.map(
    (at): Step =>
      (play) =>
        play.world.vesting.restore(idOf(play, at)),
  ),
  fc.constant((play: Play) => play.world.vesting.tick()),
);

test(
  'any history, step by step and at once, leaves books that say what the rules decided',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { maxLength: 16 }), async (turns) => {
        const world = await openVestingWorld();
        try {
          const ids = await Promise.all(Array.from({ length: ACCOUNTS }, () => world.account()));
          const play: Play = { world, ids, held: [] };
          for (const [at, turn] of turns.entries()) {
            world.plans.at(new Date(Date.parse('2026-02-01T00:00:00Z') + at * 7 * 3_600_000).toISOString());
            await Promise.all(turn.map((run) => run(play)));
          }
          for (const held of play.held) await held.end(usd('0.01'));
          await world.plans.revocations.sweep();
          for (let tick = 0; tick < 3; tick++) await world.vesting.tick();
          // Requests here are made without the gateway, which would have recorded them.
          const unrecorded = 'what was booked for a request has its record, or the request is open';
          expect((await world.plans.audit()).filter((rule) => rule !== unrecorded)).toEqual([]);
          expect(await world.plans.total()).toBe(0n);
          for (const id of ids) {
            const state = await world.vesting.stateOf(id);
            if (state !== null && state.sharedWith.length === 0) expect(state.given <= usd('20')).toBe(true);
          }
        } finally {
          await world.close();
        }
      }),
      { numRuns: RUNS },
    );
  },
  TIMEOUT_MS,
);
