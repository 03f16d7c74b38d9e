/** A workspace over HTTP, as its people and its directory meet it: sign-up, models it allows, and a cut-off by SCIM. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { startCandor, type World } from '../world/candor.ts';
import { keptMails, openPortalBrowser, type PortalBrowser, signUpAt } from '../world/portal-browser.ts';

const YAML = `
pricing: { unpriced: estimate, estimate: { input_usd_per_million: 1, output_usd_per_million: 2 } }
providers: { slow: { kind: demo, tokens_per_second: 40 } }
models:
  small: { targets: [{ provider: slow, upstream_model: demo }] }
  large: { targets: [{ provider: slow, upstream_model: demo }] }
portal: { enabled: true, mail_outbox: true }
`;
const PASSWORD = 'a long enough password';

let world: World;
beforeAll(async () => {
  world = await startCandor({ yaml: YAML });
});
afterAll(() => world.close());

type Ask = PortalBrowser['ask'];

async function signUp(email: string): Promise<Ask> {
  const at = openPortalBrowser(world.url);
  await signUpAt(world.url, at, email, PASSWORD);
  return at.ask;
}

/** Credit from whoever runs the service. */
async function give(account: string): Promise<void> {
  const grant = { account_id: account, kind: 'promo', amount_nano: '5000000000', reason: 'a test' };
  const request = { method: 'POST', body: JSON.stringify(grant) };
  const answer = await world.app.control.fetch(new Request('http://control/control/v1/credit/grants', request));
  if (!answer.ok) throw new Error(await answer.text());
}

async function chat(key: string, model: string, stream = false): Promise<Response> {
  const say = stream ? 'Say 2000 words' : 'hi';
  return fetch(`${world.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({
      model,
      stream,
      ...(!stream && { max_tokens: 1 }),
      messages: [{ role: 'user', content: say }],
    }),
  });
}

test('a workspace narrows what its keys may use, and its directory cuts a member off with a stream in flight', async () => {
  const owner = await signUp('owner@acme.com');
  const workspace = (await owner('POST', '/portal/v1/workspaces', { name: 'Acme' })).body['id'] as string;
  const path = `/portal/v1/accounts/${workspace}`;
  await give(workspace);

  const domain = (await owner('POST', `${path}/domains`, { domain: 'acme.com' })).body['id'] as string;
  await owner('POST', `${path}/domains/${domain}/mail`, { mailbox: 'postmaster@acme.com' });
  const code = /^\d{8}$/m.exec((await keptMails(world.url, 'postmaster@acme.com'))[0]?.body ?? '')?.[0];
  const shown = await owner('POST', `${path}/domains/${domain}/confirm`, { code });
  expect(shown.body).toMatchObject({ state: 'verified' });
  const token = (await owner('POST', `${path}/scim-tokens`, { name: 'Directory' })).body['token'] as string;
  const scim = (method: string, rest: string, body: unknown) =>
    fetch(`${world.url}/scim/v2/Users${rest}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify(body),
    });

  const made = await scim('POST', '', { userName: 'dev@acme.com', roles: [{ value: 'developer' }] });
  expect(made.status).toBe(201);
  const { id: member } = (await made.json()) as { id: string };
  const developer = await signUp('dev@acme.com');
  const accounts = (await developer('GET', '/portal/v1/accounts')).body['data'] as { id: string; role: string }[];
  expect(accounts.map(({ id, role }) => [id === workspace, role])).toEqual([
    [false, 'owner'],
    [true, 'developer'],
  ]);

  const given = await developer('POST', `${path}/keys`, { name: 'mine' });
  expect(given.status).toBe(201);
  const key = given.body['key'] as string;
  expect((await chat(key, 'large')).status).toBe(200);
  await owner('PUT', `${path}/allowed-models`, { subject: { kind: 'member', id: member }, models: ['small'] });
  expect((await chat(key, 'large')).status).toBe(403);
  expect((await chat(key, 'small')).status).toBe(200);
  const listed = await fetch(`${world.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
  expect(((await listed.json()) as { data: { id: string }[] }).data.map(({ id }) => id)).toEqual(['small']);

  const stream = await chat(key, 'small', true);
  const reader = stream.body?.getReader();
  await reader?.read();
  const decidedMs = performance.now();
  const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
  const cut = await scim('PATCH', `/${member}`, {
    schemas: [PATCH],
    Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
  });
  expect(((await cut.json()) as { active: boolean }).active).toBe(false);
  const ended = async () => {
    for (;;) {
      const { done } = (await reader?.read().catch(() => null)) ?? { done: true };
      if (done) return performance.now() - decidedMs;
    }
  };
  expect(await ended()).toBeLessThan(1_000);
  expect((await chat(key, 'small')).status).toBe(403);
  expect((await developer('GET', path)).status).toBe(404);
  const receipt = await owner('GET', `${path}/stops/${cut.headers.get('candor-receipt')}`);
  expect(receipt.body).toMatchObject({ keys: 1, streams: 1, stop: { cause: 'scim', subject: 'member' } });
}, 30_000);

test('what directories ask is not for whoever has no token, nor for a key', async () => {
  for (const authorization of ['', 'Bearer x', `Bearer ${world.key}`]) {
    const answer = await fetch(`${world.url}/scim/v2/Users`, { headers: { authorization } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([401, 'application/scim+json']);
  }
});

test('whoever waits in line makes no workspace, which they could neither open nor close', async () => {
  const state = (name: string) =>
    world.app.control.fetch(
      new Request('http://control/control/v1/sign-up/states', { method: 'PUT', body: JSON.stringify({ state: name }) }),
    );
  expect((await state('waitlist')).status).toBe(200);
  const waits = await signUp('waits@acme.com');
  expect((await waits('POST', '/portal/v1/workspaces', { name: 'Mine' })).status).toBe(403);
  expect((await state('open')).status).toBe(200);
});
