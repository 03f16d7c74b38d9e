import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../base/clock.ts';
import { createMintId } from '../base/ids.ts';
import { systemRandom } from '../base/random.ts';
import { controlErrorView } from '../http/contract.ts';
import { openStorage, type Storage } from '../storage/sql/storage.ts';
import { accountDetailView, accountListView, accountView } from './contract.ts';
import {
  accountKind,
  accountRoutes,
  type Accounts,
  accountsAndKeys,
  createAccounts,
  createKeys,
  keyMember,
} from './index.ts';

let folder: string;
let storage: Storage;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'candor-accounts-'));
  storage = await open();
});

afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(): Promise<Storage> {
  const migrations = [accountsAndKeys, accountKind, keyMember];
  const onFatal = () => undefined;
  return openStorage({ dataDir: folder, migrations, clock: systemClock, random: systemRandom, onFatal });
}

function build(accountsMax?: number): Promise<Accounts> {
  const mintId = createMintId(systemClock, systemRandom);
  return createAccounts({ storage, clock: systemClock, mintId, ...(accountsMax !== undefined && { accountsMax }) });
}

async function makeOne(accounts: Accounts, name: string) {
  const made = await accounts.create({ name });
  if (!made.ok) throw new Error(made.refusal.message);
  return made.value;
}

describe('changing accounts', () => {
  test('another name is found and kept, in the same place', async () => {
    const accounts = await build();
    const made = [await makeOne(accounts, 'Anna'), await makeOne(accounts, 'Bert'), await makeOne(accounts, 'Cara')];
    await accounts.rename(made[1]?.id ?? '', 'Berta');
    for (const one of [accounts, await build()]) {
      expect(one.list({ after: null, limit: 10 }).map(({ name }) => name)).toEqual([
        'Operator',
        'Anna',
        'Berta',
        'Cara',
      ]);
      expect(one.list({ after: null, limit: 10, search: 'berta' })).toHaveLength(1);
    }
  });

  test('what is written alongside is kept with the account or neither of them is', async () => {
    const accounts = await build();
    const no = { sql: 'select 1 where 0', parameters: [], expectRows: 1 };
    const yes = { sql: 'select 1', parameters: [], expectRows: 1 };
    const refused = await accounts.create({ name: 'Nobody' }, () => [yes, no]);
    expect(refused).toMatchObject({ ok: false, refusal: { reason: 'refused_alongside', statement: 1 } });
    expect(accounts.count()).toBe(1);
    expect((await build()).count()).toBe(1);
    const made = await accounts.create({ name: 'Somebody' }, ({ id }) => [
      { sql: 'update account set name = ? where id = ?', parameters: ['written alongside', id], expectRows: 1 },
    ]);
    expect(made.ok).toBe(true);
    expect((await build()).list({ after: null, limit: 10 }).map(({ name }) => name)).toContain('written alongside');
  });
});

describe('finding accounts', () => {
  test('by the beginning of an id or a name, in any case, page by page in the order of their making', async () => {
    const accounts = await build();
    const made = [];
    for (const name of ['Anna', 'anton', 'Bert', 'ANGELA', 'a%']) made.push(await makeOne(accounts, name));
    const names = (search: string, after: string | null = null, limit = 10) =>
      accounts.list({ after, limit, search }).map((one) => one.name);
    expect(names('an')).toEqual(['Anna', 'anton', 'ANGELA']);
    expect(names('an', null, 2)).toEqual(['Anna', 'anton']);
    expect(names('an', made[1]?.id)).toEqual(['ANGELA']);
    expect(names('a%')).toEqual(['a%']);
    expect(names('%')).toEqual([]);
    expect(names(made[2]?.id.toLowerCase() ?? '')).toEqual(['Bert']);
    expect(names('acct_')).toEqual(accounts.list({ after: null, limit: 10 }).map((one) => one.name));
  });

  test('accounts keep their order when they are loaded again', async () => {
    const accounts = await build();
    for (const name of ['one', 'two', 'three']) await makeOne(accounts, name);
    const all = { after: null, limit: 10 };
    expect((await build()).list(all)).toEqual(accounts.list(all));
  });
});

describe('accounts', () => {
  test('the operator is there from the first boot, and what is made outlives the process', async () => {
    const accounts = await build();
    expect(accounts.get('acct_operator')).toMatchObject({ name: 'Operator', kind: 'person' });
    const made = await accounts.create({ name: 'Ana & Co', kind: 'workspace' });
    expect(made).toMatchObject({ ok: true, value: { name: 'Ana & Co', kind: 'workspace' } });
    await storage.close();
    storage = await open();
    const again = await build();
    expect(again.count()).toBe(2);
    expect(again.list({ after: null, limit: 9 }).map((one) => one.name)).toEqual(['Operator', 'Ana & Co']);
    if (made.ok) expect(again.get(made.value.id)).toEqual(made.value);
  });

  test.each([{ name: '' }, { name: 'a\nb' }, { name: 'x'.repeat(129) }, { name: 'x', kind: 'firm' }, {}, 'x', null])(
    'what is no account is refused: %j',
    async (input) => {
      const refused = await (await build()).create(input as { name: string });
      expect(refused).toMatchObject({ ok: false, refusal: { reason: 'invalid_field' } });
    },
  );

  test('there is a most, also for those that are made at the same time', async () => {
    const accounts = await build(3);
    const made = await Promise.all(['a', 'b', 'c', 'd'].map((name) => accounts.create({ name })));
    expect(made.map((one) => one.ok)).toEqual([true, true, false, false]);
    expect(made[3]).toMatchObject({ refusal: { reason: 'too_many_accounts' } });
  });
});

describe('the control API', () => {
  test('makes, shows and lists accounts in the shapes of the contract', async () => {
    const accounts = await build();
    const keys = await createKeys({ storage, clock: systemClock, random: systemRandom });
    const routes = accountRoutes(accounts, storage.reader, systemClock);
    const body = JSON.stringify({ name: 'Ana' });
    const created = await routes.request('/control/v1/accounts', { method: 'POST', body });
    expect(created.status).toBe(201);
    const view = accountView.strict().parse(await created.json());
    expect(view.account_id).toBe(view.id);
    const key = await keys.create({ account_id: view.id });
    if (key.ok) await keys.revoke(key.value.key.id);
    await keys.create({ account_id: view.id });
    const shown = await routes.request(`/control/v1/accounts/${view.id}`);
    expect(accountDetailView.strict().parse(await shown.json()).keys).toEqual({ active: 1, total: 2 });
    keys.close();

    for (const name of ['b', 'c']) await makeOne(accounts, name);
    const names: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const query: string = next === '' ? '?limit=2' : `?limit=2&after=${next}`;
      const answer = await routes.request(`/control/v1/accounts${query}`);
      const page = accountListView.strict().parse(await answer.json());
      names.push(...page.data.map((one) => one.name));
      next = page.next;
    }
    expect(names).toEqual(['Operator', 'Ana', 'b', 'c']);
  });

  test('refusals have a status and a reason', async () => {
    const routes = accountRoutes(await build(1), storage.reader, systemClock);
    const cases: [string, string, string, number, string][] = [
      ['POST', '', '{"name":7}', 400, 'name: must be a text'],
      ['POST', '', '{"name":"a","plan":"x"}', 400, 'plan: is not a field of this request'],
      ['POST', '', '{', 400, 'the body is not JSON'],
      ['POST', '', '{"name":"one more"}', 409, 'there are 1 accounts already, which is the most there may be'],
      ['GET', '/acct_nobody', '', 404, 'there is no account acct_nobody'],
      ['GET', '?limit=0', '', 400, 'limit: must be a whole number from 1 to 1000'],
    ];
    for (const [method, path, body, status, message] of cases) {
      const init = method === 'POST' ? { method, body } : { method };
      const answer = await routes.request(`/control/v1/accounts${path}`, init);
      expect([answer.status, controlErrorView.parse(await answer.json()).error.message]).toEqual([status, message]);
    }
  });
});
