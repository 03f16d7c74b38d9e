/** Cases 23 to 25 where people are held to the rules: decisions, appeals and links of somebody else are absent, and what names nobody opens nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { portalRedressApi } from '../../src/portal/index.ts';
import { workspacesPortalApi } from '../../src/workspaces/index.ts';
import { startCandor, type World } from '../world/candor.ts';
import { openPortalBrowser, type PortalBrowser, signUpAt } from '../world/portal-browser.ts';

const YAML = `
pricing: { unpriced: estimate, estimate: { input_usd_per_million: 1, output_usd_per_million: 2 } }
providers: { demo: { kind: demo, tokens_per_second: 100000 } }
models: { m: { targets: [{ provider: demo, upstream_model: demo }] } }
portal: { enabled: true, mail_outbox: true }
monitor: { enabled: false }
`;
const PASSWORD = 'a long enough password';
/** Passwords are worked out behind everything else. */
const SIGN_UP_MS = 60_000;
const ACCOUNT_ROUTES = [...portalRedressApi, ...workspacesPortalApi].filter(({ path }) => path.includes('{account}'));

let world: World;
let ann: PortalBrowser;
let annId: string;
let mallory: PortalBrowser;
let malloryId: string;
let decisionId: string;
let appealId: string;
let contestUrl: string;

async function signUp(email: string): Promise<[PortalBrowser, string]> {
  const at = openPortalBrowser(world.url);
  return [at, await signUpAt(world.url, at, email, PASSWORD)];
}
const control = async (method: string, path: string, body: unknown) => {
  const request = new Request(`http://control${path}`, { method, body: JSON.stringify(body) });
  const answer = await world.app.control.fetch(request);
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
};
const pathOf = (path: string, account: string) => path.replace('{account}', account).replaceAll(/\{\w+\}/g, 'x_1');
const bodyFor = (method: string) => (method === 'GET' || method === 'DELETE' ? undefined : {});
const own = (account: string, rest: string) => `/portal/v1/accounts/${account}/${rest}`;

beforeAll(async () => {
  world = await startCandor({ yaml: YAML });
  [ann, annId] = await signUp('ann@example.com');
  [mallory, malloryId] = await signUp('mallory@example.com');
  const now = new Date().toISOString();
  const imposed = await control('POST', '/control/v1/enforcement/sanctions', {
    unit: { kind: 'account', account_id: annId },
    step: 'cool_off',
    conduct: 'harassment',
    first_at: now,
    last_at: now,
    alternatives: 'A warning was given before.',
  });
  expect([imposed.status, imposed.json]).toEqual([201, expect.anything()]);
  const key = await world.createKey({ account_id: annId });
  const refused = await fetch(`${world.url}/v1/models`, { headers: { authorization: `Bearer ${key.text}` } });
  const { error } = (await refused.json()) as { error: Record<string, string> };
  expect(error['reason']).toBe('access_stopped');
  decisionId = error['decision_id'] ?? '';
  contestUrl = error['contest_url'] ?? '';
  // A stop ends the sessions; whoever is stopped may still come in to read and contest.
  await ann.ask('POST', '/portal/v1/session', { email: 'ann@example.com', password: PASSWORD });
  const filed = await ann.ask('POST', own(annId, 'appeals'), {
    decision_id: decisionId,
    language: 'en',
    text: 'It was not me.',
  });
  expect([filed.status, filed.body]).toEqual([201, expect.anything()]);
  appealId = String(filed.body['id']);
}, SIGN_UP_MS);
afterAll(() => world.close());

describe('cases 23 and 24: what was decided about somebody else', () => {
  test('no route of an account tells it from one that never was', async () => {
    expect(ACCOUNT_ROUTES.length).toBeGreaterThan(35);
    for (const { method, path } of ACCOUNT_ROUTES) {
      const hidden = await mallory.ask(method, pathOf(path, annId), bodyFor(method));
      const missing = await mallory.ask(method, pathOf(path, 'acct_nobody'), bodyFor(method));
      expect([method, path, hidden.status]).toEqual([method, path, 404]);
      expect([path, hidden.body['error']]).toEqual([path, missing.body['error']]);
    }
  });

  test('lists of redress are there for whoever they are about, also while stopped', async () => {
    const lists = portalRedressApi.filter(({ method, path }) => method === 'GET' && path.match(/\{/g)?.length === 1);
    expect(lists.length).toBeGreaterThanOrEqual(3);
    for (const { path } of lists.filter((one) => one.path.includes('{account}'))) {
      expect([path, (await ann.ask('GET', pathOf(path, annId))).status]).toEqual([path, 200]);
    }
  });

  test('no decision and no appeal of another is read, contested or acknowledged from an account of one’s own', async () => {
    expect((await ann.ask('GET', own(annId, `decisions/${decisionId}`))).status).toBe(200);
    const tries: readonly (readonly [method: string, rest: string, body?: object])[] = [
      ['GET', `decisions/${decisionId}`],
      ['POST', `decisions/${decisionId}/acknowledge`, {}],
      ['GET', `appeals/${appealId}`],
      ['POST', `appeals/${appealId}/withdraw`, {}],
      ['POST', 'appeals', { decision_id: decisionId, language: 'en', text: 'Let me in.' }],
    ];
    for (const [method, rest, body] of tries) {
      expect([rest, (await mallory.ask(method, own(malloryId, rest), body)).status]).toEqual([rest, 404]);
    }
    for (const rest of ['decisions', 'appeals', 'accesses']) {
      expect([rest, (await mallory.ask('GET', own(malloryId, rest))).body['data']]).toEqual([rest, []]);
    }
  });
});

describe('case 25: links that name nobody', () => {
  const token = () => contestUrl.split('/contest/')[1] ?? '';
  const open = (one: string) =>
    openPortalBrowser(world.url).ask('GET', `/portal/v1/contest/${encodeURIComponent(one)}`);

  test('the link of a refusal opens its own notice, without a name, an address or a figure', async () => {
    const { status, body } = await open(token());
    expect(status).toBe(200);
    for (const hidden of ['ann@example.com', annId, 'score', 'threshold']) {
      expect([hidden, JSON.stringify(body).includes(hidden)]).toEqual([hidden, false]);
    }
  });

  test('no other link opens anything', async () => {
    const [id = '', day = '', mac = ''] = token().split('.');
    const flipped = mac.startsWith('A') ? `B${mac.slice(1)}` : `A${mac.slice(1)}`;
    const later = (Number.parseInt(day, 36) + 1).toString(36);
    const wrong = [
      decisionId,
      id,
      `${id}.${day}`,
      `${id}.${day}.${flipped}`,
      `${id}.${later}.${mac}`,
      `${id.slice(0, -1)}0.${day}.${mac}`,
      '...',
      '__proto__',
      `${token()} `,
      'x'.repeat(2_000),
    ];
    for (const one of wrong) {
      const { status, body } = await open(one);
      expect([one, status]).toEqual([one, 404]);
      expect(JSON.stringify(body)).not.toContain(decisionId);
    }
  });
});
