import { afterEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectControl } from '../app/connect-control.ts';
import type { PriceListView } from '../ledger/prices/contract.ts';
import { type RanVerb, runVerb } from '../../test/world/cli.ts';
import type { CliDeps } from './deps.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

type Answer = (method: string, path: string, body: unknown) => { readonly status: number; readonly body: unknown };

/** Runs lines over one data folder without a service, or over the answers of a made-up one. */
function place(files: Readonly<Record<string, string>> = {}, answer?: Answer) {
  const cwd = mkdtempSync(join(tmpdir(), 'candor-price-cli-'));
  folders.push(cwd);
  mkdirSync(join(cwd, 'data'));
  const disk = {
    read(path: string) {
      const name = path.slice(cwd.length + 1);
      if (name in files) return Buffer.from(files[name] ?? '');
      return existsSync(path) ? readFileSync(path) : null;
    },
    isFile: existsSync,
  };
  const connect: CliDeps['connect'] = answer
    ? () => async (method, path, body) => ({ ...answer(method, path, body), running: true })
    : connectControl;
  return function run(line: string): Promise<RanVerb> {
    const argv = [...line.split(' ').filter((part) => part !== ''), '--data', join(cwd, 'data')];
    return runVerb(argv, { cwd, nowMs: () => Date.now(), disk, isFolder: existsSync, connect });
  };
}

async function pricesOf(run: ReturnType<typeof place>, options = ''): Promise<PriceListView['data']> {
  return (JSON.parse((await run(`price list --json ${options}`)).out) as PriceListView).data;
}

describe('price set', () => {
  test('enters every rate exactly, and says it in dollars', async () => {
    const run = place();
    const ran = await run(
      'price set large --input 2.50 --output 10 --cache-read 0.000000001 --cache-write 3.125 --reasoning 11 ' +
        '--audio-input 40 --audio-output 80 --image 0.001 --request 0.0001 --note by-hand',
    );
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toStartWith(
      'large costs $2.50 a million input tokens, $10.00 a million output tokens, ' +
        '$0.000000001 a million cache read tokens, $3.125 a million cache write tokens, ' +
        '$11.00 a million reasoning tokens, $40.00 a million audio input tokens, ' +
        '$80.00 a million audio output tokens, $0.001 each image and $0.0001 each request, from now on',
    );
    expect(await pricesOf(run)).toMatchObject([
      {
        kind: 'list',
        model: 'large',
        target: null,
        note: 'by-hand',
        source: 'manual',
        rates: {
          input_nano: '2500000000',
          output_nano: '10000000000',
          cache_read_nano: '1',
          cache_write_nano: '3125000000',
          reasoning_nano: '11000000000',
          audio_input_nano: '40000000000',
          audio_output_nano: '80000000000',
          image_nano: '1000000',
          request_nano: '100000',
        },
      },
    ]);
  });

  test('the same again adds nothing, and another takes over', async () => {
    const run = place();
    await run('price set large --input 1 --output 2');
    const again = await run('price set large --input 1.0 --output 2 --json');
    expect(JSON.parse(again.out)).toEqual({ unchanged: true, price: null });
    expect(JSON.parse((await run('price set large --input 3 --output 2 --json')).out)).toMatchObject({
      unchanged: false,
      price: { state: 'in_force', rates: { input_nano: '3000000000' } },
    });
    expect(await pricesOf(run)).toHaveLength(1);
    expect((await pricesOf(run, '--all')).map((price) => price.state)).toEqual(['replaced', 'in_force']);
  });

  test('targets, costs and times to come', async () => {
    const run = place();
    await run('price set large --target large/1 --input 1 --output 2');
    await run('price set gpt --cost --provider openai --input 1 --output 2');
    const later = await run('price set large --input 1 --output 2 --from 2100-01-01T00:00:00Z');
    expect(later.out).toContain('from 2100-01-01T00:00:00.000Z (price_');
    expect(await pricesOf(run, '--all')).toMatchObject([
      { kind: 'list', model: 'large', target: 'large/1', state: 'in_force' },
      { kind: 'cost', provider: 'openai', upstream_model: 'gpt', state: 'in_force' },
      { kind: 'list', model: 'large', target: null, state: 'planned', effective_at: '2100-01-01T00:00:00.000Z' },
    ]);
  });

  test('nothing is free unless that is said', async () => {
    const run = place();
    const refused = await run('price set large --input 0 --output 0');
    expect([refused.code, refused.err]).toEqual([
      1,
      'candor: large: is zero throughout; add --free if that is meant\n',
    ]);
    expect(await pricesOf(run)).toEqual([]);
    expect((await run('price set large --free')).out).toStartWith('large is free, from now on');
    expect(await pricesOf(run)).toMatchObject([{ free: true }]);
  });

  test.each([
    ['--input 1', 2, '--output: must be given, 0 where only that costs nothing'],
    ['', 2, '--input: must be given'],
    ['--input 2,5 --output 1', 2, 'must be an amount in US dollars'],
    ['--input -1 --output 1', 2, 'must not be negative'],
    ['--input 1e-6 --output 1', 2, 'must be an amount in US dollars'],
    ['--input 0.0000000001 --output 1', 2, 'at most nine decimals'],
    ['--input NaN --output 1', 2, 'must be an amount in US dollars'],
    ['--input 1000001 --output 1', 1, 'large: input is more than $1000000.00 per million tokens'],
    ['--input 1 --output 1 --from tomorrow', 2, 'must be a day or a time such as'],
    ['--input 1 --output 1 --from 2020-01-01', 1, '--from: lies in the past'],
    ['--input 1 --output 1 --target large', 2, '--target: must be the name of a target such as large/0'],
    ['--input 1 --output 1 --provider openai', 2, '--provider: goes with --cost'],
    ['--input 1 --output 1 --cost --target large/0', 2, '--target: does not go with --cost'],
    ['--input 1 --output 1 --free', 1, 'large: is said to be free and has a rate above zero'],
  ])('%s is refused in the words of its options', async (options, code, words) => {
    const run = place();
    const ran = await run(`price set large ${options}`);
    expect(ran.err).toContain(words);
    expect(ran.code).toBe(code);
    expect(await pricesOf(run)).toEqual([]);
  });

  test('what the service does not have is told by the option', async () => {
    const message = 'prices.0.target: there is no target large/9 of large here, but large/0';
    const run = place({}, () => ({ status: 400, body: { error: { reason: 'invalid_field', message } } }));
    const ran = await run('price set large --input 1 --output 1 --target large/9');
    expect(ran.err).toBe('candor: --target: there is no target large/9 of large here, but large/0\n');
  });
});

const FILE = JSON.stringify({
  sample_spec: { mode: 'one of: chat' },
  'gpt-x': {
    litellm_provider: 'openai',
    mode: 'chat',
    input_cost_per_token: 1.75e-6,
    output_cost_per_token: 1.4e-5,
    output_cost_per_token_priority: 2e-5,
  },
  'gemini/gem': {
    litellm_provider: 'gemini',
    mode: 'chat',
    input_cost_per_token: 1e-6,
    input_cost_per_token_above_200k_tokens: 2e-6,
    output_cost_per_token: 5e-6,
  },
  draw: { litellm_provider: 'openai', mode: 'image_generation', output_cost_per_image: 0.04 },
});
const WITH_BAD = JSON.stringify({
  ...(JSON.parse(FILE) as object),
  odd: { litellm_provider: 'openai', mode: 'chat', input_cost_per_token: -1, output_cost_per_token: 1e-6 },
});

describe('price import', () => {
  test('enters costs, says what does not count, and adds nothing the second time', async () => {
    const run = place({ 'prices.json': FILE });
    const ran = await run('price import prices.json');
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out.split('\n')).toEqual([
      'Entered 2 prices; 0 were in force already.',
      'Passed over 1 for what is not served: image_generation (1).',
      'Warning: 1 model with rates by length was taken at the highest of them (--tiers base takes the base rates): gemini/gem.',
      'Warning: these fields do not count: output_cost_per_token_priority (1).',
      '',
    ]);
    expect(await pricesOf(run)).toMatchObject([
      { kind: 'cost', provider: null, upstream_model: 'gpt-x', source: 'litellm', rates: { input_nano: '1750000000' } },
      { kind: 'cost', provider: null, upstream_model: 'gemini/gem', rates: { input_nano: '2000000000' } },
    ]);
    const again = JSON.parse((await run('price import prices.json --json')).out) as object;
    expect(again).toMatchObject({ added: 0, unchanged: 2, tiered: ['gemini/gem'], problems: [], dry_run: false });
    expect(await pricesOf(run, '--all')).toHaveLength(2);
  });

  test('providers of the file become ours, several if there are several, and others are left out', async () => {
    const run = place({ 'prices.json': FILE });
    await run('price import prices.json --providers google=gemini,google-eu=gemini');
    expect((await pricesOf(run)).map((price) => [price.provider, price.upstream_model])).toEqual([
      ['google', 'gem'],
      ['google-eu', 'gem'],
    ]);
  });

  test('list prices of named models, with a margin', async () => {
    const run = place({ 'prices.json': WITH_BAD });
    const ran = await run(
      'price import prices.json --as list --models large=gpt-x,small=gemini/gem --margin 7.5% --tiers base',
    );
    expect(ran.code).toBe(0);
    expect((await pricesOf(run)).map(({ model, rates }) => [model, rates.input_nano, rates.output_nano])).toEqual([
      ['large', '1881250000', '15050000000'],
      ['small', '1075000000', '5375000000'],
    ]);
  });

  test('what the service refuses is told by the option it came from', async () => {
    const message = 'prices.0.model: there is no model large here, but demo';
    const answer = () => ({ status: 400, body: { error: { reason: 'invalid_field', message } } });
    const run = place({ 'prices.json': FILE }, answer);
    const ran = await run('price import prices.json --as list --models large=gpt-x');
    expect([ran.code, ran.err]).toEqual([1, 'candor: --models: there is no model large here, but demo\n']);
  });

  test('one bad entry keeps all out, unless it is to be skipped', async () => {
    const run = place({ 'prices.json': WITH_BAD });
    const refused = await run('price import prices.json');
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(refused.err).toContain(
      '1 entry cannot be used, so nothing was entered:\n  odd: input_cost_per_token is negative',
    );
    expect(await pricesOf(run)).toEqual([]);
    expect(JSON.parse((await run('price import prices.json --json')).out)).toMatchObject({
      error: { reason: 'invalid_price' },
    });
    const skipped = await run('price import prices.json --skip-bad');
    expect([skipped.code, skipped.out]).toEqual([0, expect.stringContaining('Left out 1:\n  odd: input_cost')]);
    expect(await pricesOf(run)).toHaveLength(2);
  });

  test('a dry run says what it would do and does nothing', async () => {
    const run = place({ 'prices.json': FILE });
    expect((await run('price import prices.json --dry-run')).out).toStartWith('Would enter 2 prices.\n');
    const json = JSON.parse((await run('price import prices.json --dry-run --json')).out) as object;
    expect(json).toMatchObject({ dry_run: true, would_enter: [{ kind: 'cost', upstream_model: 'gpt-x' }, {}] });
    expect(await pricesOf(run)).toEqual([]);
  });

  test('a file of thousands of models is entered in calls the control API takes', async () => {
    const models = Array.from({ length: 2500 }, (_, at) => [
      `openrouter/some-vendor/some-quite-long-model-name-${at}`,
      { mode: 'chat', input_cost_per_token: (at + 1) * 1e-9, output_cost_per_token: 1e-6, input_cost_per_image: 1 },
    ]);
    const sizes: number[] = [];
    const run = place({ 'prices.json': JSON.stringify(Object.fromEntries(models)) }, (_method, _path, body) => {
      sizes.push(JSON.stringify(body).length);
      return { status: 201, body: { added: [], unchanged: (body as { prices: unknown[] }).prices.length } };
    });
    expect((await run('price import prices.json')).out).toStartWith('Entered 0 prices; 2500 were in force already.');
    expect(sizes).toHaveLength(9);
    expect(Math.max(...sizes)).toBeLessThan(256 * 1024);
  });

  test.each([
    ['none.json', 1, 'there is no file none.json'],
    ['bad.json', 1, 'bad.json is not JSON that can be used'],
    ['list.json', 1, 'list.json holds no models'],
    ['prices.json --as list', 2, '--models: must say which models'],
    ['prices.json --as list --models a=gpt-x --providers openai', 2, '--providers: goes with --as cost'],
    ['prices.json --margin 10%', 2, '--margin: goes with --as list'],
    ['prices.json --as list --models a=gpt-x --margin 10', 2, 'Write per cent, such as 10%'],
    ['prices.json --as list --models a=gpt-x --margin -100%', 2, 'Write per cent, such as 10%'],
    ['prices.json --as list --models a=b=c', 2, '--models: a=b=c is no name and no pair'],
    ['prices.json --as prize', 2, 'Write cost or list'],
    ['prices.json --format csv', 2, 'Write litellm'],
    ['prices.json --models gpt-y', 1, 'gpt-y: is not in the file'],
    ['prices.json --models draw', 1, 'draw: is not in the file, or is nothing that Candor serves'],
    ['twice.json --providers openai', 1, 'openai/gpt-x: is the same model as gpt-x, with other rates'],
  ])('%s is refused', async (line, code, words) => {
    const twice = JSON.stringify({
      'gpt-x': { litellm_provider: 'openai', input_cost_per_token: 1e-6, output_cost_per_token: 1e-6 },
      'openai/gpt-x': { litellm_provider: 'openai', input_cost_per_token: 2e-6, output_cost_per_token: 1e-6 },
    });
    const run = place({ 'prices.json': FILE, 'bad.json': '{', 'list.json': '[]', 'twice.json': twice });
    const ran = await run(`price import ${line}`);
    expect(ran.err).toContain(words);
    expect(ran.code).toBe(code);
    expect(await pricesOf(run)).toEqual([]);
  });
});

describe('price list', () => {
  const rates = {
    input_nano: '2500000000',
    output_nano: '10000000000',
    cache_read_nano: '250000000',
    cache_write_nano: null,
    reasoning_nano: null,
    audio_input_nano: null,
    audio_output_nano: null,
    image_nano: '1000000',
    request_nano: '0',
  };
  const price = {
    id: 'price_1',
    kind: 'list',
    model: 'large',
    target: null,
    provider: null,
    upstream_model: null,
    rates,
    free: false,
    state: 'in_force',
    effective_at: '2026-01-01T10:20:30.000Z',
    created_at: '2026-01-01T10:20:30.000Z',
    source: 'manual',
    note: null,
  };
  const cost = { ...price, id: 'price_2', kind: 'cost', model: null, upstream_model: 'unused' };
  const target = { provider: 'openai', upstream_model: 'gpt' };
  const body = {
    data: [price, cost],
    models: [
      {
        model: 'large',
        targets: [{ ...target, target: 'large/0', from: 'list', price_id: 'price_1', rates, cost_known: true }],
      },
      {
        model: 'small',
        targets: [{ ...target, target: 'small/0', from: 'none', price_id: null, rates: null, cost_known: false }],
      },
    ],
  };

  test('says where each model gets its price from, and which are unpriced', async () => {
    const ran = await place({}, () => ({ status: 200, body }))('price list');
    expect(ran.out.split('\n')).toEqual([
      'TARGET   PRICED BY   INPUT  OUTPUT  CACHE READ  CACHE WRITE  OTHER              COST     PRICE',
      'large/0  list price  $2.50  $10.00  $0.25       -            each image $0.001  known    price_1',
      'small/0  UNPRICED    -      -       -           -            -                  unknown  -',
      '',
      'Unpriced, so refused to paying accounts: small. Set a price: candor price set small --input USD --output USD',
      '',
      'PRICE OF  KIND  INPUT  OUTPUT  CACHE READ  CACHE WRITE  OTHER              SINCE (UTC)       SOURCE  NOTE  ID',
      'large     list  $2.50  $10.00  $0.25       -            each image $0.001  2026-01-01 10:20  manual  -     price_1',
      '',
      '1 more are costs of models that are not served here; --all shows them.',
      '',
      'Dollars for a million tokens; before the margins of plans.',
      '',
    ]);
  });

  test('asks for what was wanted', async () => {
    const paths: string[] = [];
    const run = place({}, (_method, path) => {
      paths.push(path);
      return { status: 200, body: { data: [], models: null } };
    });
    expect((await run('price list')).out).toContain('There are no prices. Set one');
    await run('price list --model a/b --all');
    expect(paths).toEqual(['/control/v1/prices', '/control/v1/prices?model=a%2Fb&all=1']);
    expect(JSON.parse((await run('price list --json')).out)).toEqual({ data: [], models: null });
  });
});
