/** Somebody over HTTP, from the door of a service as it ships to their first answer, and out again. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { sessionView } from '../../src/people/contract.ts';
import { startCandor, type World } from '../world/candor.ts';
import { keptMails, openPortalBrowser, signUpAt } from '../world/portal-browser.ts';

const PASSWORD = 'a long enough password';

let world: World;
beforeAll(async () => {
  world = await startCandor({ yaml: 'portal: { enabled: true, mail_outbox: true }\n' });
  const rates = { input_nano: '1000', output_nano: '1000', request_nano: '0', image_nano: '0' };
  await asOperator('/control/v1/prices', { prices: [{ kind: 'list', model: 'demo', rates, free: false }] });
});
afterAll(() => world.close());

/** Asks what whoever runs the service may ask. */
async function asOperator(path: string, body?: object): Promise<Record<string, unknown>> {
  const text = body === undefined ? null : JSON.stringify(body);
  const answer = await world.app.control.fetch(new Request(`http://control${path}`, { method: 'POST', body: text }));
  const told = (await answer.json()) as Record<string, unknown>;
  if (!answer.ok) throw new Error(JSON.stringify(told));
  return told;
}

function chat(key: string): Promise<Response> {
  return fetch(`${world.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: 'demo', max_tokens: 1, messages: [{ role: 'user', content: 'hi' }] }),
  });
}

test('from signing up to the first answer, and through a stop and a deletion', async () => {
  const email = 'ada@example.com';
  const at = openPortalBrowser(world.url);
  const id = await signUpAt(world.url, at, email, PASSWORD);
  const account = `/portal/v1/accounts/${id}`;
  expect((await at.ask('GET', account)).body).toMatchObject({ id, kind: 'person', role: 'owner', stopped: null });
  const made = await at.ask('POST', `${account}/keys`, { name: 'first' });
  const key = String(made.body['key']);
  expect([made.status, (await chat(key)).status]).toEqual([201, 200]);

  // The operator's people stop the account: the session ends, the key is refused, and the person may come in and read.
  const order = { subject: { kind: 'account' }, reason: 'Sold access.', until: null };
  const cutOff = await asOperator(`/control/v1/accounts/${id}/stops`, order);
  expect(cutOff).toMatchObject({ sessions_closed: 1 });
  expect((await at.ask('GET', account)).status).toBe(401);
  expect((await chat(key)).status).not.toBe(200);
  const again = await at.ask('POST', '/portal/v1/session', { email, password: PASSWORD });
  const stop = sessionView.parse(again.body).stop;
  expect(stop).toMatchObject({ cause: 'staff', reason: 'Sold access.' });
  expect((await at.ask('GET', account)).status).toBe(200);
  expect((await at.ask('POST', `${account}/keys`, { name: 'second' })).status).toBe(403);
  await asOperator(`/control/v1/stops/${stop?.id ?? ''}/lift`);
  expect((await chat(key)).status).toBe(200);

  // To be deleted, the account is stopped at once; taken back, it goes on.
  expect((await at.ask('POST', '/portal/v1/me/deletion')).body).toMatchObject({ state: 'deletion_pending' });
  expect((await chat(key)).status).not.toBe(200);
  expect((await at.ask('DELETE', '/portal/v1/me/deletion')).body).toMatchObject({ state: 'active' });
  expect((await chat(key)).status).toBe(200);
  expect((await keptMails(world.url, email)).map(({ subject }) => subject)[0]).toBe('Your account will be deleted');

  expect((await at.ask('DELETE', '/portal/v1/session')).status).toBe(200);
  expect((await at.ask('GET', account)).status).toBe(401);
});

test('what the portal knows of a person is one file, from every part of the service', async () => {
  const at = openPortalBrowser(world.url);
  await signUpAt(world.url, at, 'bob@example.com', PASSWORD);
  const { body } = await at.ask('GET', '/portal/v1/me/export');
  expect(body).toMatchObject({ person: { email: 'bob@example.com' }, parts: { ways_in: {}, workspaces: {} } });
});

test('another name than its own gets nothing of the portal', async () => {
  const answer = await fetch(`${world.url}/portal/v1/session`, { headers: { host: 'portal.evil.example' } });
  expect(answer.status).toBe(400);
});
