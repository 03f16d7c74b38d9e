import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';
import type { Environment } from './env.ts';
import { type Disk, findConfigFile, findDataDir, loadConfig } from './load.ts';
import { type ConfigProblem, formatProblems } from './problem.ts';

const CWD = '/srv/candor';

function diskWith(files: Readonly<Record<string, string | Uint8Array>>): Disk {
  return {
    read: (path) => (path in files ? Buffer.from(files[path] ?? '') : null),
    isFile: (path) => path in files,
  };
}

function load(yaml: string | Uint8Array | null, env: Environment = {}, more: Readonly<Record<string, string>> = {}) {
  const files = yaml === null ? more : { ...more, [`${CWD}/candor.yaml`]: yaml };
  return loadConfig({ env, cwd: CWD, disk: diskWith(files) });
}

function configOf(yaml: string | null, env: Environment = {}): Config {
  const loaded = load(yaml, env);
  if (!loaded.ok) throw new Error(formatProblems(loaded.refusal));
  return loaded.value;
}

function problemsOf(yaml: string | Uint8Array, env: Environment = {}): readonly ConfigProblem[] {
  const loaded = load(yaml, env);
  return loaded.ok ? [] : loaded.refusal;
}

const ONE_MODEL = `
providers:
  demo: { kind: demo }
models:
  m: { targets: [{ provider: demo, upstream_model: demo }] }
`;

describe('without a file', () => {
  test('the demo is served with the defaults', () => {
    const config = configOf(null);
    expect(config.server).toEqual({
      host: '127.0.0.1',
      port: 8700,
      dataDir: `${CWD}/candor-data`,
      allowedHosts: null,
      trustedProxies: [],
      bodiesBytesMax: 268_435_456,
      bodyBytesMax: 20 * 1024 * 1024,
      bodyTimeoutMs: 30_000,
      drainMs: 30_000,
      inFlightMax: 5000,
      corsOrigins: [],
    });
    expect(config.providers).toEqual({ demo: { kind: 'demo', tokensPerSecond: 50 } });
    expect(Object.keys(config.models)).toEqual(['demo', 'demo-embedding']);
    expect(config.models['demo']?.targets[0]).toEqual({
      provider: 'demo',
      upstreamModel: 'demo',
      weight: 1,
      passFields: [],
      timeouts: { connectMs: 3000, firstTokenMs: 60_000, stallMs: 30_000, totalMs: 600_000 },
      concurrencyMax: 4000,
    });
    expect(config.products).toEqual({ api: { disconnectGraceMs: 0, capture: null, moderated: true } });
    expect(config.limits).toEqual({
      key: { requestsPerMinute: 6000, tokensPerMinute: 2_000_000, concurrency: 200 },
      app: {},
      account: {},
    });
    expect(config.routing).toEqual({
      attemptsMax: 3,
      retryRatio: 0.1,
      breaker: { samples: 20, failureRatio: 0.5, openMs: 10_000 },
    });
  });

  test('a file that configures neither providers nor models serves the demo too', () => {
    expect(Object.keys(configOf('server:\n  port: 9000\nlimits:\n').models)).toEqual(['demo', 'demo-embedding']);
    expect(Object.keys(configOf('# nothing yet\n').models)).toEqual(['demo', 'demo-embedding']);
  });
});

describe('which file', () => {
  const disk = diskWith({ [`${CWD}/candor.yaml`]: '' });
  test('the command line goes before the variable, which goes before candor.yaml', () => {
    const env = { CANDOR_CONFIG: 'other.yaml' };
    expect(findConfigFile({ configFile: 'mine.yaml', env, cwd: CWD, disk })).toBe(`${CWD}/mine.yaml`);
    expect(findConfigFile({ env, cwd: CWD, disk })).toBe(`${CWD}/other.yaml`);
    expect(findConfigFile({ env: {}, cwd: CWD, disk })).toBe(`${CWD}/candor.yaml`);
    expect(findConfigFile({ env: {}, cwd: '/elsewhere', disk })).toBeNull();
  });

  test('candor.yml will do, but not beside candor.yaml', () => {
    const other = { [`${CWD}/candor.yml`]: 'server: { port: 7 }' };
    const alone = loadConfig({ env: {}, cwd: CWD, disk: diskWith(other) });
    expect(alone.ok && alone.value.server.port).toBe(7);
    const both = diskWith({ ...other, [`${CWD}/candor.yaml`]: '' });
    const loaded = loadConfig({ env: {}, cwd: CWD, disk: both });
    expect(loaded.ok ? '' : formatProblems(loaded.refusal)).toContain('candor.yaml and candor.yml are both here');
    expect(loadConfig({ configFile: 'candor.yml', env: {}, cwd: CWD, disk: both }).ok).toBe(true);
  });

  test('a file that was named must exist', () => {
    const loaded = loadConfig({ configFile: 'mine.yaml', env: {}, cwd: CWD, disk });
    expect(loaded.ok).toBe(false);
    if (!loaded.ok) expect(formatProblems(loaded.refusal)).toContain('mine.yaml:1:1: there is no such file');
  });
});

describe('paths', () => {
  const yaml = `
server: { data_dir: ~/candor }
providers: { l: { kind: local, path: ~/m.gguf, package_dir: ~/llama } }
models: { m: { targets: [{ provider: l, upstream_model: x }] } }
`;
  const files = { [`${CWD}/candor.yaml`]: yaml, '/home/ada/m.gguf': '' };
  const options = { env: { HOME: '/home/ada' }, cwd: CWD, disk: diskWith(files) };

  test('begin at the home folder with ~/', () => {
    const loaded = loadConfig(options);
    expect(loaded.ok ? '' : formatProblems(loaded.refusal)).toBe('');
    if (!loaded.ok) return;
    expect(loaded.value.server.dataDir).toBe('/home/ada/candor');
    expect(loaded.value.providers['l']).toMatchObject({ path: '/home/ada/m.gguf', packageDir: '/home/ada/llama' });
    expect(findDataDir(options)).toBe('/home/ada/candor');
  });

  test('of the environment do too', () => {
    const config = configOf(null, { HOME: '/home/ada', CANDOR_DATA: '~/here' });
    expect(config.server.dataDir).toBe('/home/ada/here');
    expect(problemsOf(ONE_MODEL, { CANDOR_DATA: '~joe/here' })[0]).toMatchObject({ key: 'CANDOR_DATA' });
  });
});

describe('environment', () => {
  test('host, port and data folder go before the file', () => {
    const env = { CANDOR_HOST: '0.0.0.0', CANDOR_PORT: '0', CANDOR_DATA: 'here', CANDOR_METRICS_TOKEN: 'x'.repeat(16) };
    const config = configOf('server: { port: 1, host: 127.0.0.2, data_dir: there }', env);
    expect(config.server).toMatchObject({ host: '0.0.0.0', port: 0, dataDir: `${CWD}/here` });
    expect(config.telemetry.metricsToken).toBe('x'.repeat(16));
  });

  test.each([
    ['CANDOR_PORT', '70000'],
    ['CANDOR_PORT', '87oo'],
    ['CANDOR_HOST', 'http://x'],
    ['CANDOR_METRICS_TOKEN', 'short'],
    ['CANDOR_METRICS_TOKEN', 'has a space in its middle'],
  ])('%s=%s is refused by name', (name, value) => {
    const problems = problemsOf(ONE_MODEL, { [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ place: null, key: name });
  });

  test('secrets come from the variables the file names, and are missed by name', () => {
    const yaml = `
providers:
  up: { kind: openai, base_url: https://up.example/v1/, api_key_env: UP_KEY, headers_env: { x-team: TEAM } }
models:
  m: { targets: [{ provider: up, upstream_model: big }] }
`;
    const config = configOf(yaml, { UP_KEY: 'sk-1', TEAM: 'blue' });
    expect(config.providers['up']).toEqual({
      kind: 'openai',
      baseUrl: 'https://up.example/v1',
      apiKey: 'sk-1',
      azure: null,
      headers: { 'x-team': 'blue' },
      streamUsage: true,
      legacyMaxTokens: false,
      safetyIdentifier: false,
    });
    const vendor = yaml.replace('https://up.example/v1/', 'https://api.openai.com/v1');
    expect(configOf(vendor, { UP_KEY: 'sk-1', TEAM: 'blue' }).providers['up']).toMatchObject({
      safetyIdentifier: true,
    });
    const problems = problemsOf(yaml, { UP_KEY: '' });
    expect(problems.map(({ key, message }) => `${key}: ${message}`)).toEqual([
      'providers.up.api_key_env: the environment variable UP_KEY is not set',
      'providers.up.headers_env.x-team: the environment variable TEAM is not set',
    ]);
    expect(problemsOf(yaml, { UP_KEY: 'sk-1\n', TEAM: 'blue' })[0]?.message).toContain('UP_KEY holds characters');
  });
});

/** What is wrong, where, and which words the answer must hold. */
const WRONG: readonly (readonly [what: string, yaml: string, place: string, words: readonly string[]])[] = [
  ['unknown key', 'server:\n  prot: 1', '2:3 server.prot', ["Did you mean 'port'?"]],
  ['unknown section', 'severs: {}', '1:1 severs', ["Did you mean 'server'?"]],
  ['camel case', 'server: { dataDir: x }', '1:11 server.dataDir', ["Did you mean 'data_dir'?"]],
  ['text for a number', 'server:\n  port: high', '2:9 server.port', ["'high'", 'from 0 to 65535', '8700']],
  ['number out of bounds', 'server:\n  port: 65536', '2:9 server.port', ['not 65536']],
  ['seconds for milliseconds', 'server: { drain_ms: 30s }', '1:21 server.drain_ms', ['milliseconds', '30000']],
  ['mebibytes for bytes', 'server: { body_bytes_max: 20 MiB }', '1:27 server.body_bytes_max', ['bytes', '20971520']],
  [
    'text for a switch',
    'responses: { store_by_default: yes please }',
    '1:32 responses.store_by_default',
    ['true or false'],
  ],
  ['wrong choice', 'telemetry: { log_level: inf }', '1:25 telemetry.log_level', ["Did you mean 'info'?"]],
  ['list for a block', 'routing: [1]', '1:10 routing', ['must be a block of keys, not a list']],
  ['nothing for a block', 'limits:\n  key:', '2:7 limits.key', ['not nothing']],
  ['limit of zero', 'limits: { key: { concurrency: 0 } }', '1:31 limits.key.concurrency', ['from 1']],
  [
    'address for a network',
    'server: { trusted_proxies: [10.0.0.1] }',
    '1:29 server.trusted_proxies[0]',
    ['10.0.0.1/32'],
  ],
  ['prefix too long', 'server: { trusted_proxies: [10.0.0.0/33] }', '1:29 server.trusted_proxies[0]', ['CIDR']],
  [
    'host with a port',
    "server: { allowed_hosts: ['a.example:80'] }",
    '1:27 server.allowed_hosts[0]',
    ['without scheme'],
  ],
  [
    'origin with a path',
    "server: { cors_origins: ['https://a.example/x'] }",
    '1:26 server.cors_origins[0]',
    ['without a path'],
  ],
  [
    'secret in the file',
    'providers:\n  a:\n    kind: openai\n    api_key: sk-1',
    '4:5 providers.a.api_key',
    ['api_key_env: OPENAI_API_KEY'],
  ],
  [
    'secret for its variable',
    'providers: { a: { kind: openai, api_key_env: sk-1 } }',
    '1:46 providers.a.api_key_env',
    ['Name the variable'],
  ],
  [
    'secret header',
    'providers: { a: { kind: openai, headers: { Authorization: b } } }',
    '1:44 providers.a.headers.Authorization',
    ['headers_env'],
  ],
  [
    'metrics token in the file',
    'telemetry: { metrics_token: x }',
    '1:14 telemetry.metrics_token',
    ['CANDOR_METRICS_TOKEN'],
  ],
  ['no kind', 'providers:\n  a: {}', '2:3 providers.a.kind', ['openai, anthropic, gemini, local, demo']],
  ['unknown kind', 'providers: { a: { kind: opnai } }', '1:25 providers.a.kind', ["Did you mean 'openai'?"]],
  ['bad URL', 'providers: { a: { kind: openai, base_url: llm } }', '1:43 providers.a.base_url', ['is not a URL']],
  [
    'bad scheme',
    'providers: { a: { kind: openai, base_url: ftp://a } }',
    '1:43 providers.a.base_url',
    ['http:// or https://'],
  ],
  [
    'password in a URL',
    'providers: { a: { kind: openai, base_url: "http://u:p@a" } }',
    '1:43 providers.a.base_url',
    ['user name or password'],
  ],
  ['bad provider name', 'providers: { "a b": { kind: demo } }', '1:14 providers.a b', ['letters, digits']],
  [
    'empty list',
    `${ONE_MODEL}  l: { targets: [] }`,
    '6:17 models.l.targets',
    ['must be a list', 'empty list', 'upstream_model: demo'],
  ],
  ['no targets', 'models:\n  m: {}', '2:3 models.m.targets', ['is missing']],
  [
    'weight of zero',
    ONE_MODEL.replace('demo }]', 'demo, weight: 0 }]'),
    '5:66 models.m.targets[0].weight',
    ['above 0'],
  ],
  [
    'negative weight',
    ONE_MODEL.replace('demo }]', 'demo, weight: -1 }]'),
    '5:66 models.m.targets[0].weight',
    ['above 0'],
  ],
  [
    'unknown provider',
    ONE_MODEL.replace('provider: demo', 'provider: dmeo'),
    '5:30 models.m.targets[0].provider',
    ["Did you mean 'demo'?"],
  ],
  ['providers without models', 'providers: { demo: { kind: demo } }', '1:1 models', ['nothing to serve']],
  ['duplicate key', 'server: {}\nserver: {}', '2:1 ', ['stands twice']],
  ['tab', 'server:\n\tport: 1', '2:1 ', ['spaces']],
  ['open brace', 'server: {port: 1', '1:17 ', ["Close it with '}'"]],
  ['other YAML', 'a: | x\n b', '1:6 ', ['Mend the YAML']],
  ['open quote', 'a: "x\n', '2:1 ', ['has no end']],
  ['quote in quotes', "a: 'it's'", '1:8 ', ['whole value in quotes']],
  ['too deep', 'server:\n  host: x\n   port: 1', '2:9 ', ['indented deeper']],
  ['not deep enough', 'server:\n  host: x\n port: 1', '3:1 ', ['same number of spaces']],
  ['stray entry', 'a: 1\n- b', '2:1 ', ['below the key']],
  ['glued at the end', 'server:\n  host: x\n  port:9000', '3:3 ', ['`port: 9000`']],
  ['glued at the start', 'server:\n  port:9000\n  host: x', '2:3 ', ['`port: 9000`']],
  ['glued alone', 'server:\n  port:9000', '2:3 server', ['`port: 9000`']],
  ['glued in braces', 'server: {port:9000}', '1:10 server.port:9000', ['`port: 9000`']],
  ['key of a block at the top', 'server:\nport: 1', '2:1 port', ['under `server:`']],
  ['key of an entry at the top', 'targets: []', '1:1 targets', ['under `models.NAME:`']],
  ["another user's home", 'server: { data_dir: ~joe/x }', '1:21 server.data_dir', ['~/']],
  [
    'product for a kind',
    'providers: { a: { kind: LM-Studio } }',
    '1:25 providers.a.kind',
    ['kind: openai', ':1234/v1'],
  ],
  ['azure for a kind', 'providers: { a: { kind: azure } }', '1:25 providers.a.kind', ['kind: openai', 'api_version']],
  [
    'endpoint for a base',
    'providers: { a: { kind: openai, base_url: http://a.example/v1/chat/completions/ } }',
    '1:43 providers.a.base_url',
    ['Write http://a.example/v1.'],
  ],
  [
    'endpoint of messages for a base',
    'providers: { a: { kind: anthropic, base_url: http://a.example/v1/messages } }',
    '1:46 providers.a.base_url',
    ['Write http://a.example/v1.'],
  ],
  [
    'no key for OpenAI',
    'providers:\n  up: { kind: openai }\nmodels: { m: { targets: [{ provider: up, upstream_model: x }] } }',
    '2:3 providers.up.api_key_env',
    ['`api_key_env: OPENAI_API_KEY`'],
  ],
  [
    'demo not written out',
    'models: { m: { targets: [{ provider: demo, upstream_model: x }] } }',
    '1:38 models.m.targets[0].provider',
    ['`providers: { demo: { kind: demo } }`'],
  ],
  ['second document', 'server: {}\n---\nserver: {}', '2:1 ', ['second document']],
  ['list for the file', '- 1', '1:1 ', ['must be a block of keys']],
  ['prototype', '__proto__: { port: 1 }', '1:1 __proto__', ['Remove it']],
  ['key that is a list', '? [a]\n: 1', '1:1 ', ['not text']],
];

describe('problems name place and fix', () => {
  test.each(WRONG.map(([what, yaml, place, words]) => ({ what, yaml, place, words })))(
    '$what',
    ({ yaml, place, words }) => {
      const problems = problemsOf(yaml);
      expect(problems.length).toBeGreaterThan(0);
      const told = problems.map((one) => `${one.place?.line}:${one.place?.column} ${one.key}`);
      expect(told).toContain(place);
      const text = formatProblems(problems.filter((_, at) => told[at] === place));
      for (const word of words) expect(text).toContain(word);
    },
  );

  test('one slip of syntax is one problem, told to its end', () => {
    for (const yaml of ['server:\n  host: x\n   port: 1', 'a: 1\n- b', 'server:\n  host: x\n port:9000']) {
      const problems = problemsOf(yaml);
      expect(problems).toHaveLength(1);
      expect(problems[0]?.message).not.toEndWith('...');
    }
  });

  test('a value glued to its key is not repeated, for it may be a secret', () => {
    const text = formatProblems(problemsOf('server:\n  host: x\n  api_key:sk-hidden'));
    expect(text).toContain('`api_key: ...`');
    expect(text).not.toContain('sk-hidden');
  });

  test('a missing secret and a missing model say what to do', () => {
    const up = '{ kind: openai, api_key_env: UP, headers_env: { x-team: TEAM } }';
    const yaml = `providers: { up: ${up} }\nmodels: { m: { targets: [{ provider: up, upstream_model: x }] } }`;
    expect(problemsOf(yaml).map(({ fix }) => fix)).toEqual([
      'Set it with `export UP=...`, or remove this provider and the targets that name it.',
      'Set it with `export TEAM=...`, or remove this header.',
    ]);
    const alone = problemsOf(ONE_MODEL.replace('demo }] }', 'demo }], fallbacks: [b] }'));
    expect(alone[0]?.fix).toContain('Add that model under `models:`');
  });

  test('all problems are told at once, in the order of the file', () => {
    const problems = problemsOf('server:\n  prot: 1\n  port: x\nroutin: {}\n');
    expect(problems.map((problem) => problem.place?.line)).toEqual([2, 3, 4]);
  });

  test('fallbacks must exist and may not go in a circle', () => {
    const model = (fallbacks: string) =>
      `{ targets: [{ provider: demo, upstream_model: x }], fallbacks: [${fallbacks}] }`;
    const yaml = `providers: { demo: { kind: demo } }\nmodels:\n  a: ${model('b')}\n  b: ${model('c, d')}\n  c: ${model('a')}\n`;
    expect(problemsOf(yaml).map(({ place, message }) => `${place?.line}: ${message}`)).toEqual([
      "4: no model is called 'd'",
      '5: fallbacks go in a circle: a -> b -> c -> a',
    ]);
    expect(problemsOf(yaml.replace('[a]', '[]').replace(', d', ''))).toEqual([]);
  });

  test('a local model needs its file', () => {
    const yaml =
      'providers: { l: { kind: local, path: m/x.gguf } }\nmodels: { m: { targets: [{ provider: l, upstream_model: x }] } }';
    expect(problemsOf(yaml)[0]).toMatchObject({ key: 'providers.l.path', message: `there is no file ${CWD}/m/x.gguf` });
    const loaded = load(yaml, {}, { [`${CWD}/m/x.gguf`]: '' });
    expect(loaded.ok && loaded.value.providers['l']).toMatchObject({
      kind: 'local',
      path: `${CWD}/m/x.gguf`,
      parallel: 2,
    });
  });

  test('bytes that are not UTF-8, files too large and anchors that multiply are refused', () => {
    expect(problemsOf(Uint8Array.of(0xff, 0xfe, 0x41))[0]?.message).toBe('is not UTF-8 text');
    expect(problemsOf(`# ${'x'.repeat(1_048_576)}`)[0]?.message).toBe('is larger than 1 MiB');
    const rows = Array.from({ length: 12 }, (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at}, `.repeat(9)}*l${at}]`);
    expect(problemsOf(`l0: &l0 [x]\n${rows.join('\n')}`)[0]?.message).toContain('cannot be read');
    expect(
      problemsOf('[]'.repeat(1).replace('[]', `server: ${'['.repeat(60)}${']'.repeat(60)}`))[0]?.message,
    ).toContain('nested');
  });

  test('a secret that was written into the file is not repeated', () => {
    const text = formatProblems(
      problemsOf('providers: { a: { kind: openai, api_key: sk-hidden, api_key_env: sk-hidden } }'),
    );
    expect(text).not.toContain('sk-hidden');
  });
});

test('names of the language are no names of the configuration', () => {
  const config = configOf(null);
  expect(config.models['constructor']).toBeUndefined();
  expect(problemsOf(ONE_MODEL.replace('provider: demo', 'provider: constructor'))[0]?.message).toContain('constructor');
});

const STRIPE_ENV = { STRIPE_SECRET_KEY: 'sk_test_abcdefgh', STRIPE_WEBHOOK_SECRET: 'whsec_0123456789abcdef' };
const EXAMPLE = readFileSync(join(import.meta.dir, '..', '..', 'candor.example.yaml'), 'utf8');
const EXAMPLE_ENV = { OPENAI_API_KEY: 'a', ANTHROPIC_API_KEY: 'b', GEMINI_API_KEY: 'c' };
const WAYS_ENV = { GOOGLE_CLIENT_SECRET: 'f', GITHUB_CLIENT_SECRET: 'g', SMS_SECRET: 'h' };

describe('candor.example.yaml', () => {
  test('loads, and shows the defaults it says it shows', () => {
    const example = configOf(EXAMPLE, EXAMPLE_ENV);
    const bare = configOf(null);
    expect(Object.keys(example.models)).toEqual(['demo', 'large', 'small']);
    for (const section of ['server', 'limits', 'streaming', 'responses', 'plans', 'routing', 'telemetry'] as const) {
      expect(example[section]).toEqual(bare[section]);
    }
  });

  test('what is commented out in it is right too', () => {
    const whole = EXAMPLE.replace(/^( +)# ((?: *)(?:[a-z_]+:.*))$/gm, '$1$2').replace(
      /^ {2}(otlp|stripe): null\n/gm,
      '',
    );
    const files = { [`${CWD}/candor.yaml`]: whole };
    const disk = { ...diskWith(files), isFile: (path: string) => !path.endsWith('.yml') };
    const env = { ...EXAMPLE_ENV, AZURE_OPENAI_KEY: 'd', OTLP_AUTHORIZATION: 'e', ...STRIPE_ENV, ...WAYS_ENV };
    const loaded = loadConfig({ env, cwd: CWD, disk });
    expect(loaded.ok ? '' : formatProblems(loaded.refusal)).toBe('');
    if (loaded.ok) {
      expect(Object.keys(loaded.value.providers)).toEqual([
        'demo',
        'openai',
        'vllm',
        'azure',
        'anthropic',
        'gemini',
        'local',
      ]);
      expect(loaded.value.telemetry.otlp?.headers).toEqual({ authorization: 'e' });
      expect(loaded.value.payments.stripe?.webhookSecret).toBe(STRIPE_ENV.STRIPE_WEBHOOK_SECRET);
    }
  });

  test('a list that is too long says so', () => {
    const file = `plans: { free: { signup_tranches_usd: [${Array.from({ length: 100 }, () => 1).join()}] } }\n`;
    const loaded = loadConfig({ env: {}, cwd: CWD, disk: diskWith({ [`${CWD}/candor.yaml`]: file }) });
    expect(loaded.ok ? '' : formatProblems(loaded.refusal)).toMatch(/must be a list with at most \d+ entries/);
  });
});

test('no product takes the name that usage has for nobody', () => {
  expect(problemsOf('products: { none: {} }').map(({ key }) => key)).toEqual(['products.none']);
  expect(problemsOf('products: { nonesuch: {} }')).toEqual([]);
});
