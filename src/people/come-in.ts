import { ok, refuse, type Result } from '../base/result.ts';
import type { Locale } from './contract.ts';
import type { Cookies } from './cookies.ts';
import { type Entered, enter } from './entry/enter.ts';
import { EMAIL_TAKEN, join } from './entry/join.ts';
import { factsOf, originOf, type PortalContext } from './origin.ts';
import { emailKeyOf } from './person.ts';
import { readPerson, requireUnchanged } from './person-store.ts';
import { CHANGED_MEANWHILE, type PeopleRefusal } from './refusal.ts';
import { toSessionView } from './views.ts';
import type { CameIn, ComeIn, JoinIn } from './way-in.ts';
import type { WayDeps } from './way.ts';

/** What other ways in than a password end with: a passkey, another service, single sign-on. */
export interface OtherWays {
  readonly comeIn: ComeIn;
  readonly joinIn: JoinIn;
  /** Who has shown a password in this browser and no second factor yet. */
  readonly halfOf: (request: Request) => Promise<string | null>;
}

export function createOtherWays(way: WayDeps, cookies: Cookies): OtherWays {
  async function cameIn({ person, session }: Entered): Promise<CameIn> {
    return { cookie: cookies.session.set(session.token), view: await toSessionView(way, person, session) };
  }

  async function comeIn(
    context: PortalContext,
    personId: string,
    { method, secondFactor, unit }: Parameters<ComeIn>[2],
  ): Promise<Result<CameIn, PeopleRefusal>> {
    const person = await readPerson(way.reader, 'id', personId);
    if (person === null) return refuse(CHANGED_MEANWHILE);
    const statements = [requireUnchanged(person), ...unit];
    const entering = { method, factorsDone: secondFactor === 'done', statements };
    const entered = await enter(way, person, originOf(context, cookies), entering);
    return entered.ok ? ok(await cameIn(entered.value)) : refuse(CHANGED_MEANWHILE);
  }

  const joining = new Set<string>();
  async function joinIn(context: PortalContext, newcomer: Parameters<JoinIn>[1]) {
    const { email, name, method, plan, invitation, letInBy } = newcomer;
    const emailKey = emailKeyOf(email);
    // Looked up before an account is made for nothing; of two at once, the second comes too late.
    const isKnown = joining.has(emailKey) || (await readPerson(way.reader, 'email_key', emailKey)) !== null;
    if (isKnown) return refuse(EMAIL_TAKEN);
    joining.add(emailKey);
    try {
      const origin = originOf(context, cookies);
      const facts = factsOf(context, cookies, { email, formMs: null, atMs: way.clock.wallMs() });
      const at = { plan, region: way.regionOf(origin.networkPrefix) };
      const who = { email, name, locale: localeOf(context), password: null, facts, rungs: [] };
      const how = { method, letInBy, way: at, invitation, statements: newcomer.statements };
      const entered = await join(way, { ...who, ...how }, origin);
      if (!entered.ok) return entered;
      return ok({ ...(await cameIn(entered.value)), personId: entered.value.person.id });
    } finally {
      joining.delete(emailKey);
    }
  }

  return {
    comeIn,
    joinIn,
    async halfOf(request) {
      const token = cookies.session.read(request);
      return token === null ? null : ((await way.sessions.findHalf(token))?.personId ?? null);
    },
  };
}

/** The first language of the browser, as far as the portal speaks it. */
function localeOf(context: PortalContext): Locale {
  return /^\s*zh\b/i.test(context.req.header('accept-language') ?? '') ? 'zh' : 'en';
}
