import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { CONTROL_API } from '../../src/app/control-api.ts';
import type { ControlRoute } from '../../src/http/control-api.ts';
import { permissionsOf } from '../../src/http/guard.ts';
import { ROLES, type Role } from '../../src/staff/contract.ts';
import { type ConsoleWorld, startConsole } from './console-world.ts';

let console: ConsoleWorld;

beforeAll(async () => {
  console = await startConsole();
  for (const role of ROLES) await console.as(role);
});

afterAll(() => console.close());

/** Ending the session that asks, or everybody's, would end the test. */
const ENDS_SESSIONS: ReadonlySet<string> = new Set([
  'DELETE /control/v1/session',
  'DELETE /control/v1/sessions',
  'POST /control/v1/password',
]);

const ROUTES = CONTROL_API.map((route) => [`${route.method} ${route.path}`, route] as const);

/** A path of the route that names nothing there is. */
function pathOf({ path }: ControlRoute): string {
  return path.replaceAll(/\{\w+\}/g, 'nothing-of-this-name');
}

function changes({ method }: ControlRoute): boolean {
  return method !== 'GET';
}

async function statusOf(role: Role | 'nobody', route: ControlRoute, withoutCsrf = false) {
  const who = role === 'nobody' ? console.nobody() : await console.as(role);
  // No body that any route takes: what gets past the guard changes nothing.
  const body = changes(route) ? { body: [] } : {};
  const answer = await who.ask(route.method, pathOf(route), { ...body, withoutCsrf });
  const { error } = (answer.json ?? {}) as { error?: { reason?: string; message?: string } };
  return { status: answer.status, reason: error?.reason, message: error?.message };
}

describe('every route by every role', () => {
  test.each(ROUTES)('%s', async (name, route) => {
    const { access } = route;
    const nobody = await statusOf('nobody', route);
    if (access === 'public') expect(nobody.reason).not.toBe('signed_out');
    else expect(nobody).toMatchObject({ status: 401, reason: 'signed_out' });
    if (ENDS_SESSIONS.has(name)) return;
    for (const role of ROLES) {
      const { permissions } = await console.as(role);
      const may = permissionsOf(route).every((one) => permissions.some((held) => held === one));
      const answer = await statusOf(role, route);
      if (may) expect([role, answer.reason]).not.toEqual([role, 'not_permitted']);
      else expect([role, answer]).toMatchObject([role, { status: 403, reason: 'not_permitted' }]);
    }
  });
});

test('what is not described is not there, for anybody', async () => {
  const owner = await console.as('owner');
  const paths = [
    '/control',
    '/control/',
    '/control/v1',
    '/control/v1/nothing',
    '/control/v2/keys',
    '/control/v1/keys/x/y',
  ];
  for (const path of paths) {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD']) {
      const { status } = await owner.ask(method, path);
      expect([method, path, status >= 400 && status < 500]).toEqual([method, path, true]);
    }
  }
});

test('a method no route has is refused on each path', async () => {
  const owner = await console.as('owner');
  for (const path of new Set(CONTROL_API.map((route) => route.path))) {
    const served = new Set<string>(CONTROL_API.filter((route) => route.path === path).map((route) => route.method));
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((one) => !served.has(one))) {
      const { status } = await owner.ask(method, path.replaceAll(/\{\w+\}/g, 'x'));
      // Another route may stand where a parameter is filled in; what is asked of it is no good.
      expect([method, path, status]).toEqual([method, path, status >= 400 ? status : 'refused']);
    }
  }
});

describe('a request a page of a stranger could send', () => {
  const CHANGING = ROUTES.filter(([, route]) => changes(route) && route.access !== 'public');

  test.each(CHANGING)('%s needs the token of the session', async (_, route) => {
    expect(await statusOf('owner', route, true)).toMatchObject({ status: 403, reason: 'csrf' });
  });

  test('is refused by where it comes from, whatever token it has', async () => {
    const owner = await console.as('owner');
    const foreign = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `http://127.0.0.1:${console.port + 1}` },
      { origin: `http://127.0.0.1:${console.port}.evil.example` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of foreign) {
      const answer = await owner.ask('POST', '/control/v1/accounts', { body: { name: 'x' }, headers });
      expect([headers, answer.status]).toEqual([headers, 403]);
    }
    const signIn = { body: { email: 'owner@example.com', password: 'x' }, headers: { origin: 'https://evil.example' } };
    expect((await console.nobody().ask('POST', '/control/v1/session', signIn)).status).toBe(403);
  });

  test('is refused in the forms a form can send', async () => {
    const owner = await console.as('owner');
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const answer = await owner.ask('POST', '/control/v1/accounts', {
        body: '{"name":"x"}',
        headers: { 'content-type': type },
      });
      expect([type, answer.status]).toEqual([type, 415]);
    }
  });

  test('a token of another session is none', async () => {
    const [owner, viewer] = [await console.as('owner'), await console.as('viewer')];
    for (const token of [viewer.csrf, '', 'x', owner.csrf.slice(0, -1), `${owner.csrf} `.trimStart() + 'x']) {
      const headers = { 'x-candor-csrf': token };
      const answer = await owner.ask('POST', '/control/v1/accounts', { body: { name: 'x' }, headers });
      expect(answer.status).toBe(403);
    }
  });
});

describe('case 51: odd bodies', () => {
  const ODD = ['', '[]', 'null', '{}', '"x"', '0', '{', '\0', '[['.repeat(20_000), '{"__proto__":{"role":"owner"}}'];
  const CHANGING = ROUTES.filter(([name, route]) => changes(route) && !ENDS_SESSIONS.has(name));

  test.each(CHANGING)('%s stays alive', async (_, route) => {
    const owner = await console.as('owner');
    for (const body of ODD) {
      const { status } = await owner.ask(route.method, pathOf(route), { body });
      expect([body.slice(0, 20), status < 500]).toEqual([body.slice(0, 20), true]);
    }
    expect((await owner.ask('GET', '/control/v1/session')).status).toBe(200);
    expect(({} as { role?: string }).role).toBeUndefined();
  });
});
