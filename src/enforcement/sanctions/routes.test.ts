import { afterEach, beforeEach, expect, test } from 'bun:test';
import { Hono } from 'hono';
import type { Actor, ControlVariables } from '../../http/control-api.ts';
import { runVerb } from '../../../test/world/cli.ts';
import { DAY_MS, openSanctionWorld, type SanctionWorld, START_MS } from '../../../test/world/sanctions.ts';
import {
  decisionDetailView,
  decisionListView,
  recordHeadView,
  recordVerificationView,
  statementsView,
  statementView,
  transparencyView,
} from '../decisions/contract.ts';
import { decisionRoutes } from '../decisions/routes.ts';
import { imposedView, previewView, sanctionListView, sanctionView, waitingListView } from './contract.ts';
import { sanctionRoutes } from './routes.ts';

let world: SanctionWorld;
let id: string;
let routes: Hono<{ Variables: ControlVariables }>;
let actor: Actor;

const staff = (name: string): Actor => ({ kind: 'staff', id: name, name, role: 'owner', networkPrefix: null });

beforeEach(async () => {
  world = await openSanctionWorld();
  id = await world.account();
  actor = staff('staff_1');
  routes = new Hono<{ Variables: ControlVariables }>();
  routes.use(async (context, next) => {
    context.set('actor', actor);
    await next();
  });
  const { storage, clock, audit, decisions } = world;
  const published = { reader: storage.reader, clock, countAppeals: null, countSignals: null };
  routes.route('/', sanctionRoutes(world.sanctions, clock));
  routes.route('/', decisionRoutes({ ...published, decisions, audit }));
});

afterEach(() => world.close());

async function ask(method: 'GET' | 'POST', path: string, body?: unknown) {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const answer = await routes.request(`/control/v1/enforcement/${path}`, init);
  return { status: answer.status, body: await answer.json() };
}

const order = (more: object = {}) => ({
  unit: { kind: 'account', account_id: id },
  step: 'throttle',
  conduct: 'hate',
  first_at: new Date(START_MS - DAY_MS).toISOString(),
  last_at: new Date(START_MS).toISOString(),
  alternatives: 'A warning was not heeded.',
  ...more,
});

test('a sanction is looked at, imposed, listed, shown and lifted', async () => {
  const preview = previewView.strict().parse((await ask('POST', 'sanctions/preview', order())).body);
  expect(preview).toMatchObject({ refusal: null, accounts: 1, replaces: [], until: '2026-11-25T12:00:00.000Z' });
  expect(preview.notice.zh).toContain('四分之一');
  expect(sanctionListView.parse((await ask('GET', 'sanctions')).body).data).toEqual([]);
  const made = await ask('POST', 'sanctions', order());
  expect(made.status).toBe(201);
  const { sanction } = imposedView.strict().parse(made.body);
  expect(sanction).toMatchObject({ state: 'in_force', step: 'throttle', applied_at: new Date(START_MS).toISOString() });
  expect((await ask('POST', 'sanctions', order({ step: 'notice' }))).body).toMatchObject({
    error: { reason: 'graver_in_force' },
  });
  const shown = sanctionView.strict().parse((await ask('GET', `sanctions/${sanction?.id}`)).body);
  expect(shown).toEqual(sanction as typeof shown);
  expect((await ask('POST', `sanctions/${sanction?.id}/lift`, {})).status).toBe(400);
  const lifted = await ask('POST', `sanctions/${sanction?.id}/lift`, { reason: 'Settled with them.' });
  expect(sanctionView.parse(lifted.body)).toMatchObject({ state: 'lifted', ended_by: 'staff_1' });
  expect((await ask('GET', 'sanctions?state=in_force')).body).toMatchObject({ data: [] });
  expect((await ask('GET', 'sanctions/san_none')).status).toBe(404);
});

test('closing an account waits for a second person', async () => {
  const made = await ask('POST', 'sanctions', order({ step: 'terminate' }));
  const { sanction, waiting } = imposedView.parse(made.body);
  expect([made.status, sanction]).toEqual([201, null]);
  expect(waiting?.notice.en).toContain('given back');
  const confirm = `sanctions/waiting/${waiting?.id}/confirm`;
  expect((await ask('POST', confirm, {})).body).toMatchObject({ error: { reason: 'needs_two_people' } });
  expect(waitingListView.strict().parse((await ask('GET', 'sanctions/waiting')).body).data.length).toBe(1);
  actor = staff('staff_2');
  const done = await ask('POST', confirm, {});
  expect([done.status, sanctionView.parse(done.body).step]).toEqual([201, 'terminate']);
  expect((await ask('POST', `sanctions/waiting/${waiting?.id}/withdraw`, {})).status).toBe(404);
});

test.each([
  ['a step nobody knows', { step: 'exile' }, 'step'],
  ['no reason for not being milder', { alternatives: '' }, 'alternatives'],
  ['a key without its name', { unit: { kind: 'key', account_id: 'acct_1' } }, 'unit'],
  ['an account with a name', { unit: { kind: 'account', account_id: 'acct_1', name: 'x' } }, 'unit'],
  ['a field of its own', { severity: 3 }, 'severity'],
])('refuses %s', async (_, more, field) => {
  const { status, body } = await ask('POST', 'sanctions', order(more));
  expect([status, JSON.stringify(body).includes(field)]).toEqual([400, true]);
});

test('decisions are listed and shown with their place in the record, and published', async () => {
  await ask('POST', 'sanctions', order());
  await world.decisions.deliver();
  const [decision] = decisionListView.strict().parse((await ask('GET', 'decisions?step=throttle')).body).data;
  expect((await ask('GET', 'decisions?step=suspend')).body).toMatchObject({ data: [], next: null });
  const detail = decisionDetailView.strict().parse((await ask('GET', `decisions/${decision?.id}`)).body);
  expect(detail).toMatchObject({ recorded: { seq: 1, intact: true }, followed_by: [] });
  expect(detail.told_at).not.toBeNull();
  const statement = await ask('GET', `decisions/${decision?.id}/statement`);
  expect(statementView.strict().parse(statement.body).parts.length).toBe(8);
  const span = `from=${new Date(START_MS - DAY_MS).toISOString()}&to=${new Date(START_MS + DAY_MS).toISOString()}`;
  expect(
    transparencyView.strict().parse((await ask('GET', `transparency?${span}`)).body).report.decisions.total,
  ).toBeNull();
  const statements = statementsView.strict().parse((await ask('GET', `statements?${span}&limit=1`)).body);
  expect([statements.data[0]?.puid, statements.next]).toEqual([decision?.id, decision?.id ?? null]);
  expect((await ask('GET', 'statements')).status).toBe(400);
  const head = recordHeadView.strict().parse((await ask('GET', 'record/head')).body);
  const kept = await ask('GET', `record/verification?seq=${head.seq}&hash=${head.hash}`);
  expect(recordVerificationView.strict().parse(kept.body)).toEqual({ whole: true, entries: 1, broken: null });
  const cut = await ask('GET', `record/verification?seq=7&hash=${head.hash}`);
  expect(cut.body).toMatchObject({ whole: false, broken: { seq: 2, problem: 'cut_off' } });
});

test('the command line imposes, looks up and publishes', async () => {
  const connect = () => async (method: string, path: string, body?: unknown) => {
    const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const answer = await routes.request(path, init);
    return { status: answer.status, body: await answer.json(), running: true };
  };
  const run = (line: string, ...more: readonly string[]) =>
    runVerb([...line.split(' '), ...more], { connect, nowMs: () => START_MS });
  const impose = `enforcement impose --account ${id} --step cool_off --conduct threats --from 2026-11-21 --to 2026-11-22`;
  const preview = await run(impose, '--alternatives', 'none does', '--preview');
  expect(preview.out).toContain('Nothing is generated for your account until 2026-11-23 12:00 UTC');
  expect((await run(impose)).code).toBe(2);
  expect((await run(impose, '--alternatives', 'none does')).out).toContain('cool_off until 2026-11-23 12:00 UTC');
  const [sanction] = world.sanctions.inForce({ kind: 'account', accountId: id });
  expect((await run('enforcement sanctions --in-force')).out).toContain(`${sanction?.id}  ${id}`);
  expect((await run(`enforcement statement ${sanction?.decisionId} --language zh`)).out).toContain('救济途径');
  const span = '--from 2026-11-01 --to 2026-12-01';
  expect((await run(`enforcement report ${span}`)).out).toContain('| **all** | fewer than 5 |');
  const { out } = await run(`enforcement statements ${span}`);
  expect(out.split('\r\n')[0]).toContain('decision_provision,decision_account,decision_ground');
  expect(out.split('\r\n')[1]).toContain('DECISION_PROVISION_TOTAL_SUSPENSION');
  expect((await run(`enforcement lift ${sanction?.id}`, '--reason', 'settled')).code).toBe(0);
  expect((await run('enforcement decisions')).out).toContain('lift');
  expect((await run('audit head')).out).toContain('entry      2');
  expect((await run('audit record')).out).toBe('All 2 entries are as they were written.\n');
  expect((await run('audit record --seq 9 --hash', 'f'.repeat(64))).code).toBe(1);
});

test('orders by the control API are those of whoever asks', async () => {
  await ask('POST', 'sanctions', order());
  const [decision] = await world.decisions.ofAccount(id);
  expect(decision?.author).toEqual({ kind: 'staff', ids: ['staff_1'] });
  expect(decision?.facts).toMatchObject({ conduct: 'hate', severity: 2, sources: ['staff'] });
});
