import { Hono } from 'hono';
import type { Clock } from '../base/clock.ts';
import type { MintId } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import type { Actor, ControlVariables } from '../http/control-api.ts';
import type { Permission } from '../http/contract.ts';
import type { Storage } from '../storage/sql/storage.ts';
import { createAttempts } from '../credentials/attempts.ts';
import { createSessionCookie } from '../credentials/cookie.ts';
import { entryRoutes } from './entry/routes.ts';
import { createPasswords, type Passwords } from '../credentials/passwords.ts';
import { createPeople } from './people.ts';
import { roleMay } from './roles.ts';
import { sessionRoutes } from './session-routes.ts';
import { createSessions } from './sessions.ts';
import type { SignedIn } from './signed-in.ts';
import { staffRoutes } from './staff-routes.ts';
import { hasActiveOwner, type Member as StaffMember } from './store.ts';
import { mintToken } from '../credentials/tokens.ts';
import { auditRoutes } from './trail/routes.ts';
import { createTrail, type Trail } from './trail/trail.ts';

export interface StaffDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly mintId: MintId;
  readonly config: StaffConfig;
  /** Of the usual cost when left out. */
  readonly passwords?: Passwords;
}

export interface StaffConfig {
  /** Where people open the console, such as `https://console.example.com`; null: an address of this machine. */
  readonly publicUrl: string | null;
  /** A session that is not used for this long ends. */
  readonly sessionIdleMs: number;
  /** A session ends after this long, used or not. */
  readonly sessionMaxMs: number;
}

/** The people of the staff: how they sign in, what they may do, and the trail of what they did. */
export interface Staff {
  /** Described by `staffControlApi`. Reads `actor` and `networkPrefix` from the context. */
  readonly routes: Hono<{ Variables: ControlVariables }>;
  /** Who sent this cookie; null for nobody. Looked up each time, so that an end takes effect at once. */
  authenticate(request: Request, networkPrefix: string | null): Promise<SignedIn | null>;
  /**
   * Calls `onEnd` once when the session ends, however it ends: at once when it is ended, within 30 s when it expires.
   * Call what it returns when the stream is over. A session that has ended already is told right away.
   */
  watch(sessionId: string, onEnd: () => void): () => void;
  /** Whether a role has a permission; see `roles.ts`. */
  may(session: Actor, permission: string): 'yes' | 'no';
  roleMay(role: string, permission: Permission): boolean;
  /** Everybody, the disabled ones included. */
  people(): Promise<readonly StaffMember[]>;
  readonly trail: Pick<Trail, 'begin' | 'end'>;
  /** What the first owner is made with, for the greeting; null when there is an owner. Minted anew at each start. */
  setupToken(): Promise<string | null>;
  readonly jobs: readonly { readonly name: string; readonly everyMs: number; run(): Promise<unknown> }[];
}

/** Sessions that expired are told within this time. */
const SWEEP_MS = 30_000;

export function createStaff(deps: StaffDeps): Staff {
  const { storage, clock, mintId, config } = deps;
  const { reader } = storage;
  const sessions = createSessions({ ...deps, idleMs: config.sessionIdleMs, maxMs: config.sessionMaxMs });
  const trail = createTrail(deps);
  const passwords = deps.passwords ?? createPasswords();
  const attempts = createAttempts(clock);
  const entry = { reader, clock, mintId, sessions, passwords, attempts, trail };
  const setupToken = mintToken(deps.random);
  const people = createPeople({ ...deps, reader, mintId, sessions });
  const secure = config.publicUrl?.startsWith('https:') ?? false;
  const cookie = createSessionCookie('candor', secure, config.sessionMaxMs);
  const routes = new Hono<{ Variables: ControlVariables }>();
  routes.route('/', entryRoutes({ entry, setupToken, cookie }));
  routes.route('/', sessionRoutes({ reader, sessions, cookie }));
  routes.route('/', staffRoutes(people, config.publicUrl));
  routes.route('/', auditRoutes(reader));
  return {
    routes,
    async authenticate(request, networkPrefix) {
      const token = cookie.read(request);
      return token === null ? null : sessions.find(token, networkPrefix);
    },
    may: (session, permission) => (session.kind === 'staff' && roleMay(session.role, permission) ? 'yes' : 'no'),
    roleMay,
    watch: (sessionId, onEnd) => sessions.watch(sessionId, onEnd),
    trail,
    people: people.list,
    setupToken: async () => ((await hasActiveOwner(reader)) ? null : setupToken),
    jobs: [{ name: 'end expired sessions', everyMs: SWEEP_MS, run: () => sessions.sweep() }],
  };
}
