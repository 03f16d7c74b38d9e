import type { Accounts, ApiKey } from '../accounts/index.ts';
import type { Clock } from '../base/clock.ts';
import type { MintId } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import { createAttempts } from '../credentials/attempts.ts';
import type { ControlHono } from '../http/control.ts';
import type { Guard } from '../http/guard.ts';
import type { Outbound } from '../http/outbound.ts';
import type { SendMail } from '../mail/send-mail.ts';
import { loadSecretFile } from '../storage/secret-file.ts';
import type { Storage } from '../storage/sql/storage.ts';
import { type Arrival, createArrival } from './account/arrival.ts';
import { closeDue, settleClosings } from './account/closing.ts';
import { createOwnAccounts, type OwnAccounts } from './account/own-accounts.ts';
import { ownAccountRoutes } from './account/routes.ts';
import { type Apps, createApps } from './apps/apps.ts';
import type { ModelTable } from './apps/model-table.ts';
import { appRoutes } from './apps/routes.ts';
import { type Belongings, createBelongings } from './belonging.ts';
import type { WorkspaceParts } from './deps.ts';
import { createDomains, type ResolveTxt } from './domains/domains.ts';
import { domainRoutes } from './domains/routes.ts';
import { createInvitations, type Invitations } from './invitations/invitations.ts';
import { invitationRoutes } from './invitations/routes.ts';
import { finishCutOffs } from './members/cut-off.ts';
import { createMembers, type Members } from './members/members.ts';
import type { Member } from './members/member.ts';
import { memberRoutes } from './members/routes.ts';
import { readMember, readMembers, readNames, type MemberPage } from './members/store.ts';
import type { PersonDirectory } from './person.ts';
import { createPersonalData, type PersonalData } from './personal/personal.ts';
import { createScim, type ScimFetch } from './scim/serve.ts';
import { scimTokenRoutes } from './scim/token-routes.ts';
import { createScimUsers } from './scim/users.ts';
import { ssoRoutes } from './sso/routes.ts';
import type { SsoLookup } from '../people/index.ts';
import { createSso } from './sso/sso.ts';
import { trailRoutes } from './trail/routes.ts';
import { createTrail } from './trail/trail.ts';

export interface WorkspacesDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: Random;
  readonly mintId: MintId;
  readonly accounts: Accounts;
  readonly standing: WorkspaceParts['standing'];
  readonly people: PersonDirectory;
  readonly sendMail: SendMail;
  readonly resolveTxt: ResolveTxt;
  /** Whether addresses of a mail domain are given to anybody. */
  readonly isSharedMail: (domain: string) => boolean;
  readonly outbound: Pick<Outbound, 'check'>;
  /** Ends sessions of people of these mail domains who came another way than by single sign-on, and must not. */
  readonly enforceSso: (domains: readonly string[]) => Promise<unknown>;
  /** Hears of a workspace that has shown a domain to be its own. */
  readonly domainVerified: (accountId: string, domain: string) => Promise<void>;
  /** Where people open the portal, without a slash at its end. */
  readonly portalUrl: string;
  /** That of `openModelTable`: the one requests are held against. */
  readonly modelTable: ModelTable;
  /** Models by the names callers use; null where no configuration is at hand. */
  readonly models: readonly string[] | null;
  readonly onFault: (error: unknown) => void;
}

/** Accounts that people share, and what each of them may do there. */
export interface Workspaces {
  readonly routes: readonly ControlHono[];
  readonly belongings: Belongings;
  /** What the guard of the portal writes down. */
  readonly trail: Guard['trail'];
  readonly accounts: OwnAccounts;
  readonly members: Members & {
    /** A member of this account, there or gone. */
    find(accountId: string, memberId: string): Promise<Member | null>;
    /** In the order they came. */
    page(accountId: string, page: MemberPage): Promise<readonly Member[]>;
    /** Names by the ids of members and of people. */
    names(accountId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  };
  readonly invitations: Pick<Invitations, 'read'>;
  readonly apps: Pick<Apps, 'find' | 'list'>;
  readonly arrival: Arrival;
  readonly sso: SsoLookup;
  readonly personal: PersonalData;
  /** What a key may be used for once account, app and member have narrowed it; null for all models. From memory. */
  allowedModels(key: Pick<ApiKey, 'accountId' | 'app' | 'member' | 'models'>): readonly string[] | null;
  readonly scim: ScimFetch;
  readonly jobs: readonly { readonly name: string; readonly everyMs: number; run(): Promise<unknown> }[];
}

const SSO_KEY_FILE = 'sso-key';
const SETTLE_MS = 30_000;
const SWEEP_MS = 3_600_000;

/** Makes up for cut-offs an earlier process left half done. */
export async function createWorkspaces(deps: WorkspacesDeps): Promise<Workspaces> {
  const { storage, clock, accounts, people, portalUrl } = deps;
  const { reader } = storage;
  const belongings = createBelongings({ ...deps, reader });
  const trail = createTrail(deps);
  const attempts = createAttempts(clock);
  const parts: WorkspaceParts = { ...deps, belongings, trail };
  const models = deps.modelTable;
  await settle(parts);
  const members = createMembers(parts);
  const own = createOwnAccounts(parts);
  const arrival = createArrival(parts);
  const invitations = createInvitations({ ...parts, attempts });
  const apps = createApps({ storage, clock, models, known: deps.models });
  const sealingKey = loadSecretFile(storage.dataDir, SSO_KEY_FILE, deps.random);
  const sso = createSso({ ...deps, belongings, sealingKey });
  const domains = createDomains({ ...deps, attempts });
  const namesOf = (accountId: string, ids: readonly string[]) => readNames(reader, accountId, ids);
  const modelsOf = (accountId: string, id: string) => models.of(accountId, { kind: 'member', id });
  return {
    routes: [
      ownAccountRoutes({ accounts, people, own, members, arrival }),
      memberRoutes({ reader, members, belongings, standing: deps.standing, modelsOf }),
      invitationRoutes({ invitations, own, accounts, clock, namesOf }),
      appRoutes(apps, models),
      domainRoutes(domains, belongings),
      ssoRoutes(sso, belongings, portalUrl),
      scimTokenRoutes(parts),
      trailRoutes(reader, namesOf),
    ],
    belongings,
    trail: trail.guarded,
    accounts: own,
    members: {
      ...members,
      find: (accountId, id) => readMember(reader, accountId, id),
      page: (accountId, page) => readMembers(reader, accountId, page),
      names: namesOf,
    },
    invitations,
    apps,
    arrival,
    sso: sso.lookup,
    personal: createPersonalData(parts),
    allowedModels: models.allowedModels,
    scim: createScim({ ...parts, users: createScimUsers(parts), attempts, onFault: deps.onFault }),
    jobs: [
      { name: 'settle cut-offs of workspaces', everyMs: SETTLE_MS, run: () => settle(parts) },
      { name: 'forget old invitations', everyMs: SWEEP_MS, run: () => invitations.sweep() },
    ],
  };
}

async function settle(parts: WorkspaceParts): Promise<void> {
  await finishCutOffs(parts);
  await settleClosings(parts);
  await closeDue(parts);
}
