import { describe, expect, test } from 'bun:test';
import type { DemoRequest, ServeRequest } from '../app/contract.ts';
import { type AuditReport, type CliDeps } from './deps.ts';
import { ControlUnreachable } from '../app/contract.ts';
import { runVerb } from '../../test/world/cli.ts';
import { runCli } from './run.ts';

const NOW = Date.UTC(2026, 0, 1);
const KEY = {
  id: 'k1234567',
  state: 'active',
  account_id: 'acct_operator',
  product: 'api',
  app: 'demo',
  member: null,
  name: null,
  scopes: ['inference'],
  models: null,
  networks: null,
  limits: null,
  created_at: '2026-01-01T10:20:30.000Z',
  expires_at: null,
  revoked_at: null,
  last_used_at: null,
};
const MADE = { ...KEY, key: 'cd_live_k1234567_secret_sum', replaces: null, replaces_expires_at: null };
const CLEAN: AuditReport = { clean: true, findings: [], checked: { events: 12, openRequests: 3 } };

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly calls: readonly (readonly [method: string, path: string, body: unknown])[];
  readonly dataDirs: readonly string[];
  readonly served: readonly ServeRequest[];
  readonly demos: readonly DemoRequest[];
}

interface Answers {
  readonly status?: number;
  readonly body?: unknown;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** No service answers, only the folder. */
  readonly stopped?: boolean;
  readonly folders?: readonly string[];
  readonly audit?: AuditReport;
  readonly connect?: CliDeps['connect'];
}

async function run(line: string, answers: Answers = {}): Promise<Ran> {
  const files = answers.files ?? {};
  const ran = {
    out: '',
    err: '',
    calls: [] as [string, string, unknown][],
    dataDirs: [] as string[],
    served: [] as ServeRequest[],
    demos: [] as DemoRequest[],
  };
  const code = await runCli(
    line.split(' ').filter((part) => part !== ''),
    {
      stdout: (text) => void (ran.out += text),
      stderr: (text) => void (ran.err += text),
      env: answers.env ?? {},
      cwd: '/srv',
      version: '1.2.3',
      nowMs: () => NOW,
      disk: {
        read: (path) => (path in files ? Buffer.from(files[path] ?? '') : null),
        isFile: (path) => path in files,
      },
      isFolder: (path) => (answers.folders ?? ['/var/x']).includes(path),
      connect:
        answers.connect ??
        ((dataDir) => async (method, path, body) => {
          ran.dataDirs.push(dataDir);
          ran.calls.push([method, path, body]);
          return { status: answers.status ?? 200, body: answers.body, running: answers.stopped !== true };
        }),
      audit: async (dataDir) => {
        ran.dataDirs.push(dataDir);
        return answers.audit ?? CLEAN;
      },
      openApi: () => '{"openapi":"3.1.0"}\n',
      reports: () => Promise.reject(new Error('this test has no reports')),
      demo: async (request) => {
        ran.demos.push(request);
        return 0;
      },
      serve: async (request) => {
        ran.served.push(request);
        return 0;
      },
    },
  );
  return { code, ...ran };
}

describe('key create', () => {
  test('shows the key once, in words', async () => {
    const ran = await run('key create --app demo', { status: 201, body: MADE });
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('Key k1234567 (app demo, product api), without expiry:');
    expect(ran.out).toContain('    export CANDOR_KEY=cd_live_k1234567_secret_sum\n');
    expect(ran.out).not.toContain('No service runs');
    expect(ran.out).toContain('only time it is shown');
    expect(ran.err).toBe('');
  });

  test('--json is exactly one object', async () => {
    const ran = await run('key create --app demo --json', { status: 201, body: MADE });
    expect(ran.out.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(ran.out)).toEqual({ ...MADE, data: '/srv/candor-data', running: true });
  });

  test('it says where the key is when no service runs there', async () => {
    const stopped = { status: 201, body: MADE, stopped: true };
    const ran = await run('key create --data /var/x', stopped);
    expect(ran.out).toContain('No service runs on /var/x; the key was written there and works once one does.\n');
    const json = await run('key create --json', stopped);
    expect(JSON.parse(json.out)).toMatchObject({ data: '/srv/candor-data', running: false });
  });

  test.each(['key create', 'key list', 'key rotate k1', 'key revoke k1'])(
    '%s takes a folder named by hand that is not there for a typing error',
    async (verb) => {
      const ran = await run(`${verb} --data /var/typo`, { body: MADE });
      expect([ran.code, ran.calls]).toEqual([1, []]);
      expect(ran.err).toStartWith('candor: there is no folder /var/typo; correct --data');
      expect((await run(verb, { env: { CANDOR_DATA: '/var/new' }, body: MADE })).dataDirs).toEqual(['/var/new']);
    },
  );

  test('every option reaches the request', async () => {
    const ran = await run(
      'key create --app web --member bo --name ana --product chat --account acct_1 --scopes inference,models.read --models a,b ' +
        '--networks 10.0.0.0/8 --expires 30d --rpm 60 --tpm 1000 --concurrency 4',
      { status: 201, body: MADE },
    );
    expect(ran.err).toBe('');
    expect(ran.calls).toEqual([
      [
        'POST',
        '/control/v1/keys',
        {
          app: 'web',
          member: 'bo',
          name: 'ana',
          product: 'chat',
          account_id: 'acct_1',
          scopes: ['inference', 'models.read'],
          models: ['a', 'b'],
          networks: ['10.0.0.0/8'],
          expires_at: '2026-01-31T00:00:00.000Z',
          limits: { requests_per_minute: 60, tokens_per_minute: 1000, concurrency: 4 },
        },
      ],
    ]);
  });

  test.each([
    ['--app UPPER', '--app: must be 1 to 64 characters'],
    ['--networks 10.0.0.1', '--networks: must be a CIDR block'],
    ['--scopes all', '--scopes: must be one of inference, models.read, responses.read, credit.read, credit.redeem\n'],
    ['--scopes ,', '--scopes: must name at least one\n'],
    ['--account ana', '--account: must be an account id'],
    ['--rpm 9999999999999', '--rpm: must be a whole number from 1 to 1000000000000\n'],
    ['--rpm 0', 'Write a whole number above 0'],
    ['--expires tomorrow', '30d'],
    ['--colour red', "unknown option '--colour'"],
  ])('%s is refused before anything is asked', async (options, words) => {
    const ran = await run(`key create ${options}`, { status: 201, body: MADE });
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(words);
    expect(ran.calls).toEqual([]);
  });
});

describe('key list, rotate, revoke', () => {
  test('a list is a table', async () => {
    const ran = await run('key list', {
      body: { data: [KEY, { ...KEY, id: 'k2', app: null, last_used_at: '2026-01-02T03:04:05.000Z' }] },
    });
    expect(ran.out).toBe(
      [
        'ID        STATE   ACCOUNT        PRODUCT  APP   MEMBER  NAME  CREATED (UTC)     EXPIRES  LAST USED',
        'k1234567  active  acct_operator  api      demo  -       -     2026-01-01 10:20  -        -',
        'k2        active  acct_operator  api      -     -       -     2026-01-01 10:20  -        2026-01-02 03:04',
        '',
      ].join('\n'),
    );
    expect(JSON.parse((await run('key list --json', { body: { data: [KEY] } })).out)).toEqual({ data: [KEY] });
    expect((await run('key list', { body: { data: [] } })).out).toContain('candor key create');
    expect((await run('key list --account acct_2', { body: { data: [KEY] } })).out).not.toContain(KEY.id);
  });

  test('rotation tells how long the old key lives', async () => {
    const replacing = (end: string) => ({ ...MADE, replaces: 'kold', replaces_expires_at: end });
    const body = replacing('2026-01-01T10:25:00.000Z');
    const ran = await run('key rotate kold --grace 1h', { status: 201, body });
    expect(ran.calls).toEqual([['POST', '/control/v1/keys/kold/rotate', { grace_ms: 3_600_000 }]]);
    expect(ran.out).toContain('The old key kold goes on working until 2026-01-01T10:25:00.000Z.');
    const ended = await run('key rotate kold --grace 0', { status: 201, body: replacing(KEY.created_at) });
    expect(ended.out).toContain('The old key kold has ended.\n');
  });

  test('an id cannot leave its place in the path', async () => {
    const ran = await run('key revoke ../../x', { body: { ...KEY, state: 'revoked' } });
    expect(ran.calls).toEqual([['POST', '/control/v1/keys/..%2F..%2Fx/revoke', {}]]);
    expect(ran.out).toBe('Key k1234567 is revoked.\n');
  });

  test('a whole key stands for its id, and its secret goes nowhere', async () => {
    const secret = 'S'.repeat(43);
    for (const verb of ['revoke', 'rotate']) {
      const whole = await run(`key ${verb} cd_live_k1234567_${secret}_abcdef`, { body: MADE });
      expect(whole.calls.map(([, path]) => path)).toEqual([`/control/v1/keys/k1234567/${verb}`]);
      for (const part of [`cd_live_${secret}`, `k1234567_${secret}_abcdef`]) {
        const ran = await run(`key ${verb} ${part}`);
        expect([ran.code, ran.calls]).toEqual([2, []]);
        expect(ran.err).toBe('candor: that is no id of a key; use one from: candor key list\n');
      }
    }
  });

  test('a refusal is told in the words of the service', async () => {
    const answers = { status: 404, body: { error: { reason: 'key_not_found', message: 'there is no key kx' } } };
    const ran = await run('key revoke kx', answers);
    expect([ran.code, ran.out, ran.err]).toEqual([1, '', 'candor: there is no key kx\n']);
    const json = await run('key revoke kx --json', answers);
    expect([json.code, json.err, JSON.parse(json.out)]).toEqual([1, '', answers.body]);
  });

  test.each([
    [503, 69],
    [500, 70],
    [404, 1],
    [200, 70],
  ])('an answer of status %d in no known form ends with %d', async (status, code) => {
    expect((await run('key list', { status, body: '<html>' })).code).toBe(code);
  });
});

describe('where the service is', () => {
  const yaml = 'server: { data_dir: here }\nproviders: { up: { kind: openai, api_key_env: NOT_SET_HERE } }\n';
  test.each([
    ['key list', {}, {}, '/srv/candor-data'],
    ['key list', {}, { '/srv/candor.yaml': yaml }, '/srv/here'],
    ['key list --config etc/c.yaml', {}, { '/srv/etc/c.yaml': yaml }, '/srv/etc/here'],
    ['key list', { CANDOR_DATA: 'env' }, { '/srv/candor.yaml': yaml }, '/srv/env'],
    ['key list --data /var/x', { CANDOR_DATA: 'env' }, {}, '/var/x'],
    ['audit --data /var/x', {}, {}, '/var/x'],
  ])('%s looks at the folder the service has', async (line, env, files, folder) => {
    expect((await run(line, { env, files, body: { data: [] } })).dataDirs).toEqual([folder]);
  });

  test('nobody there is told apart from a refusal', async () => {
    const connect: CliDeps['connect'] = (dataDir) => () =>
      Promise.reject(new ControlUnreachable(`nobody answers on ${dataDir}/control.sock`));
    const ran = await run('key list', { connect });
    expect(ran.code).toBe(69);
    expect(ran.err).toContain('nobody answers on /srv/candor-data/control.sock');
    expect(ran.err).toContain('candor serve');
  });

  test('a fault is internal', async () => {
    const ran = await run('key list --json', { connect: () => () => Promise.reject(new Error('broken pipe')) });
    expect([ran.code, JSON.parse(ran.out)]).toEqual([70, { error: { reason: 'internal', message: 'broken pipe' } }]);
  });
});

describe('serve and config check', () => {
  test('serve starts with the defaults when there is no file', async () => {
    const ran = await run('serve');
    expect(ran.code).toBe(0);
    expect(ran.served[0]).toMatchObject({ configFile: null, dev: false, json: false });
    expect(ran.served[0]?.config.server.port).toBe(8700);
    expect(ran.served[0]?.usualDataDir).toBe('/srv/candor-data');
  });

  test('the usual data folder is the one of the working folder, whatever this start was told', async () => {
    const files = { '/srv/candor.yaml': 'server: { data_dir: here }', '/etc/c.yaml': 'server: { data_dir: /var/x }' };
    for (const [line, env] of [
      ['serve --config /etc/c.yaml', {}],
      ['serve', { CANDOR_CONFIG: '/etc/c.yaml' }],
      ['serve', { CANDOR_DATA: '/var/x' }],
    ] as const) {
      const [served] = (await run(line, { files, env })).served;
      expect([served?.usualDataDir, served?.config.server.dataDir]).toEqual(['/srv/here', '/var/x']);
    }
  });

  test('--dev serves the demo beside what the file configures', async () => {
    const file =
      'providers: { p: { kind: demo } }\nmodels: { mine: { targets: [{ provider: p, upstream_model: x }] } }';
    const files = { '/srv/candor.yaml': file };
    const names = (ran: Ran) => Object.keys(ran.served[0]?.config.models ?? {}).toSorted();
    expect(names(await run('serve --dev', { files }))).toEqual(['demo', 'demo-embedding', 'mine']);
    expect(names(await run('serve', { files }))).toEqual(['mine']);
  });

  test('--dev without a file lets people sign up, where this machine alone hears of it', async () => {
    const files = { '/srv/candor.yaml': 'server: {}\n' };
    const portal = (ran: Ran) => ran.served[0]?.config.portal;
    expect(portal(await run('serve --dev'))).toMatchObject({ enabled: true, mailOutbox: true });
    expect(portal(await run('serve'))).toMatchObject({ enabled: false, mailOutbox: false });
    expect(portal(await run('serve --dev', { files }))).toMatchObject({ enabled: false });
    expect(portal(await run('serve --dev', { env: { CANDOR_HOST: '0.0.0.0' } }))).toMatchObject({ enabled: false });
  });

  test('a wrong file is told and nothing starts', async () => {
    const files = { '/srv/candor.yaml': 'server:\n  prot: 1\n' };
    const ran = await run('serve', { files });
    expect(ran.code).toBe(78);
    expect(ran.served).toEqual([]);
    expect(ran.err).toContain('candor.yaml:2:3: server.prot: is no key of this block');
    const json = JSON.parse((await run('config check --json', { files })).out);
    expect(json).toMatchObject({ ok: false, problems: [{ key: 'server.prot', place: { line: 2, column: 3 } }] });
  });

  test('config check tells what would be served', async () => {
    const ran = await run('config check other.yaml', { files: { '/srv/other.yaml': 'server: { port: 1 }' } });
    expect([ran.code, ran.out]).toEqual([0, '/srv/other.yaml: good. Models: demo, demo-embedding.\n']);
    expect((await run('config check gone.yaml')).code).toBe(78);
    expect(JSON.parse((await run('config check --json')).out)).toEqual({
      ok: true,
      file: null,
      providers: ['demo'],
      models: ['demo', 'demo-embedding'],
    });
  });
});

describe('audit', () => {
  const dirty: AuditReport = {
    clean: false,
    findings: [{ promise: 'P1', rule: 'an acknowledged request has no event', count: 2, examples: ['req_1', 'req_2'] }],
    checked: { events: 12, openRequests: 3 },
  };

  test('clean books end with 0', async () => {
    const ran = await run('audit');
    expect([ran.code, ran.out]).toEqual([0, 'Checked 12 events, 3 open requests.\nThe books are clean.\n']);
  });

  test('one of a kind is told in the singular', async () => {
    const audit = { ...CLEAN, checked: { events: 1, openRequests: 1, epochs: 1 } };
    expect((await run('audit', { audit })).out).toStartWith('Checked 1 event, 1 open request, 1 boot.\n');
    const more = { ...CLEAN, checked: { events: 0, openRequests: 2, epochs: 2 } };
    expect((await run('audit', { audit: more })).out).toStartWith('Checked 0 events, 2 open requests, 2 boots.\n');
  });

  test('others end with 1 and name the rule', async () => {
    const ran = await run('audit', { audit: dirty });
    expect(ran.code).toBe(1);
    expect(ran.out).toContain('NOT clean');
    expect(ran.out).toContain('P1       an acknowledged request has no event  2      req_1 req_2');
    const json = await run('audit --json', { audit: dirty });
    expect([json.code, JSON.parse(json.out)]).toEqual([1, dirty]);
  });
});

describe('help and usage', () => {
  test('help is on standard output and names every verb', async () => {
    const ran = await run('--help');
    expect(ran.code).toBe(0);
    for (const verb of ['serve', 'config', 'audit', 'key']) expect(ran.out).toMatch(new RegExp(`^ {2}${verb} `, 'm'));
    const asked = await run('help');
    expect([asked.code, asked.out]).toEqual([0, ran.out]);
    expect((await run('help key')).code).toBe(0);
    const create = (await run('key create --help')).out.replaceAll(/\s+/g, ' ');
    expect(create).toContain('--concurrency <number>');
    expect(create.split('(default: limits.key of the configuration)')).toHaveLength(4);
    expect((await run('--version')).out).toBe('1.2.3\n');
  });

  test.each(['serve', 'config check', 'audit', 'key create', 'key list', 'key rotate', 'key revoke'])(
    '%s takes --json',
    async (verb) => {
      expect((await run(`${verb} --help`)).out).toContain('--json');
    },
  );

  test.each(['', 'sevre', 'key', 'key rotate', 'config', 'serve now', 'audit --jsn'])(
    "'%s' is wrong usage",
    async (line) => {
      const ran = await run(line);
      expect(ran.code).toBe(2);
      expect(ran.out).toBe('');
      expect(ran.err).not.toBe('');
    },
  );
});

describe('demo', () => {
  test('keeps its service in a folder of its own', async () => {
    const ran = await run('demo --seed 3 --times 0.5');
    expect(ran.demos).toMatchObject([{ seed: 3, times: 0.5, json: false }]);
    expect(ran.demos[0]?.dataDir).toEndWith('/candor-demo-data');
  });

  test.each([
    ['--times', '11'],
    ['--times', '0'],
    ['--seed', '-1'],
    ['--seed', 'x'],
  ])('refuses %s %s', async (...argv) => {
    const ran = await run(`demo ${argv.join(' ')}`);
    expect(ran.code).toBe(2);
    expect(ran.demos).toEqual([]);
  });
});

test('the document of the control API is printed as it is', async () => {
  const told = await runVerb(['openapi'], { openApi: () => '{"openapi":"3.1.0"}\n' });
  expect(told).toEqual({ code: 0, out: '{"openapi":"3.1.0"}\n', err: '' });
});
