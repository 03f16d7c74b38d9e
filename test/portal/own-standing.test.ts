import { afterAll, beforeAll, expect, test } from 'bun:test';
import { cutOffReceiptView, stopListView } from '../../src/portal/standing/contract.ts';
import { openOwnPortal, type OwnPortal } from './own-portal.ts';

let portal: OwnPortal;
let team: string;
let owner: string;
let admin: string;
let dev: string;
let ownerMember: string;
let devMember: string;

const at = (account: string, rest: string) => `/portal/v1/accounts/${account}/${rest}`;

beforeAll(async () => {
  portal = await openOwnPortal(`
providers: {demo: {kind: demo, tokens_per_second: 5}}
models: {small: {targets: [{provider: demo, upstream_model: demo}]}}
pricing: {unpriced: estimate, estimate: {input_usd_per_million: 1, output_usd_per_million: 2}}
monitor: {enabled: false}
moderation: {encoder: {enabled: false}}
`);
  team = await portal.workspace('Team');
  owner = await portal.person('Owner');
  admin = await portal.person('Admin');
  dev = await portal.person('Dev');
  ownerMember = portal.join(team, owner, 'owner');
  portal.join(team, admin, 'admin');
  devMember = portal.join(team, dev, 'developer');
  await portal.credit(team, 5);
});
afterAll(() => portal.close());

async function newKey(person: string, body: object = {}): Promise<{ id: string; key: string }> {
  const told = await portal.ask(person, 'POST', at(team, 'keys'), body);
  expect(told.status).toBe(201);
  return { id: String(told.json['id']), key: String(told.json['key']) };
}

const works = async (key: string) => (await portal.call(key, '/v1/models')).status === 200;
const stop = (person: string, body: object, account = team) => portal.ask(person, 'POST', at(account, 'stops'), body);
const stopsSeenBy = async (person: string) =>
  stopListView.parse((await portal.ask(person, 'GET', at(team, 'stops'))).json).data;

test('stopping a key ends it at once, says so where it is listed, and lifting it lets it work again', async () => {
  const { id, key } = await newKey(owner, { name: 'leaked' });
  const told = await stop(owner, { key_id: id, reason: 'it was seen in a public repository' });
  const receipt = cutOffReceiptView.parse(told.json);
  expect(told.status).toBe(201);
  expect(receipt).toMatchObject({
    keys: 1,
    streams: 0,
    stop: { subject: 'key', subject_name: 'leaked', cause: 'owner', own: true },
  });
  expect(await works(key)).toBe(false);
  expect((await portal.ask(owner, 'GET', at(team, `keys/${id}`))).json).toMatchObject({
    stop: { subject: 'key', reason: 'it was seen in a public repository' },
  });
  expect((await portal.ask(owner, 'GET', at(team, `stops/${receipt.stop.id}`))).json).toEqual(told.json);
  const lifted = await portal.ask(owner, 'POST', at(team, `stops/${receipt.stop.id}/lift`), {});
  expect(lifted.json).toMatchObject({ stop: { state: 'lifted' } });
  expect(await works(key)).toBe(true);
  expect((await portal.ask(owner, 'POST', at(team, `stops/${receipt.stop.id}/lift`), {})).status).toBe(409);
});

test('stopping a member, an app or all of it ends every key concerned and no other', async () => {
  const keys = {
    dev: await newKey(dev),
    bot: await newKey(owner, { app: 'bot' }),
    other: await newKey(owner, { app: 'site' }),
  };
  const working = async () => [await works(keys.dev.key), await works(keys.bot.key), await works(keys.other.key)];
  const lift = async (stopped: { json: Record<string, unknown> }) => {
    const { id } = cutOffReceiptView.parse(stopped.json).stop;
    expect((await portal.ask(owner, 'POST', at(team, `stops/${id}/lift`), {})).status).toBe(200);
  };
  const member = await stop(owner, { member: devMember, reason: 'on leave' });
  expect(await working()).toEqual([false, true, true]);
  await lift(member);
  const app = await stop(owner, { app: 'bot', reason: 'it loops' });
  expect(await working()).toEqual([true, false, true]);
  await lift(app);
  const all = await stop(owner, { all: true, reason: 'the budget is gone' });
  expect(await working()).toEqual([false, false, false]);
  expect((await portal.ask(owner, 'GET', at(team, 'attention'))).json['data']).toContainEqual(
    expect.objectContaining({ kind: 'stopped' }),
  );
  await lift(all);
  expect(await working()).toEqual([true, true, true]);
});

test('an admin shuts out no owner, nobody themselves, and lifts nothing an owner stopped', async () => {
  expect((await stop(admin, { member: ownerMember, reason: 'mutiny' })).status).toBe(403);
  expect((await stop(owner, { member: ownerMember, reason: 'by mistake' })).status).toBe(409);
  const { stop: made } = cutOffReceiptView.parse((await stop(owner, { app: 'bot', reason: 'it loops' })).json);
  expect((await portal.ask(admin, 'POST', at(team, `stops/${made.id}/lift`), {})).status).toBe(403);
  expect((await portal.ask(owner, 'POST', at(team, `stops/${made.id}/lift`), {})).status).toBe(200);
});

test('what the operator stopped is told with its reason and not lifted here', async () => {
  const stopped = await portal.serving.standing.stop({
    subject: {
      kind: 'member',
      accountId: team,
      member: devMember,
    },
    cause: 'sanction',
    reason: 'spam was sent with it',
    by: 'staff_1',
    untilMs: null,
  });
  if (!stopped.ok) throw new Error(stopped.refusal.message);
  const { id } = stopped.value.stop;
  expect((await stopsSeenBy(dev)).find((one) => one.id === id)).toMatchObject({
    cause: 'sanction',
    reason: 'spam was sent with it',
    own: false,
    state: 'in_force',
  });
  expect((await portal.ask(owner, 'POST', at(team, `stops/${id}/lift`), {})).json).toMatchObject({
    error: { reason: 'not_yours_to_lift' },
  });
  await portal.serving.standing.lift(id, 'staff_1');
});

test('a developer stops nothing and reads of what concerns them alone', async () => {
  const theirs = await newKey(owner, { name: 'of the owner' });
  expect((await stop(dev, { key_id: theirs.id, reason: 'no' })).status).toBe(403);
  const { stop: made } = cutOffReceiptView.parse(
    (await stop(owner, { key_id: theirs.id, reason: 'a secret matter' })).json,
  );
  expect((await stopsSeenBy(dev)).some(({ id }) => id === made.id)).toBe(false);
  expect((await portal.ask(dev, 'GET', at(team, `stops/${made.id}`))).status).toBe(404);
});

test('stops of other accounts, and of what is not there, are not there', async () => {
  const bob = await portal.person('Bob');
  const { id } = await newKey(owner);
  const { stop: made } = cutOffReceiptView.parse((await stop(owner, { key_id: id, reason: 'old' })).json);
  expect((await portal.ask(bob, 'GET', at(bob, `stops/${made.id}`))).status).toBe(404);
  expect((await portal.ask(bob, 'POST', at(bob, `stops/${made.id}/lift`), {})).status).toBe(404);
  expect((await stop(bob, { key_id: id, reason: 'mine now' }, bob)).status).toBe(404);
  expect((await stop(bob, { app: 'bot', reason: 'mine now' }, bob)).status).toBe(404);
  expect((await stop(owner, { member: 'nobody', reason: 'who' })).status).toBe(404);
});

test.each([
  [{ reason: 'nothing named' }],
  [{ app: 'bot', all: true, reason: 'two named' }],
  [{ all: false, reason: 'not all' }],
  [{ all: true }],
  [{ all: true, reason: 'two\nlines' }],
  [{ all: true, reason: 'x'.repeat(501) }],
  [{ all: true, reason: 'past', until: '2020-01-01T00:00:00Z' }],
  [{ all: true, reason: 'as staff', cause: 'staff' }],
])('a stop is refused: %j', async (body) => {
  expect((await stop(owner, body)).status).toBe(400);
});

test('streams in flight are cut, and the receipt counts them', async () => {
  const { id, key } = await newKey(owner, { name: 'streaming' });
  const answer = await portal.call(key, '/v1/chat/completions', {
    model: 'small',
    stream: true,
    messages: [
      {
        role: 'user',
        content: 'Tell me a long story, please',
      },
    ],
  });
  expect(answer.status).toBe(200);
  const reader = answer.body?.getReader();
  await reader?.read();
  const told = await stop(owner, { key_id: id, reason: 'enough' });
  expect(cutOffReceiptView.parse(told.json)).toMatchObject({ keys: 1, streams: 1 });
  const left = await reader?.read().catch((error: unknown) => error);
  expect(left).toBeInstanceOf(Error);
});
