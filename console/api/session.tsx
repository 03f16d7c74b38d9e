import type { Permission } from '../../src/http/contract.ts';
import { endedView, type SessionView, sessionView } from '../../src/staff/contract.ts';
import { createSessionHolder } from './session-holder.tsx';

const SIGNED_OUT: SessionView = {
  state: 'signed_out',
  staff: null,
  permissions: [],
  csrf: null,
  expires_at: null,
};

/** Who of the staff is signed in. */
export const { SessionProvider, useSession } = createSessionHolder<SessionView>({
  path: '/control/v1/session',
  answer: sessionView,
  ended: endedView,
  signedOut: SIGNED_OUT,
  whoOf: ({ staff }) => staff?.id ?? null,
  publicPaths: new Set(),
});

/** Whether whoever is signed in may do this: for hiding what may not be used. The service checks it again. */
export function useMay(): (permission: Permission) => boolean {
  const { session } = useSession();
  return (permission) => session?.permissions.includes(permission) ?? false;
}
