import { z } from 'zod';
import type { App } from '../compose.ts';
import { sayOf } from './calls.ts';
import { answerTo, type DayDeps, type Happening } from './day.ts';
import type { Joining } from './joining.ts';
import { DEMO_PASSWORD } from './joining.ts';
import type { Newcomer } from './newcomers.ts';
import { END_USER, SCRIPTS, type Script, type TroubleRole } from './trouble-cast.ts';
import { openVisit, type Visit } from './visit.ts';

export interface TroubleDeps extends DayDeps {
  readonly app: Pick<App, 'publicFetch'>;
  readonly newcomers: readonly Newcomer[];
  readonly joining: Joining;
  readonly msOf: (share: number) => number;
}

/** What those who make trouble do over the days, and what they say to what is decided about them. */
export interface Trouble {
  readonly happenings: readonly Happening[];
  /** Requests that look like abuse and are none. */
  readonly harmless: ReadonlySet<string>;
}

/** From one ask to the next. */
const ASK_EVERY_MS = 100_000;
/** Shares of the days. */
const HEEDED_AT = 0.34;
const REPORTED_AT = 0.73;
const NOVELIST_APPEALS_AT = 0.42;
const STOPPED_APPEALS_AT = 0.22;
const ZH_APPEALS_AT = 0.92;

const standing = z.object({
  holds: z.array(z.object({ decision_id: z.string(), may_acknowledge: z.boolean() })),
});

export function createTrouble(deps: TroubleDeps): Trouble {
  const { newcomers, joining, msOf } = deps;
  const harmless = new Set<string>();
  const reported: string[] = [];

  function scriptOf({ role, from, language, asks }: Script): Happening[] {
    const who = newcomers.find((newcomer) => newcomer.role === role);
    if (who === undefined) return [];
    return asks.map((text, nth) => ({
      atMs: msOf(from) + nth * ASK_EVERY_MS,
      whose: who,
      async run() {
        const caller = joining.callerOf(who);
        if (caller === undefined) return;
        const id = await answerTo(sayOf(caller, { text, language, endUser: null }, deps.seeded), deps);
        if (role === 'novelist') harmless.add(id);
      },
    }));
  }
  function endUserAsks(): Happening[] {
    const founder = newcomers.find(({ role }) => role === 'founder');
    return END_USER.asks.map((text, nth) => ({
      atMs: msOf(END_USER.from) + nth * ASK_EVERY_MS,
      whose: END_USER,
      async run() {
        const caller = founder === undefined ? undefined : joining.callerOf(founder);
        if (caller === undefined) return;
        const said = { text, language: 'en', endUser: END_USER.name } as const;
        reported.push(await answerTo(sayOf(caller, said, deps.seeded), deps));
      },
    }));
  }
  async function visitOf(role: TroubleRole): Promise<{ readonly visit: Visit; readonly path: string } | null> {
    const who = newcomers.find((newcomer) => newcomer.role === role);
    const id = who === undefined ? undefined : joining.idOf(who);
    if (who === undefined || id === undefined) return null;
    const visit = openVisit(deps.app, who);
    await visit.ask('GET', '/portal/v1/session');
    await visit.ask('POST', '/portal/v1/session', { email: who.email, password: DEMO_PASSWORD });
    return { visit, path: `/portal/v1/accounts/${id}` };
  }
  async function heed(): Promise<void> {
    const here = await visitOf('warned');
    if (here === null) return;
    const { holds } = standing.parse(await here.visit.ask('GET', `${here.path}/standing`));
    for (const { decision_id, may_acknowledge } of holds) {
      if (may_acknowledge) await here.visit.ask('POST', `${here.path}/decisions/${decision_id}/acknowledge`, {});
    }
  }
  /** Contests the gravest of what holds. */
  async function appeal(role: TroubleRole, language: 'en' | 'zh', text: string): Promise<void> {
    const here = await visitOf(role);
    if (here === null) return;
    const { holds } = standing.parse(await here.visit.ask('GET', `${here.path}/standing`));
    const [gravest] = holds;
    if (gravest === undefined) return;
    const { decision_id } = gravest;
    await here.visit.ask('POST', `${here.path}/appeals`, { decision_id, language, text });
  }
  async function report(): Promise<void> {
    const [id] = reported;
    if (id !== undefined) await joining.company.report(id, 'One of our visitors writes threats through our app.');
  }
  const once = (at: number, run: () => Promise<void>): Happening => ({ atMs: msOf(at), whose: run, run });
  return {
    harmless,
    happenings: [
      ...SCRIPTS.flatMap(scriptOf),
      ...endUserAsks(),
      once(HEEDED_AT, heed),
      once(REPORTED_AT, report),
      once(STOPPED_APPEALS_AT, () => appeal('stopped', 'en', 'It was only a joke between friends. Let me in again.')),
      once(NOVELIST_APPEALS_AT, () => appeal('novelist', 'en', NOVELIST_WORDS)),
      once(ZH_APPEALS_AT, () => appeal('threatening_zh', 'zh', '我只是在发脾气，并没有真的要伤害谁。请重新看一下。')),
    ],
  };
}

const NOVELIST_WORDS =
  'I write crime novels. What you found are lines of my characters, from a manuscript that is to appear in spring: ' +
  'nobody is threatened but people I made up. Please read them as what they are.';
