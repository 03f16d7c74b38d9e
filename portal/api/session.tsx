import { createSessionHolder } from '../../console/api/session-holder.tsx';
import { endedView, type SessionView, sessionView } from '../../src/people/contract.ts';

const SIGNED_OUT: SessionView = {
  state: 'signed_out',
  person: null,
  csrf: null,
  expires_at: null,
  confirmed_until: null,
  stop: null,
  waitlist_ticket: null,
};

/** Who of the people is signed in. */
export const { SessionProvider, useSession } = createSessionHolder<SessionView>({
  path: '/portal/v1/session',
  answer: sessionView,
  ended: endedView,
  signedOut: SIGNED_OUT,
  whoOf: ({ person }) => person?.id ?? null,
  publicPaths: new Set(['/portal/v1/service']),
});
