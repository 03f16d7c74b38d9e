import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import { createSessionCookie } from '../../credentials/cookie.ts';
import type { WayProblem } from '../contract.ts';
import { createNotes } from '../notes.ts';
import { type Asked, type Claims, type Provider, ProviderFault } from './provider.ts';
import type { PortalContext } from '../way-in.ts';

/** One way out to a service and back, held together by a cookie of the browser. */
export interface Flows<Purpose> {
  /** The redirect to the service. `purpose` comes back with the browser, sealed. */
  begin(context: PortalContext, out: WayOut<Purpose>): Promise<Response>;
  /** Whoever comes back, once; with what the service says of them. `providerOf` is null where it is no longer theirs. */
  end(
    context: PortalContext,
    back: { readonly key: string; providerOf(purpose: Purpose): Promise<Provider | null> },
  ): Promise<Result<CameBack<Purpose>, WayProblem>>;
  /** A redirect to a page of the portal, after which the way is over. */
  leave(page: string, cookies: readonly string[]): Response;
}

export interface WayOut<Purpose> {
  /** Names the service; each has a redirect address of its own, so that none can be taken for another (RFC 9700, 4.4.2). */
  readonly key: string;
  readonly provider: Provider;
  readonly redirectUri: string;
  readonly purpose: Purpose;
  /** For the service, such as `login_hint`. */
  readonly hints?: Readonly<Record<string, string>>;
}

export interface CameBack<Purpose> {
  readonly claims: Claims;
  readonly purpose: Purpose;
}

interface FlowsOptions {
  /** Of the cookie, and what its notes are for. */
  readonly name: string;
  readonly secure: boolean;
  readonly clock: Clock;
  readonly random: Random;
  /** Hears of services that fail. */
  onFault(where: string, error: unknown): void;
}

interface Note<Purpose> {
  readonly key: string;
  readonly asked: Asked;
  readonly purpose: Purpose;
}

const FLOW_MS = 600_000;
const SECRET_BYTES = 32;

export function createFlows<Purpose>(options: FlowsOptions): Flows<Purpose> {
  const { name, random, onFault } = options;
  // Lax: it must come along when the service sends the browser back.
  const cookie = createSessionCookie(name, options.secure, FLOW_MS, 'Lax');
  const notes = createNotes<Note<Purpose>>({ ...options, purpose: name, lifeMs: FLOW_MS });
  const secret = () => Buffer.from(random.bytes(SECRET_BYTES)).toString('base64url');

  return {
    async begin(_, { key, provider, redirectUri, purpose, hints }) {
      const asked: Asked = { redirectUri, state: secret(), nonce: secret(), verifier: secret() };
      try {
        const address = await provider.addressFor(asked, hints);
        return redirect(address.href, [cookie.set(notes.write({ key, asked, purpose }))]);
      } catch (error) {
        onFault(`begin a sign-in by ${name}`, error);
        return redirect(problemPage('provider_failed'), [cookie.clear()]);
      }
    },
    async end(context, { key, providerOf }) {
      const text = cookie.read(context.req.raw);
      const note = text === null ? null : notes.read(text);
      const query = new URL(context.req.url).searchParams;
      const { key: keyOfNote, asked } = note ?? { key: null, asked: null };
      const isOurs = asked !== null && keyOfNote === key && sameText(query.get('state') ?? '', asked.state);
      if (text === null || note === null || !isOurs || !notes.spend(text)) return refuse('flow_over');
      if (query.has('error')) return refuse('provider_declined');
      const provider = await providerOf(note.purpose);
      if (provider === null) return refuse('flow_over');
      try {
        return ok({ claims: await provider.claimsOf(query, note.asked), purpose: note.purpose });
      } catch (error) {
        if (!(error instanceof ProviderFault)) throw error;
        onFault(`end a sign-in by ${name}`, error);
        return refuse('provider_failed');
      }
    },
    leave: (page, cookies) => redirect(page, [cookie.clear(), ...cookies]),
  };
}

/** Where a way in ends that says nothing else, and where services are connected. */
export const START_PAGE = '/start';
export const SECURITY_PAGE = '/security';

/** The sign-in page, or another, which says what is wrong. */
export function problemPage(problem: WayProblem, page = '/sign-in'): string {
  return `${page}?${new URLSearchParams({ problem }).toString()}`;
}

/** 303: whatever the browser sent is not sent on. */
function redirect(location: string, cookies: readonly string[]): Response {
  const headers = new Headers({ location, 'referrer-policy': 'no-referrer' });
  for (const value of cookies) headers.append('set-cookie', value);
  return new Response(null, { status: 303, headers });
}

function sameText(given: string, wanted: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(wanted);
  return a.length === b.length && timingSafeEqual(a, b);
}
