import { expect, test } from 'bun:test';
import { createCrowd } from './crowd.ts';

const sent = (headers: Record<string, string>, method = 'POST') =>
  new Request('http://portal/portal/v1/session', { method, headers });

test('strangers beyond the bound are told when to come back, at once; whoever shows a session is not', async () => {
  const crowd = createCrowd(() => 0.5, 2, 1);
  const doors: (() => void)[] = [];
  const held = () => new Promise<Response>((resolve) => doors.push(() => resolve(new Response('in'))));
  const inside = [crowd.pass(sent({}), held), crowd.pass(sent({}), held)];
  const refused = await crowd.pass(sent({}), held);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '9']);
  const member = crowd.pass(sent({ cookie: 'candor=x' }), held);
  expect((await crowd.pass(sent({}, 'GET'), held)).status).toBe(503);
  for (const open of doors) open();
  expect((await Promise.all([...inside, member])).map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((await crowd.pass(sent({}), () => Promise.resolve(new Response('in')))).status).toBe(200);
});

test('a place is free again after a fault', async () => {
  const crowd = createCrowd(() => 0, 1);
  const fault = await crowd.pass(sent({}), () => Promise.reject(new Error('broken'))).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(Error);
  expect((await crowd.pass(sent({}), () => Promise.resolve(new Response('in')))).status).toBe(200);
});
