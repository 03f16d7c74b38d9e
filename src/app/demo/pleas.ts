import { z } from 'zod';
import type { Happening } from './day.ts';
import { DEMO_PASSWORD, type Joining } from './joining.ts';
import type { Newcomer } from './newcomers.ts';
import type { TroubleRole } from './trouble-cast.ts';
import { openVisit, type Visit } from './visit.ts';

interface PleasDeps {
  readonly app: Parameters<typeof openVisit>[0];
  readonly newcomers: readonly Newcomer[];
  readonly joining: Pick<Joining, 'idOf'>;
  readonly msOf: (share: number) => number;
}

/** Shares of the days. */
const HEEDED_AT = 0.46;
const NOVELIST_APPEALS_AT = 0.42;
const STOPPED_APPEALS_AT = 0.22;
const ZH_APPEALS_AT = 0.92;

const standing = z.object({
  holds: z.array(z.object({ decision_id: z.string(), may_acknowledge: z.boolean() })),
});

/** What people say in the portal to what was decided about them: one has read it, three contest it. */
export function pleasOf({ app, newcomers, joining, msOf }: PleasDeps): Happening[] {
  async function visitOf(role: TroubleRole): Promise<{ readonly visit: Visit; readonly path: string } | null> {
    const who = newcomers.find((newcomer) => newcomer.role === role);
    const id = who === undefined ? undefined : joining.idOf(who);
    if (who === undefined || id === undefined) return null;
    const visit = openVisit(app, who);
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
    const [gravest] = standing.parse(await here.visit.ask('GET', `${here.path}/standing`)).holds;
    if (gravest === undefined) return;
    const { decision_id } = gravest;
    await here.visit.ask('POST', `${here.path}/appeals`, { decision_id, language, text });
  }
  const once = (at: number, run: () => Promise<void>): Happening => ({ atMs: msOf(at), whose: run, run });
  return [
    once(STOPPED_APPEALS_AT, () => appeal('stopped', 'en', 'It was only a joke between friends. Let me in again.')),
    once(HEEDED_AT, heed),
    once(NOVELIST_APPEALS_AT, () => appeal('novelist', 'en', NOVELIST_WORDS)),
    once(ZH_APPEALS_AT, () => appeal('threatening_zh', 'zh', '我只是在发脾气，并没有真的要伤害谁。请重新看一下。')),
  ];
}

const NOVELIST_WORDS =
  'I write crime novels. What you found are lines of my characters, from a manuscript that is to appear in spring: ' +
  'nobody is threatened but people I made up. Please read them as what they are.';
