import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { type ApiError, ApiFailure, apiErrorOf } from './api-error.ts';
import { type ApiRequest, callApi, connectSession } from './client.ts';

const SESSION_KEY = ['session'];
/** Milliseconds between looks at whether the session still stands. */
const RECHECK_MS = 60_000;

/** How a site knows who is signed in to it. */
export interface SessionKind<Session extends { readonly csrf: string | null }> {
  /** Asked for who is signed in; taken away to sign out. */
  readonly path: string;
  readonly answer: ApiRequest<Session>['answer'];
  readonly ended: ApiRequest<unknown>['answer'];
  readonly signedOut: Session;
  /** Null while nobody is signed in. */
  readonly whoOf: (session: Session) => string | null;
  /** Paths whose answers are the same for everybody, and stay when somebody comes or goes. */
  readonly publicPaths: ReadonlySet<unknown>;
}

export interface SessionState<Session> {
  /** Undefined until the service has answered. */
  readonly session: Session | undefined;
  readonly error: ApiError | null;
  readonly retry: () => void;
  /** What signing in, or whatever else begins a session, answered. */
  readonly enter: (session: Session) => void;
  readonly signOut: () => Promise<void>;
}

/** Knows who is signed in. Everything else that was fetched is forgotten when that changes. */
export function createSessionHolder<Session extends { readonly csrf: string | null }>(kind: SessionKind<Session>) {
  const SessionContext = createContext<SessionState<Session> | null>(null);

  function SessionProvider({ children }: { readonly children: ReactNode }) {
    const client = useQueryClient();
    const query = useQuery({ queryKey: SESSION_KEY, queryFn: fetchSession, refetchInterval: RECHECK_MS });
    const session = query.data;
    const state = useMemo(() => {
      const enter = (next: Session) => {
        connectSession({ csrf: next.csrf, onSignedOut: () => enter(kind.signedOut) });
        if (kind.whoOf(next) !== (session === undefined ? null : kind.whoOf(session))) {
          client.removeQueries({ predicate: ({ queryKey: [path] }) => path !== SESSION_KEY[0] && !isPublic(path) });
        }
        client.setQueryData(SESSION_KEY, next);
      };
      connectSession({ csrf: session?.csrf ?? null, onSignedOut: () => enter(kind.signedOut) });
      const signOut = async () => {
        await callApi({ method: 'DELETE', path: kind.path, answer: kind.ended });
        enter(kind.signedOut);
      };
      const error = query.error === null ? null : apiErrorOf(query.error);
      return { session, error, retry: () => void query.refetch(), enter, signOut };
    }, [client, query, session]);
    return <SessionContext value={state}>{children}</SessionContext>;
  }

  function isPublic(path: unknown): boolean {
    return kind.publicPaths.has(path);
  }

  async function fetchSession(): Promise<Session> {
    const result = await callApi({ path: kind.path, answer: kind.answer });
    if (result.ok) return result.value;
    throw new ApiFailure(result.refusal);
  }

  function useSession(): SessionState<Session> {
    const state = useContext(SessionContext);
    if (state === null) throw new Error('useSession is called outside of SessionProvider');
    return state;
  }

  return { SessionProvider, useSession };
}
