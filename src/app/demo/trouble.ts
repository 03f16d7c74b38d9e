import { sayOf } from './calls.ts';
import { answerTo, type DayDeps, type Happening } from './day.ts';
import type { Joining } from './joining.ts';
import type { Newcomer } from './newcomers.ts';
import { END_USER, SCRIPTS, type Script } from './trouble-cast.ts';

interface TroubleDeps extends DayDeps {
  readonly newcomers: readonly Newcomer[];
  readonly joining: Pick<Joining, 'callerOf' | 'company'>;
  readonly msOf: (share: number) => number;
}

/** What those who make trouble, or seem to, ask over the days. */
interface Trouble {
  readonly happenings: readonly Happening[];
  /** What their requests really are, by id: whoever reads them well sees it. */
  readonly meant: ReadonlyMap<string, 'abuse' | 'harmless'>;
}

/** From one ask to the next. */
const ASK_EVERY_MS = 100_000;
const REPORTED_AT = 0.73;

export function createTrouble(deps: TroubleDeps): Trouble {
  const { newcomers, joining, msOf, seeded } = deps;
  const meant = new Map<string, 'abuse' | 'harmless'>();
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
        const id = await answerTo(sayOf(caller, { text, language, endUser: null }, seeded), deps);
        meant.set(id, role === 'novelist' ? 'harmless' : 'abuse');
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
        const id = await answerTo(sayOf(caller, said, seeded), deps);
        meant.set(id, 'abuse');
        reported.push(id);
      },
    }));
  }
  async function report(): Promise<void> {
    const [id] = reported;
    if (id !== undefined) await joining.company.report(id, 'One of our visitors writes threats through our app.');
  }
  return {
    meant,
    happenings: [
      ...SCRIPTS.flatMap(scriptOf),
      ...endUserAsks(),
      { atMs: msOf(REPORTED_AT), whose: report, run: report },
    ],
  };
}
