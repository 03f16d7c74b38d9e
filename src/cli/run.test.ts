import { describe, expect, test } from 'bun:test';
import type { ServeRequest } from '../app/contract.ts';
import { type AuditReport, type CliDeps } from './deps.ts';
import { ControlUnreachable } from '../app/contract.ts';
import { runCli } from './run.ts';

const NOW = Date.UTC(2026, 0, 1);
const KEY = {
  id: 'k1234567',
  state: 'active',
  account_id: 'acct_operator',
  product: 'api',
  app: 'demo',
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
const MADE = { ...KEY, key: 'cd_live_k1234567_secret_sum', replaces: null };
const CLEAN: AuditReport = { clean: true, findings: [], checked: { events: 12, openRequests: 3 } };

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly calls: readonly (readonly [method: string, path: string, body: unknown])[];
  readonly dataDirs: readonly string[];
  readonly served: readonly ServeRequest[];
}

interface Answers {
  readonly status?: number;
  readonly body?: unknown;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
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
      connect:
        answers.connect ??
        ((dataDir) => async (method, path, body) => {
          ran.dataDirs.push(dataDir);
          ran.calls.push([method, path, body]);
          return { status: answers.status ?? 200, body: answers.body };
        }),
      audit: async (dataDir) => {
        ran.dataDirs.push(dataDir);
        return answers.audit ?? CLEAN;
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
    expect(ran.out).toContain('    cd_live_k1234567_secret_sum\n');
    expect(ran.out).toContain('only time it is shown');
    expect(ran.err).toBe('');
  });

  test('--json is exactly one object', async () => {
    const ran = await run('key create --app demo --json', { status: 201, body: MADE });
    expect(ran.out.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(ran.out)).toMatchObject({ id: 'k1234567', key: 'cd_live_k1234567_secret_sum' });
  });

  test('every option reaches the request', async () => {
    const ran = await run(
      'key create --app web --name ana --product chat --account acct_1 --scopes inference,models.read --models a,b ' +
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
    ['--scopes all', '--scopes: '],
    ['--account ana', '--account: must be an account id'],
    ['--rpm 9999999999999', '--rpm: '],
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
        'ID        STATE   PRODUCT  APP   NAME  CREATED (UTC)     EXPIRES  LAST USED',
        'k1234567  active  api      demo  -     2026-01-01 10:20  -        -',
        'k2        active  api      -     -     2026-01-01 10:20  -        2026-01-02 03:04',
        '',
      ].join('\n'),
    );
    expect(JSON.parse((await run('key list --json', { body: { data: [KEY] } })).out)).toEqual({ data: [KEY] });
    expect((await run('key list', { body: { data: [] } })).out).toContain('candor key create');
  });

  test('rotation tells how long the old key lives', async () => {
    const body = { ...MADE, replaces: 'kold' };
    const ran = await run('key rotate kold --grace 1h', { status: 201, body });
    expect(ran.calls).toEqual([['POST', '/control/v1/keys/kold/rotate', { grace_ms: 3_600_000 }]]);
    expect(ran.out).toContain('The old key kold goes on working until 2026-01-01T01:00:00.000Z.');
    expect((await run('key rotate kold --grace 0', { status: 201, body })).out).toContain(
      'The old key kold has ended.',
    );
    expect((await run('key rotate kold', { status: 201, body })).out).toContain('until 2026-01-02T00:00:00.000Z');
  });

  test('an id cannot leave its place in the path', async () => {
    const ran = await run('key revoke ../../x', { body: { ...KEY, state: 'revoked' } });
    expect(ran.calls).toEqual([['POST', '/control/v1/keys/..%2F..%2Fx/revoke', {}]]);
    expect(ran.out).toBe('Key k1234567 is revoked.\n');
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
  });

  test('--dev serves the demo beside what the file configures', async () => {
    const file =
      'providers: { p: { kind: demo } }\nmodels: { mine: { targets: [{ provider: p, upstream_model: x }] } }';
    const files = { '/srv/candor.yaml': file };
    const names = (ran: Ran) => Object.keys(ran.served[0]?.config.models ?? {}).toSorted();
    expect(names(await run('serve --dev', { files }))).toEqual(['demo', 'demo-embedding', 'mine']);
    expect(names(await run('serve', { files }))).toEqual(['mine']);
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
    expect((await run('key create --help')).out).toContain('--concurrency <number>');
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
