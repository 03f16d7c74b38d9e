import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createAttempts } from '../../src/credentials/attempts.ts';
import type { Sanction } from '../../src/enforcement/index.ts';
import { type Control, createControl } from '../../src/http/control.ts';
import { CSRF_HEADER } from '../../src/http/contract.ts';
import type { Guard } from '../../src/http/guard.ts';
import {
  type Belonging,
  contestRoutes,
  type Membership,
  portalRedressApi,
  portalRedressRoutes,
  type RedressDeps,
} from '../../src/portal/index.ts';
import { contestView, ownDecisionListView, ownDecisionView, standingView } from '../../src/portal/redress/contract.ts';
import { type AppealWorld, factsOf, openAppealWorld } from '../enforcement/appeal-world.ts';

let world: AppealWorld;
let control: Control;
let ada: string;
let bob: string;
let suspended: Sanction;
let others: Sanction;
const roles = new Map([['staff_bea', 'trust_safety' as const]]);

beforeAll(async () => {
  world = await openAppealWorld();
  ada = await world.vested.account();
  bob = await world.vested.account();
  const deps: RedressDeps = {
    belonging: belongingOf(),
    keys: world.keys,
    clock: world.vested.plans.clock,
    decisions: world.decisions,
    sanctions: world.sanctions,
    appeals: world.appeals,
    reports: world.reports,
    accessesOf: async (accountId) =>
      accountId === ada ? ['staff_bea', 'local'].map((actor, nth) => access(actor, nth)) : [],
    roleOf: async (id) => roles.get(id) ?? null,
  };
  const attempts = createAttempts(world.vested.plans.clock);
  control = createControl({
    routes: [
      portalRedressRoutes(deps),
      contestRoutes({ ...deps, appeals: world.appeals, sanctions: world.sanctions, attempts }),
    ],
    described: portalRedressApi,
    guard,
    onFault: (error) => console.error(error),
  });
  const incidents = world.offend(ada, 2);
  suspended = await world.impose({
    unit: { kind: 'account', accountId: ada },
    step: 'suspend',
    facts: factsOf(incidents, world.nowMs()),
  });
  others = await world.impose({ unit: { kind: 'account', accountId: bob }, step: 'warning' });
});
afterAll(() => world.close());

function access(actor: string, nth: number) {
  const names = { actor, actorName: 'Bea Secret', accountId: ada, requestId: 'req_1' };
  return { id: `cax_${nth}`, atMs: world.nowMs(), reason: 'a complaint about it', ...names };
}

/** A person owns their own account; whoever is not Ada or Bob is a developer of Ada's. */
function belongingOf(): Belonging {
  const as = (role: Membership['role'], member: string | null): Membership => ({ role, member, may: () => true });
  return {
    of: async (account, person) =>
      account === person
        ? as('owner', null)
        : person === 'acct_dev' && account === ada
          ? as('developer', 'mem_1')
          : null,
    members: async () => [],
    member: async () => null,
    memberNames: async () => new Map(),
    apps: async () => [],
    modelsFor: () => null,
  };
}

const guard: Guard = {
  async authenticate(request) {
    const id = request.headers.get('x-test-person');
    return id === null ? null : { kind: 'person', id, networkPrefix: null, sessionId: id, csrf: 'right' };
  },
  may: async (session, _permission, { account }) =>
    account === session.id || session.id === 'acct_dev' ? 'yes' : 'unknown',
  watch: () => () => undefined,
  trail: { begin: async () => '1', end: async () => undefined },
};

async function ask(
  person: string | null,
  method: string,
  path: string,
  body?: unknown,
  networkPrefix = '192.0.2.0/24',
) {
  const request = new Request(`http://portal${path}`, {
    method,
    headers: {
      ...(person !== null && { 'x-test-person': person }),
      [CSRF_HEADER]: 'right',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer = await control.answer(request, { kind: 'console', networkPrefix, isOwnOrigin: () => true });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}

const at = (account: string, rest: string) => `/portal/v1/accounts/${account}/${rest}`;
const tokenOf = (decisionId: string) => world.appeals.contestUrl(decisionId).split('/').at(-1) ?? '';

test('what holds is told with its words, without thresholds, score or anybody else', async () => {
  const { holds, ladder } = standingView.strict().parse((await ask(ada, 'GET', at(ada, 'standing'))).json);
  expect(holds).toMatchObject([{ step: 'suspend', decision_id: suspended.decisionId, appeal: null }]);
  expect(holds[0]?.contestable_until).not.toBeNull();
  expect(ladder).toHaveLength(9);
  const shown = await ask(ada, 'GET', at(ada, `decisions/${suspended.decisionId}`));
  const decision = ownDecisionView.strict().parse(shown.json);
  expect(decision).toMatchObject({ in_force: true, automated_decision: 'partial', facts: { requests: 2 } });
  expect(JSON.stringify(shown.json)).not.toMatch(/score|cusum|inc_|req_|staff_|alternatives|bound/);
  expect(decision.notice.zh.length).toBeGreaterThan(20);
});

test('decisions, appeals and answers of another account are not there, whoever asks', async () => {
  const filed = await ask(bob, 'POST', at(bob, 'appeals'), {
    decision_id: others.decisionId,
    language: 'en',
    text: 'why',
  });
  expect(filed.status).toBe(201);
  const appeal = String(filed.json['id']);
  for (const [method, path] of [
    ['GET', `decisions/${others.decisionId}`],
    ['POST', `decisions/${others.decisionId}/acknowledge`],
    ['GET', `appeals/${appeal}`],
    ['POST', `appeals/${appeal}/withdraw`],
  ] as const) {
    const body = method === 'POST' ? {} : undefined;
    expect([path, (await ask(ada, method, at(ada, path), body)).status]).toEqual([path, 404]);
    expect([path, (await ask(ada, method, at(bob, path), body)).status]).toEqual([path, 404]);
    expect([path, (await ask(null, method, at(bob, path), body)).status]).toEqual([path, 401]);
  }
  const stolen = await ask(ada, 'POST', at(ada, 'appeals'), {
    decision_id: others.decisionId,
    language: 'en',
    text: 'mine',
  });
  expect(stolen.status).toBe(404);
  expect((await ask(ada, 'GET', at(ada, 'appeals'))).json).toEqual({ data: [] });
  const listed = ownDecisionListView.parse((await ask(bob, 'GET', at(bob, 'decisions'))).json);
  expect(listed.data.map(({ id }) => id)).toEqual([others.decisionId]);
});

test('what is held against a colleague or a customer is hidden from who sees only their own', async () => {
  const { key } = await world.key(ada);
  const ofKey = await world.impose({ unit: { kind: 'key', accountId: ada, keyId: key.id }, step: 'friction' });
  const ofCustomer = await world.impose({
    unit: { kind: 'end_user', accountId: ada, endUser: 'eve' },
    step: 'throttle',
  });
  const seen = async (person: string) =>
    standingView.parse((await ask(person, 'GET', at(ada, 'standing'))).json).holds.map(({ decision_id: id }) => id);
  expect(await seen(ada)).toEqual([suspended, ofCustomer, ofKey].map(({ decisionId }) => decisionId));
  expect(await seen('acct_dev')).toEqual([suspended.decisionId]);
  for (const { decisionId } of [ofKey, ofCustomer]) {
    expect((await ask('acct_dev', 'GET', at(ada, `decisions/${decisionId}`))).status).toBe(404);
  }
});

test('a decision that is put off is not shown before it is felt', async () => {
  const facts = { ...factsOf([], world.nowMs()), conduct: 'resale', severity: 2 } as const;
  const later = await world.impose({
    unit: { kind: 'account', accountId: bob },
    step: 'throttle',
    delayMs: 60_000,
    facts,
  });
  expect((await ask(bob, 'GET', at(bob, `decisions/${later.decisionId}`))).status).toBe(404);
  expect((await ask(null, 'GET', `/portal/v1/contest/${tokenOf(later.decisionId)}`)).status).toBe(404);
  world.pass(61_000);
  expect((await ask(bob, 'GET', at(bob, `decisions/${later.decisionId}`))).status).toBe(200);
});

test('a warning is acknowledged, by whom it concerns', async () => {
  const told = await ask(bob, 'POST', at(bob, `decisions/${others.decisionId}/acknowledge`), {});
  expect(told.json['acknowledged_at']).not.toBeNull();
});

test('who read what the account wrote is told by role and reason, never by name', async () => {
  const { status, json } = await ask(ada, 'GET', at(ada, 'accesses'));
  expect(status).toBe(200);
  expect(json['data']).toMatchObject([{ role: 'trust_safety', reason: 'a complaint about it' }, { role: null }]);
  expect(JSON.stringify(json)).not.toMatch(/Bea|staff_/);
  expect((await ask(bob, 'GET', at(ada, 'accesses'))).status).toBe(404);
});

test('the address in a refusal reads one notice and files one appeal, and opens nothing else', async () => {
  const path = `/portal/v1/contest/${tokenOf(suspended.decisionId)}`;
  const read = await ask(null, 'GET', path);
  expect(contestView.strict().parse(read.json)).toMatchObject({
    may_contest: true,
    appeal: null,
    decision: { in_force: true },
  });
  expect(JSON.stringify(read.json)).not.toContain(ada);
  expect((await ask(null, 'GET', at(ada, 'standing'))).status).toBe(401);
  expect((await ask(null, 'POST', path, { language: 'en', text: '' })).status).toBe(400);
  const filed = await ask(null, 'POST', path, { language: 'zh', text: '这是一部小说' });
  expect([filed.status, filed.json['state']]).toEqual([201, 'received']);
  expect((await ask(null, 'POST', path, { language: 'en', text: 'again' })).json).toMatchObject({
    error: { reason: 'already_contested' },
  });
  expect((await ask(null, 'GET', path)).json).toMatchObject({ may_contest: false, appeal: { state: 'received' } });
  const own = (await ask(ada, 'GET', at(ada, 'appeals'))).json['data'];
  expect(own).toMatchObject([{ text: '这是一部小说', state: 'received' }]);
  expect((await ask(null, 'GET', `${path}x`)).status).toBe(404);
  expect((await ask(null, 'GET', '/portal/v1/contest/anything')).status).toBe(404);
});

test('somebody who tries addresses is made to wait', async () => {
  const tries = await Promise.all(
    Array.from({ length: 80 }, (_, nth) => ask(null, 'GET', `/portal/v1/contest/${nth}`, undefined, '198.51.100.0/24')),
  );
  expect(tries.filter(({ status }) => status === 429)).toHaveLength(20);
  expect((await ask(null, 'GET', `/portal/v1/contest/${tokenOf(suspended.decisionId)}`)).status).toBe(200);
});

test('fields that are not of a request change nothing', async () => {
  const appeal = { decision_id: suspended.decisionId, language: 'en', text: 'x' };
  for (const more of [{ account_id: bob }, { state: 'overturned' }, { reviewer: 'staff_bea' }, { filed_by: bob }]) {
    expect((await ask(ada, 'POST', at(ada, 'appeals'), { ...appeal, ...more })).status).toBe(400);
  }
  expect(
    (await ask(ada, 'POST', at(ada, 'reports'), { request_id: 'req_1', category: 'other', reporter_id: bob })).status,
  ).toBe(400);
  const report = await ask(ada, 'POST', at(ada, 'reports'), { request_id: 'req_1', category: 'other', text: 'rude' });
  expect(report.status).toBe(202);
});
