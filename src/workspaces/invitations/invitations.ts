import type { z } from 'zod';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Attempts } from '../../credentials/attempts.ts';
import { digestToken, mintToken } from '../../credentials/tokens.ts';
import { ALREADY_MEMBER, NO_ROOM } from '../account/arrival.ts';
import type { Asker } from '../ask.ts';
import { INVITATION_MS, INVITATIONS_MAX, type inviteBody } from '../contract.ts';
import type { WorkspaceParts } from '../deps.ts';
import { type Member, mintMemberId, newMember } from '../members/member.ts';
import { insertMember, requireRoom, requireUnchanged } from '../members/store.ts';
import { CHANGED_MEANWHILE, OWNERS_ONLY, WORKSPACE_ONLY, type WorkspaceRefusal } from '../refusal.ts';
import { mayManage } from '../roles.ts';
import { invitationMail, type MailLocale } from './mail.ts';
import {
  deleteInvitation,
  dropExpired,
  dropLongExpired,
  type Invitation,
  insertInvitation,
  readByToken,
  readInvitation,
  readInvitations,
  renewInvitation,
  requireNoMember,
  setSent,
  takeInvitation,
} from './store.ts';

type Refusable<Value> = Promise<Result<Value, WorkspaceRefusal>>;

/** Invitations by mail. The token is in the mail alone; kept is its digest. */
export interface Invitations {
  list(accountId: string): Promise<readonly Invitation[]>;
  invite(asker: Asker, accountId: string, body: z.output<typeof inviteBody>): Refusable<Invitation>;
  /** Sends it again; the link before it is dead. */
  resend(asker: Asker, accountId: string, id: string, locale: MailLocale): Refusable<Invitation>;
  revoke(asker: Asker, accountId: string, id: string): Refusable<Invitation>;
  /** What a token invites to; null when it invites to nothing, or nothing any more. */
  read(token: string): Promise<Invitation | null>;
  /** Makes whoever asks a member, if the invitation was sent to the address they have proved to be theirs. */
  accept(asker: Asker, token: string): Refusable<Member>;
  sweep(): Promise<void>;
}

const DAY_MS = 86_400_000;
/** Mails of one workspace in a day: it must not serve to write to strangers. */
const MAILS_A_DAY_MAX = 200;
/** Mails to one address in a day, whoever sends them. */
const MAILS_TO_ONE_MAX = 5;
/** How long an invitation nobody accepted is shown as expired. */
const KEPT_MS = 30 * DAY_MS;

type InvitationParts = WorkspaceParts & { readonly attempts: Attempts };

export function createInvitations(parts: InvitationParts): Invitations {
  const { storage, clock } = parts;
  const { reader, writer } = storage;
  return {
    list: (accountId) => readInvitations(reader, accountId),
    invite: (asker, accountId, body) => invite(parts, asker, accountId, body),
    resend: (asker, accountId, id, locale) => resend(parts, { asker, accountId, id }, locale),
    revoke: (asker, accountId, id) => revoke(parts, { asker, accountId, id }),
    read: (token) => readByToken(reader, digestToken(token), clock.wallMs()),
    accept: (asker, token) => accept(parts, asker, token),
    sweep: async () => void (await writer.write([dropLongExpired(clock.wallMs() - KEPT_MS)])),
  };
}

interface Ask {
  readonly asker: Asker;
  readonly accountId: string;
  readonly id: string;
}

function mailsLeft({ attempts }: InvitationParts, accountId: string, email: string): WorkspaceRefusal | null {
  const waitMs = attempts.take([
    { key: `invite ${accountId}`, max: MAILS_A_DAY_MAX, windowMs: DAY_MS },
    { key: `invite to ${email}`, max: MAILS_TO_ONE_MAX, windowMs: DAY_MS },
  ]);
  if (waitMs === null) return null;
  const message = 'as many invitations were mailed today as there may be; try again tomorrow';
  return { reason: 'too_many_mails', message, retryAfterMs: waitMs };
}

/** The member who asks, where they may make others what the invitation makes them. */
async function inviter(
  { belongings }: InvitationParts,
  asker: Asker,
  accountId: string,
  role: Invitation['role'],
): Refusable<Member> {
  const mine = (await belongings.of(asker.id, accountId))?.member ?? null;
  if (mine === null) return refuse(WORKSPACE_ONLY);
  return mayManage(mine.role, role) ? ok(mine) : refuse(OWNERS_ONLY);
}

async function send(
  parts: InvitationParts,
  invitation: Invitation,
  { token, from, locale }: { readonly token: string; readonly from: string; readonly locale: MailLocale },
): Promise<Invitation> {
  const workspace = parts.accounts.get(invitation.accountId)?.name ?? '';
  const link = `${parts.portalUrl}/join#${token}`;
  const text = invitationMail(locale, { workspace, inviter: from, link });
  const sent = await parts.sendMail(invitation.id, [invitation.email], text);
  if (!sent.ok) return invitation;
  const sentAtMs = parts.clock.wallMs();
  await parts.storage.writer.write([setSent(invitation.id, sentAtMs)]);
  return { ...invitation, sentAtMs };
}

async function invite(
  parts: InvitationParts,
  asker: Asker,
  accountId: string,
  { email, role, locale }: z.output<typeof inviteBody>,
): Refusable<Invitation> {
  const mine = await inviter(parts, asker, accountId, role);
  if (!mine.ok) return mine;
  const tooMany = mailsLeft(parts, accountId, email);
  if (tooMany !== null) return refuse(tooMany);
  const token = mintToken(parts.random);
  const createdAtMs = parts.clock.wallMs();
  const expiresAtMs = createdAtMs + INVITATION_MS;
  const id = parts.mintId('inv');
  const invitation = { id, accountId, email, role, invitedBy: asker.id, createdAtMs, expiresAtMs, sentAtMs: null };
  const written = await parts.storage.writer.write([
    requireUnchanged(mine.value),
    requireNoMember(accountId, email),
    requireRoom(accountId, createdAtMs),
    dropExpired(accountId, email, createdAtMs),
    insertInvitation(invitation, digestToken(token)),
  ]);
  if (written.ok) return ok(await send(parts, invitation, { token, from: mine.value.name, locale }));
  const refusals = [CHANGED_MEANWHILE, ALREADY_MEMBER, NO_ROOM];
  const open = written.refusal.reason === 'constraint' ? ALREADY_INVITED : TOO_MANY;
  return refuse(refusals[written.refusal.statement] ?? open);
}

async function resend(
  parts: InvitationParts,
  { asker, accountId, id }: Ask,
  locale: MailLocale,
): Refusable<Invitation> {
  const before = await readInvitation(parts.storage.reader, accountId, id);
  if (before === null) return refuse(INVITATION_NOT_FOUND);
  const mine = await inviter(parts, asker, accountId, before.role);
  if (!mine.ok) return mine;
  const tooMany = mailsLeft(parts, accountId, before.email);
  if (tooMany !== null) return refuse(tooMany);
  const token = mintToken(parts.random);
  const nowMs = parts.clock.wallMs();
  const expiresAtMs = nowMs + INVITATION_MS;
  const written = await parts.storage.writer.write([
    requireUnchanged(mine.value),
    // One that has expired takes up its place again.
    ...(before.expiresAtMs > nowMs ? [] : [requireRoom(accountId, nowMs)]),
    renewInvitation(id, digestToken(token), expiresAtMs),
  ]);
  if (!written.ok) return refuse(CHANGED_MEANWHILE);
  const renewed = { ...before, expiresAtMs, sentAtMs: null };
  return ok(await send(parts, renewed, { token, from: mine.value.name, locale }));
}

async function revoke(parts: InvitationParts, { asker, accountId, id }: Ask): Refusable<Invitation> {
  const { reader, writer } = parts.storage;
  const before = await readInvitation(reader, accountId, id);
  if (before === null) return refuse(INVITATION_NOT_FOUND);
  const mine = await inviter(parts, asker, accountId, before.role);
  if (!mine.ok) return mine;
  const written = await writer.write([requireUnchanged(mine.value), deleteInvitation(id)]);
  return written.ok ? ok(before) : refuse(CHANGED_MEANWHILE);
}

async function accept(parts: InvitationParts, asker: Asker, token: string): Refusable<Member> {
  const { storage, clock, mintId, people, trail } = parts;
  const digest = digestToken(token);
  const atMs = clock.wallMs();
  const invitation = await readByToken(storage.reader, digest, atMs);
  if (invitation === null) return refuse(LINK_NOT_GOOD);
  const person = await people.find(asker.id);
  if (person === null || person.email !== invitation.email) return refuse(FOR_ANOTHER);
  const { accountId, role } = invitation;
  const member = newMember(person, { id: mintMemberId(mintId), accountId, role, atMs });
  const line = {
    accountId,
    actor: { kind: 'person', id: person.id },
    permission: 'signed_in',
    action: 'POST /portal/v1/invitations/accept',
    objects: { invitation: invitation.id, member: member.id },
    networkPrefix: asker.networkPrefix,
  } as const;
  const written = await storage.writer.write([
    takeInvitation(invitation.id, digest, atMs),
    insertMember(member),
    ...trail.done(line, 200, { role }),
  ]);
  if (written.ok) return ok(member);
  return refuse(written.refusal.statement === 0 ? LINK_NOT_GOOD : ALREADY_MEMBER);
}

const INVITATION_NOT_FOUND: WorkspaceRefusal = {
  reason: 'invitation_not_found',
  message: 'there is no such invitation here; it may have been accepted',
};
export const LINK_NOT_GOOD: WorkspaceRefusal = {
  reason: 'invitation_not_found',
  message: 'this link was used, replaced or taken back, or it is older than 7 days; ask for a new one',
};
const FOR_ANOTHER: WorkspaceRefusal = {
  reason: 'invitation_for_another',
  message: 'this invitation was sent to another mail address; sign in with that one, or ask for one to yours',
};
const ALREADY_INVITED: WorkspaceRefusal = {
  reason: 'already_invited',
  message: 'this address is invited already; send that invitation again instead',
};
const TOO_MANY: WorkspaceRefusal = {
  reason: 'too_many',
  message: `there are ${INVITATIONS_MAX} open invitations, the most there may be; take some back`,
};
