import type { Account, CutOffReceipt } from '../../accounts/index.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Asker } from '../ask.ts';
import type { Belonging } from '../belonging.ts';
import { OWNED_WORKSPACES_MAX } from '../contract.ts';
import type { WorkspaceParts } from '../deps.ts';
import { mintMemberId, newMember } from '../members/member.ts';
import { insertMember, readMembershipsOf, requireOwnedBelow } from '../members/store.ts';
import { OWNERS_ONLY, type WorkspaceRefusal } from '../refusal.ts';
import { closeWorkspace, reopenWorkspace } from './closing.ts';
import { insertWorkspace, readWorkspace, readWorkspaces } from './store.ts';

type Refusable<Value> = Promise<Result<Value, WorkspaceRefusal>>;

/** An account, and what somebody is in it. */
export interface OwnAccount {
  readonly account: Account;
  readonly belonging: Belonging;
  /** When a workspace that is closing is closed for good. */
  readonly closesAtMs: number | null;
}

/** The accounts somebody belongs to. */
export interface OwnAccounts {
  /** The own one first, then workspaces in the order they were joined. */
  list(personId: string): Promise<readonly OwnAccount[]>;
  /** Null for whoever does not belong there. */
  find(personId: string, accountId: string): Promise<OwnAccount | null>;
  /** Account, workspace and owner come into being in one unit. */
  create(asker: Asker, name: string): Refusable<OwnAccount>;
  rename(accountId: string, name: string): Promise<void>;
  /** Stops the workspace at once, and closes it for good after 30 days; `name` must be what it is called. */
  close(asker: Asker, accountId: string, name: string): Refusable<CutOffReceipt>;
  reopen(asker: Asker, accountId: string): Refusable<null>;
}

export function createOwnAccounts(parts: WorkspaceParts): OwnAccounts {
  const { storage, clock, mintId, accounts, people, belongings, standing } = parts;
  const { reader } = storage;

  async function list(personId: string): Promise<readonly OwnAccount[]> {
    const memberships = await readMembershipsOf(reader, personId);
    const workspaces = await readWorkspaces(
      reader,
      memberships.map(({ accountId }) => accountId),
    );
    const own = accounts.get(personId);
    const shared = memberships.flatMap((member): OwnAccount[] => {
      const account = accounts.get(member.accountId);
      if (account === null) return [];
      const stop = standing.stopOfMember(account.id, member.id);
      const closesAtMs = workspaces.get(account.id)?.closesAtMs ?? null;
      return [{ account, belonging: { role: member.role, member, stop }, closesAtMs }];
    });
    if (own === null) return shared;
    return [{ account: own, belonging: { role: 'owner', member: null, stop: null }, closesAtMs: null }, ...shared];
  }

  async function find(personId: string, accountId: string): Promise<OwnAccount | null> {
    const account = accounts.get(accountId);
    const belonging = account === null ? null : await belongings.of(personId, accountId);
    if (account === null || belonging === null) return null;
    const workspace = account.kind === 'workspace' ? await readWorkspace(reader, accountId) : null;
    return { account, belonging, closesAtMs: workspace?.closesAtMs ?? null };
  }

  async function create(asker: Asker, name: string): Refusable<OwnAccount> {
    const person = await people.find(asker.id);
    if (person === null) return refuse(OWNERS_ONLY);
    const atMs = clock.wallMs();
    const id = mintMemberId(mintId);
    const ownerOf = (accountId: string) => newMember(person, { id, accountId, role: 'owner', atMs });
    const made = await accounts.create({ name, kind: 'workspace' }, (account) => [
      requireOwnedBelow(person.id, OWNED_WORKSPACES_MAX),
      insertWorkspace(account.id, atMs),
      insertMember(ownerOf(account.id)),
    ]);
    if (!made.ok) return refuse(notMade(made.refusal));
    const account = made.value;
    return ok({ account, belonging: { role: 'owner', member: ownerOf(account.id), stop: null }, closesAtMs: null });
  }

  const rename = async (accountId: string, name: string) => void (await accounts.rename(accountId, name));
  return {
    list,
    find,
    create,
    rename,
    close: (asker, accountId, name) => closeWorkspace(parts, asker, accountId, name),
    reopen: (asker, accountId) => reopenWorkspace(parts, asker, accountId),
  };
}

function notMade({ reason, message }: { readonly reason: string; readonly message: string }): WorkspaceRefusal {
  if (reason === 'invalid_field') return { reason, message };
  if (reason === 'too_many_accounts') return { reason: 'too_many', message };
  const most = `nobody owns more than ${OWNED_WORKSPACES_MAX} workspaces; close one, or hand one over`;
  return { reason: 'too_many', message: most };
}
