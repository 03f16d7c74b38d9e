import { afterEach, beforeEach, expect, test } from 'bun:test';
import { invitationListView, invitationView, openInvitationView, ownAccountView } from '../contract.ts';
import { at, openWorkspaceWorld, reasonOf, tokenOf, type WorkspaceWorld } from '../proving/world.ts';

const DAY_MS = 86_400_000;

let world: WorkspaceWorld;
beforeEach(async () => {
  world = await openWorkspaceWorld();
});
afterEach(() => world.close());

const ACCEPT = '/portal/v1/invitations/accept';

async function invite(email: string, role = 'developer', locale = 'en') {
  const { id, owner } = await world.workspace('Acme');
  const answer = await owner.ask('POST', at(id, '/invitations'), { email, role, locale });
  return { id, owner, invitation: invitationView.parse(answer.body), token: tokenOf(world.mails.at(-1)) };
}

test('somebody with the address it was sent to becomes a member, once', async () => {
  const friend = await world.person('friend@mail.example');
  const { id, owner, token } = await invite('Friend@Mail.Example');
  const read = await friend.ask('POST', '/portal/v1/invitations/read', { token });
  expect(openInvitationView.parse(read.body)).toMatchObject({ workspace: 'Acme', role: 'developer' });
  const accepted = await friend.ask('POST', ACCEPT, { token });
  expect(ownAccountView.parse(accepted.body)).toMatchObject({ id, role: 'developer' });
  expect(reasonOf(await friend.ask('POST', ACCEPT, { token }))).toBe('invitation_not_found');
  const list = await owner.ask('GET', at(id, '/invitations'));
  expect(invitationListView.parse(list.body).data).toEqual([]);
});

test('a link is nothing to whoever has another address, and stays good', async () => {
  const { token } = await invite('friend@mail.example');
  const thief = await world.person('thief@mail.example');
  expect((await thief.ask('POST', ACCEPT, { token })).status).toBe(403);
  const friend = await world.person('friend@mail.example');
  expect((await friend.ask('POST', ACCEPT, { token })).status).toBe(200);
});

test('of fifty who accept at once one does', async () => {
  const friend = await world.person('friend@mail.example');
  const { token } = await invite('friend@mail.example');
  const answers = await Promise.all(Array.from({ length: 50 }, () => friend.ask('POST', ACCEPT, { token })));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

test('it ends after 7 days, when it is taken back, and when it is sent again', async () => {
  const friend = await world.person('friend@mail.example');
  const { id, owner, invitation, token } = await invite('friend@mail.example');
  const path = at(id, `/invitations/${invitation.id}`);
  await owner.ask('POST', `${path}/resend`);
  const second = tokenOf(world.mails.at(-1));
  expect(second).not.toBe(token);
  expect((await friend.ask('POST', ACCEPT, { token })).status).toBe(404);
  world.time.aheadMs = 7 * DAY_MS + 1000;
  expect((await friend.ask('POST', ACCEPT, { token: second })).status).toBe(404);
  expect(invitationListView.parse((await owner.ask('GET', at(id, '/invitations'))).body).data).toMatchObject([
    { state: 'expired' },
  ]);
  await owner.ask('POST', `${path}/resend`);
  await owner.ask('DELETE', path);
  expect((await friend.ask('POST', ACCEPT, { token: tokenOf(world.mails.at(-1)) })).status).toBe(404);
});

test('the token is in the mail alone', async () => {
  const { owner, id, token } = await invite('friend@mail.example');
  expect(token).toMatch(/^[\w-]{43}$/);
  const shown = JSON.stringify([
    (await owner.ask('GET', at(id, '/invitations'))).body,
    (await owner.ask('GET', at(id, '/trail'))).body,
  ]);
  expect(shown).not.toContain(token);
  const stored = await world.storage.writer.write([{ sql: 'select * from workspace_invitation', parameters: [] }]);
  expect(stored.ok && Object.values(stored.value[0]?.rows[0] ?? {}).includes(token)).toBe(false);
});

test('mails are in the language asked for, and a name cannot smuggle an address into them', async () => {
  const { id, owner } = await world.workspace('Win at https://evil.example/now!');
  await owner.ask('POST', at(id, '/invitations'), { email: 'a@mail.example', role: 'viewer', locale: 'zh' });
  const mail = world.mails.at(-1);
  expect(mail?.to).toEqual(['a@mail.example']);
  expect(mail?.text.subject).toContain('邀请您加入');
  expect(mail?.text.body).not.toContain('evil.example');
  expect(mail?.text.body.match(/https?:/g)).toHaveLength(1);
});

test('an address is invited once, and nobody who is a member', async () => {
  const { id, owner } = await invite('friend@mail.example');
  const again = { email: 'friend@mail.example', role: 'viewer' };
  expect(reasonOf(await owner.ask('POST', at(id, '/invitations'), again))).toBe('already_invited');
  const member = await world.member(id, 'viewer');
  const answer = await owner.ask('POST', at(id, '/invitations'), { email: member.email, role: 'viewer' });
  expect(reasonOf(answer)).toBe('already_member');
});

test('mails to one address and of one workspace are limited', async () => {
  const { id, owner, invitation } = await invite('friend@mail.example');
  const path = at(id, `/invitations/${invitation.id}/resend`);
  const answers = await Promise.all(Array.from({ length: 20 }, () => owner.ask('POST', path)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(4);
  const last = answers.find(({ status }) => status === 429);
  expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(3_600);
});

test('a hundred invitations at the limit leave as many as there may be', async () => {
  const { id, owner } = await world.workspace();
  const nowMs = Date.now();
  await world.storage.writer.write(
    Array.from({ length: 495 }, (_, n) => ({
      sql: `insert into workspace_invitation (id, account_id, email, role, digest, invited_by, created_at_ms, expires_at_ms)
        values (?, ?, ?, 'viewer', ?, 'x', ?, ?)`,
      parameters: [`inv_${n}`, id, `old-${n}@mail.example`, new Uint8Array([n % 256, n >> 8]), nowMs, nowMs + DAY_MS],
    })),
  );
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      owner.ask('POST', at(id, '/invitations'), { email: `new-${n}@mail.example`, role: 'viewer' }),
    ),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
  expect(answers.filter((answer) => reasonOf(answer) === 'too_many')).toHaveLength(95);
});

test('an admin who is removed while inviting invites nobody', async () => {
  const { id, owner } = await world.workspace();
  const admin = await world.member(id, 'admin');
  const body = { email: 'late@mail.example', role: 'admin' };
  const [removed, invited] = await Promise.all([
    owner.ask('DELETE', at(id, `/members/${admin.memberId}`)),
    admin.ask('POST', at(id, '/invitations'), body),
  ]);
  expect(removed.status).toBe(200);
  const open = invitationListView.parse((await owner.ask('GET', at(id, '/invitations'))).body).data;
  expect(open).toHaveLength(invited.status === 201 ? 1 : 0);
  expect((await admin.ask('POST', at(id, '/invitations'), body)).status).toBe(404);
});
