import { afterEach, beforeEach, expect, test } from 'bun:test';
import { type DomainView, domainListView, domainView, joinableListView } from '../contract.ts';
import { at, type Browser, openWorkspaceWorld, reasonOf, type WorkspaceWorld } from '../proving/world.ts';

let world: WorkspaceWorld;
let account = '';
let owner: Browser;
beforeEach(async () => {
  world = await openWorkspaceWorld();
  ({ id: account, owner } = await world.workspace());
});
afterEach(() => world.close());

const path = (rest = '') => at(account, `/domains${rest}`);

async function name(domain: string): Promise<DomainView> {
  return domainView.parse((await owner.ask('POST', path(), { domain })).body);
}

test('a TXT record shows whose a domain is', async () => {
  const domain = await name('Acme.com');
  expect(domain).toMatchObject({ domain: 'acme.com', state: 'pending', capture: false });
  expect(reasonOf(await owner.ask('POST', path(`/${domain.id}/check`)))).toBe('domain_not_shown');
  world.records.set(domain.record.name, `${domain.record.value}x`);
  expect(reasonOf(await owner.ask('POST', path(`/${domain.id}/check`)))).toBe('domain_not_shown');
  world.records.set(domain.record.name, domain.record.value);
  const checked = domainView.parse((await owner.ask('POST', path(`/${domain.id}/check`))).body);
  expect(checked).toMatchObject({ state: 'verified', verified_by: 'dns' });
});

test('so does a code that one of its mailboxes got, within five tries and a day', async () => {
  const domain = await name('acme.com');
  expect((await owner.ask('POST', path(`/${domain.id}/mail`), { mailbox: 'me@acme.com' })).status).toBe(400);
  await owner.ask('POST', path(`/${domain.id}/mail`), { mailbox: 'hostmaster@acme.com' });
  const mail = world.mails.at(-1);
  expect(mail?.to).toEqual(['hostmaster@acme.com']);
  const code = /^\d{8}$/m.exec(mail?.text.body ?? '')?.[0] ?? '';
  const wrong = Array.from({ length: 20 }, (_, n) => String(n).padStart(8, '0')).filter((one) => one !== code);
  const confirm = (one: string) => owner.ask('POST', path(`/${domain.id}/confirm`), { code: one });
  await Promise.all(wrong.map(confirm));
  // The code died of it.
  expect(reasonOf(await confirm(code))).toBe('code_refused');
  await owner.ask('POST', path(`/${domain.id}/mail`), { mailbox: 'admin@acme.com' });
  const fresh = /^\d{8}$/m.exec(world.mails.at(-1)?.text.body ?? '')?.[0] ?? '';
  world.time.aheadMs = 86_400_001;
  expect(reasonOf(await confirm(fresh))).toBe('code_refused');
  world.time.aheadMs = 0;
  expect(domainView.parse((await confirm(fresh)).body)).toMatchObject({ state: 'verified', verified_by: 'mail' });
});

test('a domain is one workspace’s own: of two that show it at once, one is told that it is taken', async () => {
  const other = await world.workspace('Other');
  const mine = await name('acme.com');
  const theirs = domainView.parse(
    (await other.owner.ask('POST', at(other.id, '/domains'), { domain: 'acme.com' })).body,
  );
  world.records.set(mine.record.name, mine.record.value);
  expect((await owner.ask('POST', path(`/${mine.id}/check`))).status).toBe(200);
  world.records.set(theirs.record.name, theirs.record.value);
  expect(reasonOf(await other.owner.ask('POST', at(other.id, `/domains/${theirs.id}/check`)))).toBe('domain_taken');
});

test('a domain whose addresses anybody may have is nobody’s own, though its administrator can be written to', async () => {
  for (const domain of ['freemail.example', 'mail.freemail.example']) {
    expect(reasonOf(await owner.ask('POST', path(), { domain }))).toBe('domain_public');
  }
});

test('what anybody may have a name under is nobody’s own', async () => {
  for (const domain of ['com', 'co.uk', 'github.io', 'localhost', 'a b.com', 'acme', '-x.com', '10.0.0.1', 'x.local']) {
    expect((await owner.ask('POST', path(), { domain })).status).toBeGreaterThanOrEqual(400);
  }
  expect((await owner.ask('POST', path(), { domain: 'acme.co.uk' })).status).toBe(201);
  expect(reasonOf(await owner.ask('POST', path(), { domain: 'acme.co.uk' }))).toBe('domain_exists');
});

test('people with an address of a captured domain are told to join, and may', async () => {
  const ada = await world.person('ada@acme.com');
  const told = async () => joinableListView.parse((await ada.ask('GET', '/portal/v1/joinable')).body).data;
  const domain = await world.ownDomain(owner, account, 'acme.com');
  expect(await told()).toEqual([]);
  expect((await ada.ask('POST', `/portal/v1/joinable/${account}`)).status).toBe(404);
  await owner.ask('PATCH', path(`/${domain}`), { capture: true, join_role: 'developer' });
  expect(await told()).toEqual([{ id: account, name: 'Acme', role: 'developer', sso_required: false }]);
  const stranger = await world.person('eve@acme.com.evil.com');
  expect((await stranger.ask('POST', `/portal/v1/joinable/${account}`)).status).toBe(404);
  const joined = await Promise.all(Array.from({ length: 10 }, () => ada.ask('POST', `/portal/v1/joinable/${account}`)));
  expect(joined.filter(({ status }) => status === 200)).toHaveLength(1);
  expect((await world.workspaces.belongings.of(ada.id, account))?.role).toBe('developer');
  expect(await told()).toEqual([]);
});

test('a domain nobody has shown captures nobody, and one let go neither', async () => {
  const domain = await name('acme.com');
  expect(reasonOf(await owner.ask('PATCH', path(`/${domain.id}`), { capture: true }))).toBe('domain_not_shown');
  world.records.set(domain.record.name, domain.record.value);
  await owner.ask('POST', path(`/${domain.id}/check`));
  await owner.ask('PATCH', path(`/${domain.id}`), { capture: true });
  expect(domainListView.parse((await owner.ask('DELETE', path(`/${domain.id}`))).body).data).toEqual([]);
  const ada = await world.person('ada@acme.com');
  expect(joinableListView.parse((await ada.ask('GET', '/portal/v1/joinable')).body).data).toEqual([]);
});

test('the record is not looked for without end', async () => {
  const domain = await name('acme.com');
  const answers = await Promise.all(Array.from({ length: 80 }, () => owner.ask('POST', path(`/${domain.id}/check`))));
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(20);
});
