/** What people ask of their accounts, over the public listener: with real sign-ups, a real workspace and its roles. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { portalControlApi } from '../../src/portal/index.ts';
import { permissionsOf } from '../../src/workspaces/index.ts';
import { startCandor, type World } from '../world/candor.ts';
import { keptMails, openPortalBrowser, type PortalBrowser, signUpAt } from '../world/portal-browser.ts';

const YAML = `
pricing: { unpriced: estimate, estimate: { input_usd_per_million: 1, output_usd_per_million: 2 } }
providers: { demo: { kind: demo, tokens_per_second: 10000 } }
models:
  small: { targets: [{ provider: demo, upstream_model: demo }] }
  large: { targets: [{ provider: demo, upstream_model: demo }] }
monitor: { memory_mb: 256, threads: 1 }
portal: { enabled: true, mail_outbox: true }
`;
const PASSWORD = 'a long enough password';
const ROLES = ['admin', 'developer', 'billing', 'viewer'] as const;
type Who = 'owner' | (typeof ROLES)[number] | 'stranger' | 'nobody';

let world: World;
let ask: Record<Who, PortalBrowser['ask']>;
let workspace: string;
let stranger: string;
let keyId: string;

beforeAll(async () => {
  world = await startCandor({ yaml: YAML });
  const signUp = async (email: string) => {
    const at = openPortalBrowser(world.url);
    return { at, id: await signUpAt(world.url, at, email, PASSWORD) };
  };
  const owner = await signUp('owner@acme.com');
  const other = await signUp('stranger@example.org');
  stranger = other.id;
  workspace = (await owner.at.ask('POST', '/portal/v1/workspaces', { name: 'Acme' })).body['id'] as string;
  const members = await Promise.all(
    ROLES.map(async (role) => {
      const email = `${role}@acme.com`;
      await owner.at.ask('POST', `/portal/v1/accounts/${workspace}/invitations`, { email, role });
      const token = tokenIn((await keptMails(world.url, email))[0]?.body ?? '');
      const { at } = await signUp(email);
      const accepted = await at.ask('POST', '/portal/v1/invitations/accept', { token });
      expect([role, accepted.status]).toEqual([role, 200]);
      return [role, at.ask] as const;
    }),
  );
  ask = {
    ...(Object.fromEntries(members) as Record<(typeof ROLES)[number], PortalBrowser['ask']>),
    owner: owner.at.ask,
    stranger: other.at.ask,
    nobody: openPortalBrowser(world.url).ask,
  };
  await give(workspace);
  keyId = (await ask.owner('POST', own('keys'), { name: 'of the owner', app: 'bot' })).body['id'] as string;
}, 60_000);
afterAll(() => world.close());

const own = (rest: string) => `/portal/v1/accounts/${workspace}/${rest}`;

function tokenIn(mail: string): string {
  return /\/join#(\S+)/.exec(mail)?.[1] ?? '';
}

async function give(account: string): Promise<void> {
  const grant = { account_id: account, kind: 'promo', amount_nano: '5000000000', reason: 'a secret note' };
  const request = { method: 'POST', body: JSON.stringify(grant) };
  const answer = await world.app.control.fetch(new Request('http://control/control/v1/credit/grants', request));
  if (!answer.ok) throw new Error(await answer.text());
}

const call = (key: string, path: string, body?: unknown) =>
  fetch(`${world.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  });

/** A path of the API with what is there in place of its parameters. */
function filled(path: string, account = workspace): string {
  const objects: Record<string, string> = { account, key: keyId, request: 'req_nothing', budget: 'b', stop: 's' };
  return path.replace(/\{(\w+)\}/g, (_, name: string) => objects[name] ?? '');
}

describe('every route', () => {
  test.each(portalControlApi.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s is for whose role has it, and not there for others',
    async (_, { method, path, access }) => {
      // A body that no route takes: whoever gets as far as having it read may do this, and nothing is done.
      const body = method === 'GET' || method === 'DELETE' ? undefined : { not_a_field: 1 };
      const statusOf = async (who: Who, account = workspace) =>
        (await ask[who](method, filled(path, account), body)).status;
      expect(await statusOf('nobody')).toBe(401);
      expect(await statusOf('stranger')).toBe(404);
      expect(await statusOf('owner', stranger)).toBe(404);
      expect(await statusOf('owner', 'acct_operator')).toBe(404);
      // Ending is what it says: nobody tries it on what is there.
      if (method === 'DELETE') return;
      for (const role of ['owner', ...ROLES] as const) {
        const may = (permissionsOf(role) as readonly string[]).includes(access);
        const status = await statusOf(role);
        expect([role, status === 403]).toEqual([role, !may]);
      }
    },
  );
});

test('a key is made, used, seen in usage and on its receipt, and ends at once', async () => {
  const made = await ask.developer('POST', own('keys'), { name: 'mine', models: ['small'] });
  expect(made).toMatchObject({ status: 201, body: { member: expect.stringMatching(/^mem_/) as string } });
  const key = made.body['key'] as string;
  const id = made.body['id'] as string;
  const answer = await call(key, '/v1/chat/completions', {
    model: 'small',
    max_tokens: 5,
    messages: [{ role: 'user', content: 'Hello' }],
  });
  expect(answer.status).toBe(200);
  const request = answer.headers.get('x-request-id') ?? '';
  await answer.text();
  expect(
    (await call(key, '/v1/chat/completions', { model: 'large', messages: [{ role: 'user', content: 'Hi' }] })).status,
  ).toBe(403);

  const receipt = await ask.developer('GET', own(`requests/${request}`));
  expect(receipt.body).toMatchObject({ request: { key: id, model: 'small', outcome: 'completed' } });
  expect(JSON.stringify(receipt.body)).not.toMatch(/cost_nano|provider|a secret note/);
  expect((await ask.stranger('GET', `/portal/v1/accounts/${stranger}/requests/${request}`)).status).toBe(404);

  const span = {
    from: new Date(Date.now() - 3_600_000).toISOString(),
    to: new Date(Date.now() + 3_600_000).toISOString(),
  };
  for (let tries = 0; tries < 100; tries++) {
    const { body } = await ask.developer('POST', own('usage/query'), {
      ...span,
      measures: ['requests'],
      by: ['model'],
    });
    if ((body['totals'] as { requests?: number }).requests === 2) break;
    await Bun.sleep(100);
  }
  const used = await ask.developer('POST', own('usage/query'), { ...span, measures: ['requests'], by: ['key'] });
  expect(used.body).toMatchObject({ own_only: true, totals: { requests: 2 }, names: { key: { [id]: 'mine' } } });

  expect((await ask.viewer('POST', own(`keys/${id}/revoke`), {})).status).toBe(403);
  expect((await ask.developer('POST', own(`keys/${id}/revoke`), {})).body).toMatchObject({ state: 'revoked' });
  expect((await call(key, '/v1/models')).status).toBe(401);
}, 30_000);

test('what somebody new has: free credit that vests, no key, nothing stopped', async () => {
  const at = `/portal/v1/accounts/${stranger}`;
  expect((await ask.stranger('GET', `${at}/attention`)).body['data']).toContainEqual({ kind: 'no_keys' });
  const { body } = await ask.stranger('GET', `${at}/vesting`);
  expect(body).toMatchObject({ vesting: { shared_with: 0, tranches: [{ tranche: 1 }, {}, {}, {}, {}] } });
  expect((await ask.stranger('GET', `${at}/stops`)).body).toEqual({ data: [] });
  expect((await ask.stranger('GET', `${at}/models`)).body).toMatchObject({ first_model: 'small' });
});

test('an admin stops an app with a receipt; its keys are refused with words, and work again once it is lifted', async () => {
  const made = await ask.owner('POST', own('keys'), { app: 'loop' });
  const key = made.body['key'] as string;
  const stopped = await ask.admin('POST', own('stops'), { app: 'loop', reason: 'it loops' });
  expect(stopped).toMatchObject({ status: 201, body: { keys: 1, stop: { cause: 'admin', reason: 'it loops' } } });
  const refused = await call(key, '/v1/models');
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({ error: { code: 'access_stopped' } });
  const { stop } = stopped.body as { stop: { id: string } };
  expect((await ask.developer('POST', own(`stops/${stop.id}/lift`), {})).status).toBe(403);
  expect((await ask.stranger('POST', `/portal/v1/accounts/${stranger}/stops/${stop.id}/lift`, {})).status).toBe(404);
  expect((await ask.owner('POST', own(`stops/${stop.id}/lift`), {})).status).toBe(200);
  expect((await call(key, '/v1/models')).status).toBe(200);
});
