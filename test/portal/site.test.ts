import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPortalSite, type PortalSite } from '../../src/app/portal-site.ts';
import { createRoutes } from '../../src/app/routes.ts';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { createControl } from '../../src/http/control.ts';
import { servicePortalApi, serviceRoutes } from '../../src/app/site/service-routes.ts';

const VISIT = { accept: 'text/html,application/xhtml+xml', host: 'candor.example.com' };
const SERVICE = { name: 'Riverside', terms_url: null, privacy_url: null, models: ['m'], outbox: false };

let folder: string;
let listener: (request: Request, peer: string | null) => Response | Promise<Response>;

function siteIn(place: string): PortalSite {
  return createPortalSite({
    place: { host: '0.0.0.0', publicUrl: 'https://candor.example.com', allowedHosts: null },
    trustedProxies: [],
    control: createControl({
      routes: [serviceRoutes(SERVICE)],
      described: servicePortalApi,
      guard: null,
      onFault: () => undefined,
    }),
    clock: systemClock,
    random: systemRandom,
    showsSession: () => false,
    folder: place,
  });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'candor-portal-'));
  mkdirSync(join(folder, 'assets'));
  const head = '<meta property="csp-nonce" nonce="__NONCE__">';
  writeFileSync(join(folder, 'index.html'), `<!doctype html><html><head>${head}</head><body>portal</body></html>`);
  writeFileSync(join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(folder, 'assets/main-a1b2c3.js'), 'console.log(1);');
  writeFileSync(join(folder, '.env'), 'SECRET=1');
  listener = listening(siteIn(folder));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function listening(site: PortalSite | null) {
  return createRoutes({
    gateway: {
      draining: () => false,
      handle: (request) => Promise.resolve(Response.json({ from: 'gateway', path: new URL(request.url).pathname })),
    },
    metricsText: () => Promise.resolve('metrics'),
    metricsToken: null,
    stripeWebhook: () => Promise.resolve(new Response('stripe')),
    portal: site === null ? null : { site, scim: () => Promise.resolve(new Response('scim')) },
  });
}

async function ask(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') {
  const request = new Request(`http://candor.example.com${path}`, {
    method,
    headers: { host: VISIT.host, ...headers },
  });
  const answer = await listener(request, '203.0.113.9');
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

describe('the public listener with a portal', () => {
  test('shows a browser the first page, and says one line to everything else', async () => {
    const page = await ask('/', VISIT);
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('portal')]);
    const plain = await ask('/');
    expect([plain.status, plain.headers.get('content-type'), plain.text]).toEqual([
      200,
      'text/plain; charset=utf-8',
      expect.stringContaining('Candor is running'),
    ]);
  });

  test('lets pages load nothing from elsewhere, with a nonce of each answer', async () => {
    const [one, other] = await Promise.all([ask('/sign-up', VISIT), ask('/sign-up', VISIT)]);
    const policy = one.headers.get('content-security-policy') ?? '';
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    expect(one.text).toContain(`nonce="${nonce}"`);
    expect(other.text).not.toContain(nonce);
    expect(policy.startsWith("default-src 'none'")).toBe(true);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(one.headers.get('x-frame-options')).toBe('DENY');
    expect(one.headers.get('cache-control')).toBe('no-store');
  });

  test('gives files by their path alone, and keeps what hides', async () => {
    expect((await ask('/assets/main-a1b2c3.js')).headers.get('cache-control')).toContain('immutable');
    expect((await ask('/icon.svg')).headers.get('content-type')).toBe('image/svg+xml');
    expect((await ask('/assets/nothing.js')).status).toBe(404);
    expect((await ask('/.env', VISIT)).text).not.toContain('SECRET');
  });

  test('answers the API of the portal, and no page of a stranger under a name of its own', async () => {
    expect(JSON.parse((await ask('/portal/v1/service')).text)).toEqual(SERVICE);
    const foreign = await ask('/portal/v1/service', { host: 'evil.example' });
    expect([foreign.status, JSON.parse(foreign.text).error.reason]).toEqual([400, 'host_unknown']);
    expect((await ask('/', { ...VISIT, host: 'evil.example' })).status).toBe(400);
  });

  test('leaves to machines what is theirs, also when a browser asks', async () => {
    expect((await ask('/v1/models', VISIT)).text).toContain('gateway');
    expect((await ask('/healthz', VISIT)).text).toBe('ok\n');
    expect((await ask('/webhooks/stripe', {}, 'POST')).text).toBe('stripe');
    expect((await ask('/scim/v2/Users', VISIT)).text).toBe('scim');
    expect((await ask('/anything')).text).toContain('gateway');
    expect((await ask('/sign-up', VISIT, 'POST')).text).toContain('gateway');
  });
});

test('a portal that was not built says how, and its API works', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'candor-portal-'));
  listener = listening(siteIn(empty));
  const page = await ask('/', VISIT);
  expect([page.status, page.text]).toEqual([503, expect.stringContaining('npm run build')]);
  expect((await ask('/portal/v1/service')).status).toBe(200);
  rmSync(empty, { recursive: true });
});

test('without a portal there is none', async () => {
  listener = listening(null);
  expect((await ask('/', VISIT)).text).toContain('Candor is running');
  expect((await ask('/portal/v1/service')).text).toContain('gateway');
});
