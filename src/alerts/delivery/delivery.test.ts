import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openSmtpSink, type SmtpSink } from '../../../test/world/smtp-sink.ts';
import type { ChannelView } from '../contract.ts';
import { createMail } from '../../mail/send-mail.ts';
import { type AlertWorld, MANY_REQUESTS, openReceiver, openWorld, type Receiver } from '../proving/alert-world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let world: AlertWorld;
let receiver: Receiver;
let sink: SmtpSink;

beforeEach(async () => {
  sink = await openSmtpSink();
  receiver = await openReceiver();
  const from = 'candor@example.com';
  world = await openWorld({
    mail: { host: '127.0.0.1', port: sink.port, tls: 'none', login: null, from, timeoutMs: 1_000 },
  });
});

afterEach(async () => {
  receiver.close();
  sink.close();
  await world.close();
});

async function channelNow(id: string): Promise<ChannelView> {
  const { data } = (await world.ask<{ data: ChannelView[] }>('GET', 'alert-channels')).body;
  const found = data.find((channel) => channel.id === id);
  if (found === undefined) throw new Error('the channel is gone');
  return found;
}

async function fire(): Promise<string> {
  await world.addRule({ condition: MANY_REQUESTS, name: 'Rush <now>' });
  world.usage = { a: 150 };
  await world.look(1);
  await world.alerts.deliver();
  return (await world.incidents('active'))[0]?.id ?? '';
}

describe('mail', () => {
  test('comes to every address, in the language of its channel', async () => {
    await world.addChannel({ kind: 'mail', to: ['ann@example.com', 'bob@example.com'], language: 'zh' });
    await fire();
    expect(sink.got).toHaveLength(1);
    const [mail] = sink.got;
    expect(mail).toMatchObject({ from: 'candor@example.com', to: ['ann@example.com', 'bob@example.com'] });
    const subject = /^Subject: (.*(?:\n .*)*)/m.exec(mail?.data ?? '')?.[1]?.replace(/\n /g, '') ?? '';
    expect(decodeWords(subject)).toBe('【警告】Rush <now>');
    const body = Buffer.from(mail?.data.split('\n\n').slice(1).join('') ?? '', 'base64').toString('utf8');
    expect(body).toContain('最近 5 分钟内，请求数为 150，高于阈值 100');
  });

  test('that is refused, or not answered, says why without an address, wherever it is said', async () => {
    const { id } = await world.addChannel({ kind: 'mail', to: ['nobody@example.com'] });
    sink.refused.add('nobody@example.com');
    const incident = await fire();
    expect((await channelNow(id)).last_error).toBe('the mail server refused sender or recipients (550)');
    sink.silent = true;
    world.pass(HOUR_MS);
    await world.alerts.deliver();
    expect((await channelNow(id)).last_error).toBe('the mail server took too long');
    const { deliveries } = await world.detail(incident);
    expect(deliveries).toMatchObject([{ state: 'waiting', tries: 2 }]);
    expect(JSON.stringify([deliveries, world.faults])).not.toContain('nobody@');
  });
});

test.each(['starttls', 'implicit'] as const)('mail by %s sends nothing to a server that has no TLS', async (tls) => {
  const login = { user: 'candor', password: 'word' };
  const from = 'candor@example.com';
  const sendMail = createMail({ host: '127.0.0.1', port: sink.port, tls, login, from, timeoutMs: 1_000 });
  const sent = await sendMail('msg_1', ['ann@example.com'], { subject: 'x', body: 'y' });
  expect(sent.ok).toBe(false);
  expect(sink.got).toEqual([]);
  expect(sink.heard).not.toContain('AUTH');
});

/** RFC 2047. */
function decodeWords(text: string): string {
  return text.replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=\s*/gi, (_, how: string, word: string) => {
    if (how.toUpperCase() === 'B') return Buffer.from(word, 'base64').toString('utf8');
    const bytes = word
      .replaceAll('_', ' ')
      .replace(/=([0-9A-F]{2})/g, (__, hex: string) => String.fromCharCode(parseInt(hex, 16)));
    return Buffer.from(bytes, 'latin1').toString('utf8');
  });
}

describe('a webhook', () => {
  test('that fails is tried again, later each time, under the same id, and in the end given up', async () => {
    receiver.status = 500;
    const { id } = await world.addChannel({ kind: 'webhook', url: receiver.url });
    const incident = await fire();
    expect(await channelNow(id)).toMatchObject({ waiting: 1, last_error: 'it answered 500' });
    await world.alerts.deliver();
    expect(receiver.got).toHaveLength(1);
    for (let round = 0; round < 20; round++) {
      world.pass(HOUR_MS);
      await world.alerts.deliver();
    }
    expect(receiver.got).toHaveLength(12);
    expect(new Set(receiver.got.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(await channelNow(id)).toMatchObject({ waiting: 0, dead: 1 });
    expect((await world.detail(incident)).deliveries).toMatchObject([{ state: 'dead', tries: 12 }]);
    expect(world.faults).toEqual([`dead ${id}: it answered 500`]);
  });

  test('that comes back gets what waited, each message once', async () => {
    receiver.status = 503;
    await world.addChannel({ kind: 'webhook', url: receiver.url });
    await fire();
    await world.restart();
    receiver.status = 204;
    world.pass(HOUR_MS);
    await world.alerts.deliver();
    await world.alerts.deliver();
    expect(receiver.got).toHaveLength(2);
  });

  test('that does not answer does not hold up another channel', async () => {
    await world.addChannel({ kind: 'webhook', url: 'http://127.0.0.1:9/' });
    await world.addChannel({ kind: 'webhook', url: receiver.url });
    await fire();
    expect(receiver.got).toHaveLength(1);
  });

  test('whose secret is changed is signed with both for a day', async () => {
    const { id, secret } = await world.addChannel({ kind: 'webhook', url: receiver.url });
    const rotated = await world.ask<{ secret: string }>('PATCH', `alert-channels/${id}`, { rotate_secret: true });
    expect(rotated.body.secret).not.toBe(secret);
    const secrets = [rotated.body.secret, secret ?? ''];
    await world.ask('POST', `alert-channels/${id}/test`);
    expect(receiver.got[0]?.headers['webhook-signature']).toBe(secrets.map(signatureOf(receiver.got[0])).join(' '));
    world.pass(DAY_MS + 1);
    await world.ask('POST', `alert-channels/${id}/test`);
    expect(receiver.got[1]?.headers['webhook-signature']).toBe(signatureOf(receiver.got[1])(rotated.body.secret));
    expect((await world.ask('GET', 'alert-channels')).body).not.toHaveProperty('data.0.secret');
  });
});

function signatureOf(message: Receiver['got'][number] | undefined) {
  return function sign(secret: string): string {
    const { 'webhook-id': id, 'webhook-timestamp': at } = message?.headers ?? {};
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    return `v1,${createHmac('sha256', key).update([id, at, message?.body].join('.')).digest('base64')}`;
  };
}

test('Slack gets text and blocks, in which nothing is markup that a name brought', async () => {
  const { id } = await world.addChannel({ kind: 'slack', url: receiver.url });
  await fire();
  const body = JSON.parse(receiver.got[0]?.body ?? '') as { text: string; blocks: { text: { text: string } }[] };
  expect(body.text).toBe('[warning] Rush &lt;now&gt;');
  expect(body.blocks[0]?.text.text).toContain('Requests: 150, above 100, over 5 minutes');
  expect((await channelNow(id)).url).toBe(new URL(receiver.url).host);
});

describe('a channel', () => {
  test('that is tried says how it went, and is not tried at once again', async () => {
    const { id } = await world.addChannel({ kind: 'webhook', url: receiver.url });
    expect((await world.ask('POST', `alert-channels/${id}/test`)).body).toEqual({ delivered: true, error: null });
    expect((await world.ask('POST', `alert-channels/${id}/test`)).status).toBe(429);
    receiver.status = 301;
    world.pass(10_000);
    expect((await world.ask('POST', `alert-channels/${id}/test`)).body).toEqual({
      delivered: false,
      error: 'it answered 301',
    });
  });

  test('hears only what is severe enough, of the rules that name it', async () => {
    const loud = await openReceiver();
    await world.addChannel({ kind: 'webhook', url: receiver.url, severity_min: 'critical' });
    const { id } = await world.addChannel({ kind: 'webhook', url: loud.url });
    await world.addRule({ condition: MANY_REQUESTS, severity: 'warning' });
    await world.addRule({ condition: MANY_REQUESTS, severity: 'critical', channels: [id] });
    world.usage = { a: 150 };
    await world.look(1);
    await world.alerts.deliver();
    expect(receiver.got).toHaveLength(0);
    expect(loud.got).toHaveLength(2);
    loud.close();
  });

  test('that is removed gets nothing of what waited', async () => {
    receiver.status = 500;
    const { id } = await world.addChannel({ kind: 'webhook', url: receiver.url });
    const incident = await fire();
    expect((await world.ask('DELETE', `alert-channels/${id}`)).body).toEqual({ id, removed: true });
    world.pass(HOUR_MS);
    await world.alerts.deliver();
    expect(receiver.got).toHaveLength(1);
    expect((await world.detail(incident)).deliveries).toMatchObject([{ state: 'dropped' }]);
  });

  test.each([
    ['https://169.254.169.254/latest', 'address_refused'],
    ['https://[::ffff:127.0.0.1]/', 'address_refused'],
    ['https://0xa9fea9fe/', 'address_refused'],
    ['http://hooks.example.com/', 'address_refused'],
    ['https://user:word@hooks.example.com/', 'address_refused'],
    ['not an address', 'address_refused'],
  ])('to %s is refused, by both ways to save it', async (url, reason) => {
    const made = await world.ask('POST', 'alert-channels', { kind: 'webhook', name: 'x', url });
    expect(made).toMatchObject({ status: 400, body: { error: { reason } } });
    const { id } = await world.addChannel({ kind: 'slack', url: receiver.url });
    const changed = await world.ask('PATCH', `alert-channels/${id}`, { url });
    expect(changed).toMatchObject({ status: 400, body: { error: { reason } } });
  });

  test('to a name that leads inside when it is used is not gone to', async () => {
    const { id } = await world.addChannel({ kind: 'webhook', url: 'https://localhost/' });
    expect((await world.ask('POST', `alert-channels/${id}/test`)).body).toMatchObject({
      delivered: false,
      error: expect.stringContaining('not on the public internet') as unknown,
    });
  });

  test('by mail needs a configuration, and each kind its own fields', async () => {
    const bare = await openWorld();
    const mail = { kind: 'mail', name: 'x', to: ['ann@example.com'] };
    expect(await bare.ask('POST', 'alert-channels', mail)).toMatchObject({
      status: 409,
      body: { error: { reason: 'mail_not_configured' } },
    });
    await bare.close();
    const { id } = await world.addChannel({ kind: 'slack', url: receiver.url });
    expect((await world.ask('PATCH', `alert-channels/${id}`, { rotate_secret: true })).status).toBe(400);
    expect((await world.ask('PATCH', `alert-channels/${id}`, { to: ['ann@example.com'] })).status).toBe(400);
    expect((await world.ask('PATCH', 'alert-channels/chan_nobody', { name: 'y' })).status).toBe(404);
  });

  test('keeps address and secret out of the clear text of the database', async () => {
    const { secret } = await world.addChannel({ kind: 'webhook', url: `${receiver.url}?token=topsecret` });
    await world.addChannel({ kind: 'mail', to: ['ann@example.com'] });
    const { dataDir } = world.storage;
    const files = readdirSync(dataDir).filter((name) => name.includes('.db') || name.includes('sqlite'));
    expect(files.length).toBeGreaterThan(0);
    for (const name of files) {
      const bytes = readFileSync(join(dataDir, name)).toString('latin1');
      for (const kept of ['topsecret', 'ann@example.com', secret ?? 'whsec_']) expect(bytes).not.toContain(kept);
    }
  });
});
