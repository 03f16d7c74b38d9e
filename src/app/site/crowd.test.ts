import { expect, test } from 'bun:test';
import { createCrowd } from './crowd.ts';

const sent = (headers: Record<string, string>, method = 'POST') =>
  new Request('http://portal/portal/v1/session', { method, headers });
const showsSession = (request: Request) => request.headers.get('cookie')?.includes('session=') === true;
const come = () => Promise.resolve(new Response('in'));

test('strangers beyond the bound are told when to come back, at once; whoever shows a session is not', async () => {
  const clock = { monoMs: () => 0 };
  const crowd = createCrowd({ clock, showsSession, unit: () => 0.5, strangersMax: 2, othersMax: 1 });
  const doors: (() => void)[] = [];
  const held = () => new Promise<Response>((resolve) => doors.push(() => resolve(new Response('in'))));
  const inside = [crowd.pass(sent({}), '10.0.0.0/24', held), crowd.pass(sent({}), '10.0.0.0/24', held)];
  const refused = await crowd.pass(sent({ cookie: 'device=y' }), '10.0.0.0/24', held);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '3']);
  const member = crowd.pass(sent({ cookie: 'session=x' }), '10.0.0.0/24', held);
  expect((await crowd.pass(sent({}, 'GET'), '10.0.0.0/24', held)).status).toBe(503);
  for (const open of doors) open();
  expect((await Promise.all([...inside, member])).map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((await crowd.pass(sent({}), '10.0.0.0/24', come)).status).toBe(200);
});

test('the larger the crowd, the longer it is told to stay away, until it is gone', async () => {
  const time = { ms: 0 };
  const crowd = createCrowd({ clock: { monoMs: () => time.ms }, showsSession, unit: () => 1, strangersMax: 0 });
  const backAfter = async () => Number((await crowd.pass(sent({}), '10.0.0.0/24', come)).headers.get('retry-after'));
  for (let at = 0; at < 1_999; at++) await backAfter();
  expect(await backAfter()).toBe(22);
  time.ms = 10_000;
  expect(await backAfter()).toBe(22);
  for (let at = 0; at < 50_000; at++) await backAfter();
  expect(await backAfter()).toBe(122);
  time.ms = 60_000;
  expect(await backAfter()).toBe(3);
});

test('a place is free again after a fault', async () => {
  const crowd = createCrowd({ clock: { monoMs: () => 0 }, showsSession, unit: () => 0, strangersMax: 1 });
  const fault = await crowd
    .pass(sent({}), '10.0.0.0/24', () => Promise.reject(new Error('broken')))
    .catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(Error);
  expect((await crowd.pass(sent({}), '10.0.0.0/24', come)).status).toBe(200);
});

test('a body that arrives slowly keeps nobody out, and of one network only so many may take their time', async () => {
  const crowd = createCrowd({
    clock: { monoMs: () => 0 },
    showsSession,
    unit: () => 0,
    strangersMax: 1,
    othersMax: 1,
    slowOfNetworkMax: 2,
    quickMs: 20,
  });
  const doors: (() => void)[] = [];
  const slow = (headers: Record<string, string>) => {
    const body = new ReadableStream({ start: (controller) => void doors.push(() => controller.close()) });
    return new Request('http://portal/portal/v1/session', { method: 'POST', headers, body });
  };
  const small = (headers: Record<string, string>) =>
    new Request('http://portal/portal/v1/session', { method: 'POST', headers, body: '{}' });
  const coming = [slow({}), slow({ cookie: 'session=forged' })].map((one) => crowd.pass(one, '10.0.0.0/24', come));
  expect((await crowd.pass(slow({}), '10.0.0.0/24', come)).status).toBe(408);
  expect((await crowd.pass(small({}), '10.0.0.0/24', come)).status).toBe(200);
  expect((await crowd.pass(small({}), '10.0.1.0/24', come)).status).toBe(200);
  expect((await crowd.pass(small({ cookie: 'session=x' }), '10.0.1.0/24', come)).status).toBe(200);
  for (const open of doors.slice(0, 2)) open();
  expect((await Promise.all(coming)).map(({ status }) => status)).toEqual([200, 200]);
  expect((await crowd.pass(small({}), '10.0.0.0/24', come)).status).toBe(200);
});
