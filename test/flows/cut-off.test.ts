/** Stopping an account, a member, an app, a key or an end user: who is cut, who is not, and what the receipt says of it. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openStopTable } from '../../src/accounts/index.ts';
import type { CreateKeyBody } from '../../src/accounts/contract.ts';
import { type CutOffView, cutOffView, type StopBody, stopListView } from '../../src/accounts/standing/contract.ts';
import { systemClock } from '../../src/base/clock.ts';
import { startCandor, type World } from '../world/candor.ts';

const YAML = `
providers: { slow: { kind: demo, tokens_per_second: 40 } }
models: { m: { targets: [{ provider: slow, upstream_model: demo }] } }
`;
const ASK = JSON.stringify({
  model: 'm',
  stream: true,
  messages: [{ role: 'user', content: 'Say 2000 words' }],
});

let world: World;
beforeAll(async () => {
  world = await startCandor({ yaml: YAML });
});
afterAll(() => world.close());

async function control(method: string, path: string, body: unknown = {}): Promise<{ status: number; json: unknown }> {
  const sent = method === 'GET' ? null : JSON.stringify(body);
  const answer = await world.app.control.fetch(new Request(`http://control${path}`, { method, body: sent }));
  return { status: answer.status, json: await answer.json() };
}

/** A stream that is being read: when its last byte came, and all it said. */
interface Reading {
  readonly ended: Promise<{ readonly text: string; readonly lastByteAtMs: number }>;
  readonly isOver: () => boolean;
}

async function read(key: string, body = ASK): Promise<Reading> {
  const answer = await fetch(`${world.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body,
  });
  expect(answer.status).toBe(200);
  const reader = answer.body?.getReader();
  if (!reader) throw new Error('a stream has a body');
  const first = await reader.read();
  let over = false;
  async function toEnd(): Promise<{ text: string; lastByteAtMs: number }> {
    let text = new TextDecoder().decode(first.value);
    let lastByteAtMs = Date.now();
    for (;;) {
      const { done, value } = (await reader?.read().catch(() => ({ done: true, value: undefined }))) ?? { done: true };
      if (done) break;
      text += new TextDecoder().decode(value);
      lastByteAtMs = Date.now();
    }
    over = true;
    return { text, lastByteAtMs };
  }
  return { ended: toEnd(), isOver: () => over };
}

const statusOf = async (key: string, user?: string) => {
  const body = JSON.stringify({ model: 'm', max_tokens: 1, user, messages: [{ role: 'user', content: 'hi' }] });
  const headers = { authorization: `Bearer ${key}` };
  const answer = await fetch(`${world.url}/v1/chat/completions`, { method: 'POST', headers, body });
  const { error } = (await answer.json()) as { error?: { code?: string } };
  return [answer.status, error?.code ?? null];
};

async function stop(subject: StopBody['subject'], until: string | null = null): Promise<CutOffView> {
  const { status, json } = await control('POST', '/control/v1/accounts/acct_operator/stops', {
    subject,
    reason: 'left the team',
    until,
  });
  expect([status, json]).toMatchObject([201, {}]);
  return cutOffView.parse(json);
}

async function makeKeys(inputs: readonly CreateKeyBody[]) {
  const issued = [];
  for (const input of inputs) issued.push(await world.createKey(input));
  return issued;
}

/** The stop of the first key's subject must leave the second key alone. */
const SUBJECTS: readonly (readonly [kind: string, of: (keyId: string) => StopBody['subject']])[] = [
  ['key', (keyId) => ({ kind: 'key', key_id: keyId })],
  ['app', () => ({ kind: 'app', app: 'shop' })],
  ['member', () => ({ kind: 'member', member: 'mem_ann' })],
];

test.each(SUBJECTS)('stopping a %s cuts its streams, tells when, and leaves the others alone', async (_, of) => {
  const [mine, others] = await makeKeys([
    { app: 'shop', member: 'mem_ann' },
    { app: 'desk', member: 'mem_ben' },
  ]);
  if (!mine || !others) throw new Error('two keys were made');
  const cut = await Promise.all([read(mine.text), read(mine.text), read(mine.text)]);
  const spared = await read(others.text);
  const asked = Date.now();
  const receipt = await stop(of(mine.key.id));
  const ended = await Promise.all(cut.map((one) => one.ended));
  const decidedAt = Date.parse(receipt.decided_at);
  const lastByteAt = Date.parse(receipt.last_byte_at ?? '');
  expect(receipt).toMatchObject({ streams_cut: 3, keys_stopped: 1, sessions_closed: 0 });
  expect(decidedAt).toBeGreaterThanOrEqual(asked);
  expect(lastByteAt).toBeGreaterThanOrEqual(decidedAt);
  expect(Date.parse(receipt.closed_at)).toBeGreaterThanOrEqual(lastByteAt);
  for (const { text, lastByteAtMs } of ended) {
    expect(text).toContain('access_revoked');
    // What a reader sees last is what the receipt says was sent last, as far as this machine hands it over in time.
    expect(lastByteAtMs - lastByteAt).toBeLessThan(500);
  }
  expect(spared.isOver()).toBe(false);
  expect(await statusOf(mine.text)).toEqual([403, 'access_stopped']);
  expect(await statusOf(others.text)).toEqual([200, null]);
  await control('POST', `/control/v1/stops/${receipt.stop.id}/lift`);
  expect(await statusOf(mine.text)).toEqual([200, null]);
  const later = await control('GET', `/control/v1/stops/${receipt.stop.id}`);
  expect(later.json).toMatchObject({
    ...receipt,
    stop: { ...receipt.stop, lifted_at: expect.any(String), lifted_by: 'local', in_force: false },
  });
  for (const { key } of [mine, others]) await world.app.keys.revoke(key.id);
  await spared.ended;
});

test('stopping an end user cuts what is asked for them by any key of the account, and nobody else', async () => {
  const [first, second] = await makeKeys([{ app: 'shop' }, { app: 'desk' }]);
  const foreign = await control('POST', '/control/v1/accounts', { name: 'Another Shop', kind: 'workspace' });
  const { id } = foreign.json as { id: string };
  const [theirs] = await makeKeys([{ account_id: id }]);
  if (!first || !second || !theirs) throw new Error('three keys were made');
  const asking = (user: string) => JSON.stringify({ ...(JSON.parse(ASK) as object), user });
  const cut = await Promise.all([read(first.text, asking('u 1')), read(second.text, asking('u 1'))]);
  const spared = await Promise.all([read(first.text, asking('u 2')), read(first.text)]);
  const asked = Date.now();
  const receipt = await stop({ kind: 'end_user', end_user: 'u 1' });
  expect(Date.now() - asked).toBeLessThan(1_000);
  expect(receipt).toMatchObject({ streams_cut: 2, keys_stopped: 0, sessions_closed: 0 });
  for (const { text } of await Promise.all(cut.map((one) => one.ended))) expect(text).toContain('access_revoked');
  expect(spared.map((one) => one.isOver())).toEqual([false, false]);
  expect(await statusOf(first.text, 'u 1')).toEqual([403, 'end_user_stopped']);
  expect(await statusOf(second.text, ' u 1')).toEqual([200, null]);
  expect(await statusOf(first.text, 'u 2')).toEqual([200, null]);
  // Somebody of that name at another account gets as far as anybody there.
  expect(await statusOf(theirs.text, 'u 1')).toEqual(await statusOf(theirs.text));
  const [latest] = (await world.events()).filter(({ reason }) => reason === 'end_user_stopped');
  expect(latest).toMatchObject({ outcome: 'refused', status: 403, end_user: 'u 1' });
  await control('POST', `/control/v1/stops/${receipt.stop.id}/lift`);
  expect(await statusOf(first.text, 'u 1')).toEqual([200, null]);
  for (const { key } of [first, second]) await world.app.keys.revoke(key.id);
  await Promise.all(spared.map((one) => one.ended));
});

test('a stopped end user is still stopped after a restart, and until their time', async () => {
  const until = new Date(Date.now() + 60_000).toISOString();
  const receipt = await stop({ kind: 'end_user', end_user: 'u 3' }, until);
  const table = await openStopTable(world.app.storage, systemClock);
  expect(table.ofEndUser('acct_operator', 'u 3')?.id).toBe(receipt.stop.id);
  expect(table.ofEndUser('acct_other', 'u 3')).toBeNull();
  const body = JSON.stringify({ model: 'm', user: 'u 3', messages: [{ role: 'user', content: 'hi' }] });
  const headers = { authorization: `Bearer ${world.key}` };
  const answer = await fetch(`${world.url}/v1/chat/completions`, { method: 'POST', headers, body });
  expect([answer.status, Number(answer.headers.get('retry-after')) > 50]).toEqual([403, true]);
});

test('stopping an account stops every key of it, those made later too; the operator cannot stop themselves', async () => {
  const house = await control('POST', '/control/v1/accounts/acct_operator/stops', {
    subject: { kind: 'account' },
    reason: 'x',
  });
  expect(house).toMatchObject({ status: 409, json: { error: { reason: 'house_account' } } });
  const made = await control('POST', '/control/v1/accounts', { name: 'Some Shop', kind: 'workspace' });
  const { id } = made.json as { id: string };
  const [before] = await makeKeys([{ account_id: id }]);
  const stopped = await control('POST', `/control/v1/accounts/${id}/stops`, {
    subject: { kind: 'account' },
    reason: 'x',
  });
  expect(stopped).toMatchObject({ status: 201, json: { keys_stopped: 1, streams_cut: 0, last_byte_at: null } });
  const [after] = await makeKeys([{ account_id: id }]);
  expect([await statusOf(before?.text ?? ''), await statusOf(after?.text ?? '')]).toEqual([
    [403, 'access_stopped'],
    [403, 'access_stopped'],
  ]);
  const listed = stopListView.parse((await control('GET', `/control/v1/accounts/${id}/stops`)).json);
  expect(listed.data).toHaveLength(1);
});

test('a stop with an end is over at that time with nothing running for it', async () => {
  const [one] = await makeKeys([{ app: 'brief' }]);
  const text = one?.text ?? '';
  await stop({ kind: 'app', app: 'brief' }, new Date(Date.now() + 400).toISOString());
  expect(await statusOf(text)).toEqual([403, 'access_stopped']);
  await Bun.sleep(450);
  expect(await statusOf(text)).toEqual([200, null]);
});

test.each([
  [{ subject: { kind: 'key', key_id: 'nobodys' }, reason: 'x' }, 404, 'key_not_found'],
  [{ subject: { kind: 'app' }, reason: 'x' }, 400, 'invalid_field'],
  [{ subject: { kind: 'app', app: 'shop' }, reason: '' }, 400, 'invalid_field'],
  [{ subject: { kind: 'app', app: 'shop' }, reason: 'a\nb' }, 400, 'invalid_field'],
  [{ subject: { kind: 'app', app: 'shop' }, reason: 'x', until: '2001-01-01T00:00:00Z' }, 400, 'invalid_field'],
  [{ subject: { kind: 'app', app: 'shop' }, reason: 'x', cause: 'sanction' }, 400, 'invalid_field'],
])('%j is refused', async (body, status, reason) => {
  const answer = await control('POST', '/control/v1/accounts/acct_operator/stops', body);
  expect(answer).toMatchObject({ status, json: { error: { reason } } });
});
