import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMintId } from '../../base/ids.ts';
import { systemRandom } from '../../base/random.ts';
import { createControl, type Control } from '../../http/control.ts';
import { openStorage, type Storage } from '../../storage/sql/storage.ts';
import { peopleDoor } from '../migrations/2026-11-22-people-door.ts';
import { doorView, funnelView, madeBatchView, waitingListView } from './contract.ts';
import { doorControlApi } from './control-api.ts';
import { doorControlRoutes } from './control-routes.ts';
import { createDoor, type ManagedDoor } from './create-door.ts';
import type { Admitted, DoorWay } from './door.ts';

const DAY_MS = 86_400_000;
const ANY: DoorWay = { plan: null, region: null };
const time = { nowMs: Date.parse('2026-11-22T10:00:00Z') };
const clock = { wallMs: () => time.nowMs, monoMs: () => time.nowMs };
let folder: string;
let storage: Storage;
let door: ManagedDoor;
let control: Control;

async function open(): Promise<void> {
  const parts = { clock, random: systemRandom };
  storage = await openStorage({ ...parts, dataDir: folder, migrations: [peopleDoor], onFatal: () => undefined });
  door = await createDoor({ ...parts, storage, mintId: createMintId(clock, systemRandom), plans: ['free', 'pro'] });
  const routes = doorControlRoutes({ door, reader: storage.reader, plans: ['free', 'pro'], regionsKnown: true });
  const onFault = (error: unknown) => {
    throw error;
  };
  control = createControl({ routes: [routes], described: doorControlApi, guard: null, onFault });
}
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'candor-door-'));
  await open();
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; json: unknown }> {
  const sent = body === undefined ? null : JSON.stringify(body);
  const answer = await control.fetch(new Request(`http://control/control/v1/sign-up${path}`, { method, body: sent }));
  return { status: answer.status, json: await answer.json() };
}

/** As the sign-up does it: one unit, and memory told of it. */
async function enter(
  account: string,
  way: DoorWay = ANY,
  invitation: string | null = null,
): Promise<Admitted | string> {
  const admitted = await door.admit(account, way, invitation);
  if (!admitted.ok) return admitted.refusal.reason;
  const written = await storage.writer.write(admitted.value.statements);
  admitted.value.kept(written.ok);
  return written.ok ? admitted.value : 'used up';
}

const reasonOf = async (way: DoorWay, invitation: string | null = null) => {
  const knocked = await door.knock(way, invitation);
  return knocked.ok ? 'in' : knocked.refusal.reason;
};

test('the most specific setting holds, at once, and again after a restart', async () => {
  const states = () =>
    [ANY, { plan: 'pro', region: null }, { plan: 'pro', region: 'DE' }].map((way) => door.settingFor(way).state);
  expect(states()).toEqual(['open', 'open', 'open']);
  await ask('PUT', '/states', { state: 'paused' });
  await ask('PUT', '/states', { plan: 'pro', state: 'waitlist' });
  await ask('PUT', '/states', { plan: 'pro', region: 'DE', state: 'invite_only', reason: 'soon' });
  expect(states()).toEqual(['paused', 'waitlist', 'invite_only']);
  expect(door.settingFor({ plan: 'free', region: 'DE' }).state).toBe('paused');
  await storage.close();
  await open();
  expect(states()).toEqual(['paused', 'waitlist', 'invite_only']);
  time.nowMs++;
  const reset = await ask('POST', '/states/reset', { plan: 'pro', region: 'DE' });
  const view = doorView.parse(reset.json);
  expect(states()).toEqual(['paused', 'waitlist', 'waitlist']);
  expect(view.changes.map(({ state }) => state)).toEqual([null, 'invite_only', 'waitlist', 'paused']);
  expect((await ask('POST', '/states/reset', { plan: 'pro', region: 'DE' })).status).toBe(404);
});

describe('whoever knocks', () => {
  test('is refused while it is paused, and without an invitation where one is asked for', async () => {
    await door.set({ ...ANY, state: 'paused', reason: null, retryAtMs: null, by: 'x' });
    expect(await reasonOf(ANY)).toBe('door_paused');
    await door.set({ ...ANY, state: 'invite_only', reason: null, retryAtMs: null, by: 'x' });
    expect(await reasonOf(ANY)).toBe('door_invite_only');
    expect(await reasonOf(ANY, 'made up')).toBe('invitation_invalid');
  });

  test('an invitation is good for its uses, its plan, and as long as it was not taken back', async () => {
    await door.set({ ...ANY, state: 'invite_only', reason: null, retryAtMs: null, by: 'x' });
    const expires = new Date(time.nowMs + DAY_MS).toISOString();
    const made = await ask('POST', '/batches', {
      name: 'Launch',
      plan: 'pro',
      codes: 2,
      uses_each: 2,
      expires_at: expires,
    });
    const { invitations, id } = madeBatchView.parse(made.json);
    const [first = '', second = ''] = invitations;
    const pro = { plan: 'pro', region: null };
    expect(await reasonOf(ANY, first)).toBe('invitation_invalid');
    const entered = await Promise.all(['a', 'b', 'c'].map((account) => enter(account, pro, first)));
    expect(entered.map((one) => (typeof one === 'string' ? one : one.kind)).sort()).toEqual(['in', 'in', 'used up']);
    expect(await reasonOf(pro, first)).toBe('invitation_invalid');
    expect(await reasonOf(pro, second)).toBe('in');
    time.nowMs += 2 * DAY_MS;
    expect(await reasonOf(pro, second)).toBe('invitation_invalid');
    time.nowMs -= 2 * DAY_MS;
    await ask('POST', `/batches/${id}/revoke`);
    expect(await reasonOf(pro, second)).toBe('invitation_invalid');
    expect((await ask('POST', `/batches/${id}/revoke`)).status).toBe(404);
  });
});

test('the line is kept in order, over a restart too, and a batch lets the first in', async () => {
  await door.set({ ...ANY, state: 'waitlist', reason: null, retryAtMs: null, by: 'x' });
  const tickets: string[] = [];
  for (let at = 0; at < 30; at++) {
    const entered = await enter(`acct_${at}`);
    if (typeof entered === 'string' || entered.ticket === null) throw new Error('they wait');
    tickets.push(entered.ticket);
  }
  const ahead = async (at: number) => (await door.place(tickets[at] ?? ''))?.ahead;
  expect([await ahead(0), await ahead(29)]).toEqual([0, 29]);
  expect((await door.place(tickets[29] ?? ''))?.expected).toBeNull();
  await storage.close();
  await open();
  const told: string[][] = [];
  door.onAdmitted(async (ids) => void told.push([...ids]));
  expect((await ask('POST', '/waitlist/admit', { count: 10 })).json).toEqual({ admitted: 10 });
  expect(told.flat().sort()).toEqual(Array.from({ length: 10 }, (_, at) => `acct_${at}`).sort());
  expect(await door.place(tickets[0] ?? '')).toMatchObject({ state: 'admitted', ahead: 0 });
  expect(await ahead(29)).toBe(19);
  // Ten a day at least: the twentieth may come after one to four days.
  expect((await door.place(tickets[29] ?? ''))?.expected).toEqual({
    fromMs: time.nowMs + DAY_MS,
    toMs: time.nowMs + 4 * DAY_MS,
  });
  const page = waitingListView.parse((await ask('GET', '/waitlist?limit=5')).json);
  expect(page.data.map(({ account_id }) => account_id)).toEqual([10, 11, 12, 13, 14].map((at) => `acct_${at}`));
  const next = waitingListView.parse((await ask('GET', `/waitlist?limit=100&after=${page.next}`)).json);
  expect([next.data.length, next.next]).toEqual([15, null]);
  expect((await ask('POST', '/waitlist/admit', { count: 100 })).json).toEqual({ admitted: 20 });
});

test('who was let in and not told by a process that died is told by the next', async () => {
  await door.set({ ...ANY, state: 'waitlist', reason: null, retryAtMs: null, by: 'x' });
  await enter('acct_1');
  door.onAdmitted(() => Promise.reject(new Error('the mail could not be written')));
  const fault = await door.letIn({ way: ANY, count: 1 }).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(Error);
  await storage.close();
  await open();
  const told: string[] = [];
  door.onAdmitted(async (ids) => void told.push(...ids));
  for (const job of door.jobs) await job.run();
  for (const job of door.jobs) await job.run();
  expect(told).toEqual(['acct_1']);
});

test('steps are counted by day, plan and region', async () => {
  for (const region of ['DE', 'DE', null]) door.note('shown', { plan: null, region });
  door.note('verified', { plan: 'pro', region: 'DE' });
  for (const job of door.jobs) await job.run();
  door.note('shown', { plan: null, region: 'DE' });
  for (const job of door.jobs) await job.run();
  const { data } = funnelView.parse((await ask('GET', '/funnel?from=2026-11-22&to=2026-11-22')).json);
  expect(data).toContainEqual({ day: '2026-11-22', plan: null, region: 'DE', step: 'shown', count: 3 });
  expect(data.map(({ step }) => step)).toEqual(['shown', 'shown', 'verified']);
});

test.each([
  ['PUT', '/states', { state: 'ajar' }],
  ['PUT', '/states', { state: 'open', plan: 'unknown' }],
  ['PUT', '/states', { state: 'open', region: 'germany' }],
  ['POST', '/batches', { name: 'x', codes: 0, expires_at: '2030-01-01T00:00:00Z' }],
  ['POST', '/batches', { name: 'x', codes: 10_001, expires_at: '2030-01-01T00:00:00Z' }],
  ['POST', '/batches', { name: 'a\nb', codes: 1, expires_at: '2030-01-01T00:00:00Z' }],
  ['POST', '/waitlist/admit', { count: -1 }],
  ['GET', '/funnel?from=yesterday&to=today', undefined],
])('%s %s %j is refused', async (method, path, body) => {
  expect(await ask(method, path, body)).toMatchObject({ status: 400, json: { error: { reason: 'invalid_field' } } });
});

test('whoever names no plan, or one that there is not, finds the door as the default plan has it', async () => {
  await ask('PUT', '/states', { plan: 'free', state: 'paused' });
  const ways = [null, 'free', 'Free', 'nonesuch', 'pro'].map((plan) => ({ plan, region: null }));
  expect(ways.map((way) => door.settingFor(way).state)).toEqual(['paused', 'paused', 'paused', 'paused', 'open']);
  expect((await door.knock({ plan: null, region: null }, null)).ok).toBe(false);
});
