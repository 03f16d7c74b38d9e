import { z } from 'zod';
import type { App } from '../compose.ts';
import { arrivalsOf } from './arrivals.ts';
import { type Company, createCompany } from './company.ts';
import { callBy, type DayDeps, type Happening } from './day.ts';
import { COMPANY, type Newcomer, PLAN_IN_LINE } from './newcomers.ts';
import type { AskControl, ReadyCaller } from './setup.ts';
import { DEVICE_COOKIE, openVisit, signUpBy } from './visit.ts';

/** Of everybody who is made up. */
export const DEMO_PASSWORD = 'lantern harbour kite';

interface JoiningDeps extends DayDeps {
  readonly app: Pick<App, 'publicFetch'>;
  readonly ask: AskControl;
  readonly startMs: number;
  readonly endMs: number;
}

/** People who sign up, and what became of them. */
export interface Joining {
  /** Of the day that begins then: who comes, what they ask from then on, and what is decided about them. */
  happeningsOf(dayMs: number): Happening[];
  /** Those who made a key. */
  callers(): ReadyCaller[];
  /** Undefined before they made a key. */
  callerOf(who: Newcomer): ReadyCaller | undefined;
  /** Undefined before they signed up. */
  idOf(who: Newcomer): string | undefined;
  readonly company: Company;
  /** What the farm asked so far. */
  farmRequests(): number;
}

const madeKey = z.object({ key: z.string() });
/** Since signing up, before an app asks its first question. */
const REST_MS = 900_000;
/** Less than a sign-up waits for its mail to be proved. */
const HELD_MS = 1_200_000;
const DAY_MS = 86_400_000;
const WEEK_MS = 604_800_000;
/** Shares of the days. */
const MEMBER_STOPPED_AT = 0.8;

/** Lets people come through the portal's own door, one after the other, each at their moment. */
export async function createJoining(newcomers: readonly Newcomer[], deps: JoiningDeps): Promise<Joining> {
  const { ask, startMs, endMs } = deps;
  const world: Joined = {
    codes: await prepareDoor(ask, endMs),
    ids: new Map(),
    callers: new Map(),
    devices: new Map(),
    company: createCompany(deps),
  };
  const msOf = (share: number) => Math.round(startMs + share * (endMs - startMs));
  let last = Promise.resolve();
  let farmRequests = 0;
  /** In their order, without holding up whoever else calls meanwhile. */
  const inTurn = (run: () => Promise<void>) => () => (last = last.then(run));

  function callsOf(who: Newcomer, dayMs: number): Happening[] {
    const { use } = who;
    if (use === null) return [];
    const fromMs = msOf(who.at) + REST_MS;
    const arrivals = arrivalsOf([{ ...use, account: NO_ACCOUNT }], dayMs, deps.seeded);
    return arrivals.filter(({ atMs }) => atMs > fromMs).map(({ atMs }) => ({ atMs, whose: who, run: () => call(who) }));
  }
  async function call(who: Newcomer): Promise<void> {
    const caller = world.callers.get(who);
    if (caller === undefined) return;
    if (who.role === 'farmed') farmRequests++;
    await callBy(caller, deps);
  }
  return {
    callers: () => [...world.callers.values()],
    callerOf: (who) => world.callers.get(who),
    idOf: (who) => world.ids.get(who),
    company: world.company,
    farmRequests: () => farmRequests,
    happeningsOf(dayMs) {
      const events = [
        ...newcomers.map((who) => ({ at: who.at, run: () => join(who, world, deps) })),
        { at: MEMBER_STOPPED_AT, run: () => world.company.stopOne() },
      ];
      const happenings = events.map(
        ({ at, run }): Happening => ({
          atMs: msOf(at),
          whose: run,
          heldMs: HELD_MS,
          run: inTurn(run),
        }),
      );
      return [
        ...happenings.filter(({ atMs }) => atMs >= dayMs && atMs < dayMs + DAY_MS),
        ...newcomers.flatMap((who) => callsOf(who, dayMs)),
      ];
    },
  };
}

/** Newcomers make their keys themselves: no account of the cast is theirs. */
const NO_ACCOUNT = -1;

interface Joined {
  /** Of invitations nobody used yet. */
  readonly codes: string[];
  readonly ids: Map<Newcomer, string>;
  readonly callers: Map<Newcomer, ReadyCaller>;
  /** What the portal told each browser apart by. */
  readonly devices: Map<string, string>;
  readonly company: Company;
}

async function join(who: Newcomer, world: Joined, { app, clock }: JoiningDeps): Promise<void> {
  const known = world.devices.get(who.device);
  const cookies = new Map<string, string>(known === undefined ? [] : [[DEVICE_COOKIE, known]]);
  const visit = openVisit(app, who, cookies);
  const invitation = who.role === 'guest' ? (world.codes.pop() ?? null) : null;
  const id = await signUpBy(visit, app, { who, password: DEMO_PASSWORD, invitation, pass: clock.pass });
  world.devices.set(who.device, cookies.get(DEVICE_COOKIE) ?? '');
  world.ids.set(who, id);
  const workspace = await world.company.arrived(who, visit);
  if (who.use === null) return;
  const order = { name: 'first key', app: workspace === null ? null : COMPANY.app };
  const answer = await visit.ask('POST', `/portal/v1/accounts/${workspace ?? id}/keys`, order);
  const { key } = madeKey.parse(answer);
  const networks = [who.address.split('.').slice(0, 3).join('.')];
  world.callers.set(who, { ...who.use, account: NO_ACCOUNT, networks, keyText: key });
}

/** One plan has a line before it, and some were invited past it. Gives their codes. */
async function prepareDoor(ask: AskControl, endMs: number): Promise<string[]> {
  const reason = 'Places come by and by, as there is room.';
  const state = { plan: PLAN_IN_LINE, region: null, state: 'waitlist', reason, retry_at: null };
  await ask('/control/v1/sign-up/states', state, 'PUT');
  const expires_at = new Date(endMs + WEEK_MS).toISOString();
  const batch = { name: 'Harbour meetup', plan: PLAN_IN_LINE, codes: 20, uses_each: 1, expires_at };
  const answer = await ask('/control/v1/sign-up/batches', batch);
  return z.object({ invitations: z.array(z.string()) }).parse(answer).invitations;
}
