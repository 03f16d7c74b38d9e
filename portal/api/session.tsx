import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { type ApiError, ApiFailure, apiErrorOf } from '../../console/api/api-error.ts';
import { callApi, connectSession } from '../../console/api/client.ts';
import { endedView, type SessionView, sessionView } from '../../src/people/contract.ts';

const SESSION_KEY = ['session'];
const SESSION_PATH = '/portal/v1/session';
/** What is the same for everybody, and stays when somebody comes or goes. */
const PUBLIC_PATHS: ReadonlySet<unknown> = new Set([SESSION_KEY[0], '/portal/v1/service']);
/** Milliseconds between looks at whether the session still stands. */
const RECHECK_MS = 60_000;

export interface SessionState {
  /** Undefined until the service has answered. */
  readonly session: SessionView | undefined;
  readonly error: ApiError | null;
  readonly retry: () => void;
  /** What signing in, a second factor or a proved mail address answered. */
  readonly enter: (session: SessionView) => void;
  readonly signOut: () => Promise<void>;
}

const SIGNED_OUT: SessionView = {
  state: 'signed_out',
  person: null,
  csrf: null,
  expires_at: null,
  confirmed_until: null,
  stop: null,
  waitlist_ticket: null,
};

const SessionContext = createContext<SessionState | null>(null);

/** Knows who is signed in. Everything else that was fetched is forgotten when that changes. */
export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const query = useQuery({ queryKey: SESSION_KEY, queryFn: fetchSession, refetchInterval: RECHECK_MS });
  const session = query.data;
  const state = useMemo(() => {
    const enter = (next: SessionView) => {
      connectSession({ csrf: next.csrf, onSignedOut: () => enter(SIGNED_OUT) });
      if (next.person?.id !== session?.person?.id) {
        client.removeQueries({ predicate: ({ queryKey }) => !PUBLIC_PATHS.has(queryKey[0]) });
      }
      client.setQueryData(SESSION_KEY, next);
    };
    connectSession({ csrf: session?.csrf ?? null, onSignedOut: () => enter(SIGNED_OUT) });
    const signOut = async () => {
      await callApi({ method: 'DELETE', path: SESSION_PATH, answer: endedView });
      enter(SIGNED_OUT);
    };
    const error = query.error === null ? null : apiErrorOf(query.error);
    return { session, error, retry: () => void query.refetch(), enter, signOut };
  }, [client, query, session]);
  return <SessionContext value={state}>{children}</SessionContext>;
}

async function fetchSession(): Promise<SessionView> {
  const result = await callApi({ path: SESSION_PATH, answer: sessionView });
  if (result.ok) return result.value;
  throw new ApiFailure(result.refusal);
}

export function useSession(): SessionState {
  const state = useContext(SessionContext);
  if (state === null) throw new Error('useSession is called outside of SessionProvider');
  return state;
}
