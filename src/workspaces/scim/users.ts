import type { CutOffReceipt } from '../../accounts/index.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { WorkspaceParts } from '../deps.ts';
import { domainOf, readDomains } from '../domains/store.ts';
import { cutOffLeaver, LEFT, stopMember } from '../members/cut-off.ts';
import { type Member, mintMemberId } from '../members/member.ts';
import { liftMember } from '../members/members.ts';
import {
  insertMember,
  readMember,
  readPresent,
  requireOtherOwner,
  requireRoom,
  requireUnchanged,
  setDirectoryFacts,
  setLeft,
  setRole,
} from '../members/store.ts';
import type { ScimRefusal } from './answer.ts';
import type { UserFilter } from './filter.ts';
import type { ScimToken } from './token-store.ts';
import { nameOf, type UserFacts } from './user.ts';

/** A member after a change of a directory's, and what it cut off. */
export interface ProvisionedUser {
  readonly member: Member;
  /** Null where nothing was cut off. */
  readonly receipt: CutOffReceipt | null;
}

type Refusable<Value> = Promise<Result<Value, ScimRefusal>>;

/** What a directory does with the members of its workspace. */
export interface ScimUsers {
  list(
    token: ScimToken,
    filter: UserFilter | null,
    part: { readonly offset: number; readonly limit: number },
  ): Promise<{ readonly total: number; readonly found: readonly Member[] }>;
  find(token: ScimToken, id: string): Refusable<Member>;
  create(token: ScimToken, facts: UserFacts): Refusable<ProvisionedUser>;
  /** Takes over the facts; `active: false` cuts the member off, `true` lifts what a directory stopped. */
  change(token: ScimToken, id: string, facts: UserFacts): Refusable<ProvisionedUser>;
  remove(token: ScimToken, id: string): Refusable<CutOffReceipt>;
  isActive(member: Member): boolean;
}

export type ScimParts = Pick<WorkspaceParts, 'storage' | 'clock' | 'mintId' | 'standing'>;

export function createScimUsers(parts: ScimParts): ScimUsers {
  const { reader } = parts.storage;

  async function find(token: ScimToken, id: string): Refusable<Member> {
    const member = await readMember(reader, token.accountId, id);
    return member === null || member.leftAtMs !== null ? refuse(NOT_FOUND) : ok(member);
  }

  return {
    list: (token, filter, part) => readPresent(reader, token.accountId, filter, part),
    find,
    create: (token, facts) => create(parts, token, facts),
    async change(token, id, facts) {
      const found = await find(token, id);
      return found.ok ? change(parts, token, found.value, facts) : found;
    },
    async remove(token, id) {
      const found = await find(token, id);
      return found.ok ? remove(parts, token, found.value) : found;
    },
    isActive: ({ accountId, id }) => parts.standing.stopOfMember(accountId, id) === null,
  };
}

/** What people under this domain become; null where the workspace has not shown that it is its own. */
async function joinRole({ storage }: ScimParts, accountId: string, email: string) {
  const domains = await readDomains(storage.reader, accountId);
  const domain = domainOf(email);
  return domains.find((one) => one.domain === domain && one.verifiedAtMs !== null)?.joinRole ?? null;
}

async function create(parts: ScimParts, token: ScimToken, facts: UserFacts): Refusable<ProvisionedUser> {
  const { storage, clock, mintId } = parts;
  const role = await joinRole(parts, token.accountId, facts.email);
  if (role === null) return refuse(FOREIGN_DOMAIN);
  const atMs = clock.wallMs();
  const member: Member = {
    id: mintMemberId(mintId),
    accountId: token.accountId,
    personId: null,
    email: facts.email,
    name: nameOf(facts),
    givenName: facts.givenName,
    familyName: facts.familyName,
    role: facts.role ?? role,
    directory: true,
    externalId: facts.externalId,
    createdAtMs: atMs,
    changedAtMs: atMs,
    leftAtMs: null,
  };
  const written = await storage.writer.write([requireRoom(token.accountId, atMs), insertMember(member)]);
  if (!written.ok) return refuse(written.refusal.reason === 'constraint' ? TAKEN : FULL);
  return settled(parts, token, member, facts.active);
}

async function change(
  parts: ScimParts,
  token: ScimToken,
  before: Member,
  facts: UserFacts,
): Refusable<ProvisionedUser> {
  const { storage, clock } = parts;
  const { accountId, id } = before;
  if (facts.email !== before.email && (await joinRole(parts, accountId, facts.email)) === null) {
    return refuse(FOREIGN_DOMAIN);
  }
  const { givenName, familyName, externalId, email } = facts;
  // Ownership is given and taken by owners; a directory that shuts an owner out takes it away only where another stays.
  const demoted = before.role === 'owner' && facts.active === false;
  const role = before.role === 'owner' ? (demoted ? 'admin' : 'owner') : (facts.role ?? before.role);
  const atMs = clock.wallMs();
  const after: Member = {
    ...before,
    email,
    name: nameOf(facts),
    givenName,
    familyName,
    externalId,
    role,
    changedAtMs: atMs,
  };
  const guards = [requireUnchanged(before), ...(demoted ? [requireOtherOwner(accountId, id)] : [])];
  const written = await storage.writer.write([
    ...guards,
    setDirectoryFacts(id, after, atMs),
    ...(role === before.role ? [] : [setRole(id, role, atMs)]),
  ]);
  if (written.ok) return settled(parts, token, { ...after, directory: true }, facts.active);
  if (written.refusal.reason === 'constraint') return refuse(TAKEN);
  return refuse(demoted && written.refusal.statement === 1 ? LAST_OWNER : CHANGED);
}

/** Stops or lets in as the directory says; nothing where it is so already. */
async function settled(
  parts: ScimParts,
  token: ScimToken,
  member: Member,
  active: boolean | null,
): Refusable<ProvisionedUser> {
  const { accountId, id } = member;
  const stops = parts.standing.on({ kind: 'member', accountId, member: id });
  if (active === true && stops.length > 0) await liftMember(parts, member, token.id, ['scim']);
  // What others stopped may end or be lifted while the directory still says no.
  if (active !== false || stops.some(({ cause }) => cause === 'scim')) return ok({ member, receipt: null });
  const receipt = await stopMember(parts, { accountId, memberId: id, cause: 'scim', reason: STOPPED, by: token.id });
  return receipt.ok ? ok({ member, receipt: receipt.value }) : refuse(faultOf(receipt.refusal.message));
}

async function remove(parts: ScimParts, token: ScimToken, member: Member): Refusable<CutOffReceipt> {
  const { accountId, id } = member;
  const owner = member.role === 'owner';
  const written = await parts.storage.writer.write([
    requireUnchanged(member),
    ...(owner ? [requireOtherOwner(accountId, id)] : []),
    setLeft(id, 'scim', token.id, parts.clock.wallMs()),
  ]);
  if (!written.ok) return refuse(owner && written.refusal.statement === 1 ? LAST_OWNER : CHANGED);
  const stop = { accountId, memberId: id, cause: 'scim', reason: LEFT, by: token.id } as const;
  const receipt = await cutOffLeaver(parts, stop);
  return receipt.ok ? ok(receipt.value) : refuse(faultOf(receipt.refusal.message));
}

const STOPPED = 'deactivated by the directory of the workspace';

function faultOf(detail: string): ScimRefusal {
  return { status: 409, detail };
}

const NOT_FOUND: ScimRefusal = { status: 404, detail: 'there is no such user here' };
const TAKEN: ScimRefusal = {
  status: 409,
  scimType: 'uniqueness',
  detail: 'somebody with this userName is a member already; find them by it and change them',
};
const FULL: ScimRefusal = {
  status: 409,
  detail: 'this workspace has as many members and open invitations as there may be',
};
const FOREIGN_DOMAIN: ScimRefusal = {
  status: 400,
  scimType: 'invalidValue',
  detail:
    'userName: must be an address under a domain the workspace has shown to be its own; do that in the portal first',
};
const LAST_OWNER: ScimRefusal = {
  status: 409,
  scimType: 'mutability',
  detail: 'this is the last owner of the workspace; make another owner in the portal first',
};
const CHANGED: ScimRefusal = { status: 409, detail: 'this user has changed in the meantime; read them again' };
