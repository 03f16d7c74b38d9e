import { OWN_PERMISSIONS, type OwnPermission, type Permission } from '../http/contract.ts';
import type { Guard, Leave, SignedIn } from '../http/guard.ts';
import type { Cookies } from './cookies.ts';
import type { OwnStop } from './seams.ts';
import type { Sessions } from './sessions.ts';
import { isPerson } from './signed-in.ts';

export interface GuardDeps {
  readonly sessions: Pick<Sessions, 'find' | 'watch'>;
  readonly cookies: Pick<Cookies, 'session'>;
  /** What somebody may do in an account they belong to, their own too, as its standing is; `unknown` in any other. */
  mayIn(personId: string, permission: OwnPermission, accountId: string): Leave | Promise<Leave>;
  stopOf(accountId: string): OwnStop | null;
  readonly trail: Guard['trail'];
}

const OWN: ReadonlySet<string> = new Set(OWN_PERMISSIONS);
/** Whoever waits in line sees that their account is there, and nothing more. */
const WAITING: ReadonlySet<string> = new Set<OwnPermission>(['own.account.read']);
/** Nobody loses the way to contest what is held against them. */
const CONTEST: OwnPermission = 'own.contest.write';
/** Stops of the own account that say nothing against the person: they act for their workspaces as before. */
const HARMLESS: ReadonlySet<string> = new Set(['owner', 'admin', 'plan']);

/** Whose session it is, and what they may do with it in which account. */
export function createPeopleGuard(deps: GuardDeps): Guard {
  return {
    async authenticate(request, networkPrefix) {
      const token = deps.cookies.session.read(request);
      return token === null ? null : deps.sessions.find(token, networkPrefix);
    },
    may: (session, permission, objects) => may(deps, session, permission, objects['account']),
    watch: (sessionId, onEnd) => deps.sessions.watch(sessionId, onEnd),
    trail: deps.trail,
  };
}

function may(
  { mayIn, stopOf }: GuardDeps,
  session: SignedIn,
  permission: Permission | OwnPermission,
  account: string | undefined,
): Leave | Promise<Leave> {
  if (!isPerson(session) || !isOwn(permission) || account === undefined) return 'no';
  const isTheirs = account === session.id;
  if (session.state === 'waitlisted') {
    if (!isTheirs) return 'unknown';
    return WAITING.has(permission) ? 'yes' : 'no';
  }
  const stop = isTheirs || permission.endsWith('.read') || permission === CONTEST ? null : stopOf(session.id);
  if (stop === null || HARMLESS.has(stop.cause)) return mayIn(session.id, permission, account);
  return readOnly(mayIn(session.id, permission, account));
}

/** What is hidden from them stays hidden; the rest they may not do. */
async function readOnly(leave: Leave | Promise<Leave>): Promise<Leave> {
  return (await leave) === 'unknown' ? 'unknown' : 'no';
}

function isOwn(permission: string): permission is OwnPermission {
  return OWN.has(permission);
}
