import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { ControlCall } from '../../src/app/contract.ts';
import { BAD_USD, BAD_WORDS } from './bad-input.ts';
import { type CreditWorld, startCreditWorld } from './credit-world.ts';
import { runVerb } from '../world/cli.ts';
import { ledgerRows } from './ledger-rows.ts';

const LINES = ['', ' ', 'a\nb', '\0', '\u001b[2J', 'x'.repeat(5_000)];
const COUNTS = ['', '-1', '0', '1.5', '1e3', '1e400', 'NaN', 'nobody', '9'.repeat(10_000), "1' or '1'='1", '1\0'];
const TIMES = ['', '-1d', '0.5', '1e400d', 'tomorrow', '5y', `${'9'.repeat(10_000)}d`, "1d' or '1'='1", '1d\0'];

/** Words that an option of this kind must refuse. */
const BAD = {
  usd: BAD_USD,
  rate: BAD_USD.filter((word) => Number(word) !== 0 || word.trim() === ''),
  'signed usd': BAD_USD.filter((word) => !/^-[0-9.]+$/.test(word)),
  word: BAD_WORDS,
  line: LINES,
  count: COUNTS,
  time: TIMES,
  date: [...TIMES, '2030', '2030-13-01T00:00:00Z', '1999-01-01T00:00:00Z'],
} as const;

interface Verb {
  /** Good, but for what is tried; `ACCOUNT` stands for an account with credit, `SUBSCRIBER` for one with a plan. */
  readonly line: string;
  readonly options: Readonly<Record<string, keyof typeof BAD>>;
}

const VERBS: Readonly<Record<string, Verb>> = {
  'account create': { line: '--name Acme', options: { '--name': 'line', '--kind': 'word' } },
  'credit grant': {
    line: '--account ACCOUNT --usd 1 --reason why',
    options: {
      '--account': 'word',
      '--usd': 'usd',
      '--reason': 'line',
      '--expires': 'time',
      '--models': 'word',
      '--products': 'word',
      '--id': 'line',
    },
  },
  'credit revoke': { line: 'nobody --reason why', options: { '--reason': 'line' } },
  'ledger correct': {
    line: '--request req_1 --usd 1 --reason why',
    options: { '--request': 'word', '--usd': 'signed usd', '--reason': 'line' },
  },
  'budget set': {
    line: '--account ACCOUNT --usd 1 --period day',
    options: {
      '--account': 'word',
      '--usd': 'usd',
      '--period': 'word',
      '--action': 'word',
      '--key': 'word',
      '--app': 'word',
      '--member': 'word',
      '--alert-at': 'count',
    },
  },
  'budget remove': { line: 'nobody', options: {} },
  'alert low-balance set': {
    line: '--account ACCOUNT --usd 1',
    options: { '--account': 'word', '--usd': 'usd' },
  },
  'alert low-balance off': { line: '--account nobody', options: { '--account': 'word' } },
  'price set': {
    line: 'm --input 1 --output 2',
    options: {
      '--input': 'rate',
      '--output': 'rate',
      '--cache-read': 'rate',
      '--cache-write': 'rate',
      '--reasoning': 'rate',
      '--audio-input': 'rate',
      '--audio-output': 'rate',
      '--image': 'rate',
      '--request': 'rate',
      '--target': 'word',
      '--from': 'date',
      '--note': 'line',
    },
  },
  'price import': {
    line: '/nowhere.json --as list',
    options: { '--format': 'word', '--as': 'word', '--margin': 'count' },
  },
  'payment record': {
    line: '--reference ref-1 --account ACCOUNT --usd 1',
    options: { '--reference': 'line', '--account': 'word', '--usd': 'usd', '--tax-usd': 'rate', '--payment': 'word' },
  },
  'payment subscribe': {
    line: '--account ACCOUNT --plan plus',
    options: { '--account': 'word', '--plan': 'word', '--interval': 'word', '--seats': 'count', '--driver': 'word' },
  },
  'payment refund': { line: 'nobody --reason why', options: { '--usd': 'usd', '--reason': 'line' } },
  'topup start': { line: '--account ACCOUNT --usd 1', options: { '--account': 'word', '--usd': 'usd' } },
  'topup auto set': {
    line: '--account ACCOUNT --below 1 --usd 1 --monthly-cap 5',
    options: { '--account': 'word', '--below': 'usd', '--usd': 'usd', '--monthly-cap': 'usd' },
  },
  'topup auto off': { line: '--account nobody', options: { '--account': 'word' } },
  'code create': {
    line: '--usd 1',
    options: {
      '--usd': 'usd',
      '--uses': 'count',
      '--per-account': 'count',
      '--expires': 'time',
      '--grant-expires': 'time',
      '--models': 'word',
    },
  },
  'code redeem': { line: 'nobody --account ACCOUNT', options: { '--account': 'word' } },
  'code revoke': { line: 'nobody', options: {} },
  'credit release': { line: '--account ACCOUNT --tranche 1', options: { '--account': 'word', '--tranche': 'count' } },
  'credit clawback': { line: '--account ACCOUNT --reason why', options: { '--account': 'word', '--reason': 'line' } },
  'plan start': {
    line: '--account ACCOUNT --plan plus --paid-by transfer',
    options: {
      '--account': 'word',
      '--plan': 'word',
      '--interval': 'word',
      '--seats': 'count',
      '--paid-by': 'line',
      '--id': 'line',
    },
  },
  'plan change': {
    line: '--account SUBSCRIBER --plan business --paid-by transfer',
    options: { '--account': 'word', '--plan': 'word', '--interval': 'word', '--seats': 'count', '--paid-by': 'line' },
  },
  'plan seats': { line: '2 --account SUBSCRIBER', options: { '--account': 'word', '--paid-by': 'line' } },
  'plan renew': {
    line: '--account SUBSCRIBER --paid-by transfer',
    options: { '--account': 'word', '--paid-by': 'line', '--id': 'line' },
  },
  'plan cancel': { line: '--account ACCOUNT', options: { '--account': 'word' } },
  'plan resume': { line: '--account ACCOUNT', options: { '--account': 'word' } },
};

/** Verbs that change nothing with money. */
const OTHERS =
  /^(serve|config|audit|key|report|statement|export|help|app|demo|monitor|openapi|staff|moderation|sign-up|standing|enforcement|rule)\b|(^| )(list|show|balance|quote|help)$/;

let credit: CreditWorld;
const accounts: Record<string, string> = {};

beforeAll(async () => {
  credit = await startCreditWorld();
  for (const name of ['ACCOUNT', 'SUBSCRIBER']) accounts[name] = (await credit.payer('10')).accountId;
  const plan = { plan: 'plus', paid_by: 'a transfer' };
  await credit.control('POST', `/control/v1/accounts/${accounts['SUBSCRIBER']}/plan/start`, plan);
});
afterAll(() => credit.close());

const rows = () => ledgerRows(credit.world.app.storage.reader);

async function run(argv: readonly string[]): Promise<{ readonly code: number; readonly told: string }> {
  const call: ControlCall = async (method, path, body) => {
    const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const answer = await credit.world.app.control.fetch(new Request(`http://control${path}`, init));
    return { status: answer.status, body: await answer.json(), running: true };
  };
  const { code, out, err } = await runVerb(argv, { nowMs: () => Date.now(), connect: () => call });
  return { code, told: out + err };
}

function wordsOf(line: string): string[] {
  return line.split(' ').map((part) => accounts[part] ?? part);
}

/** The words of a command line with one option said, or said otherwise. */
function lineWith(verb: string, line: string, option: string, word: string): string[] {
  const words = wordsOf(line);
  const at = words.indexOf(option);
  const rest = at === -1 ? [...words, option, word] : words.with(at + 1, word);
  return [...verb.split(' '), ...rest];
}

describe.each(Object.entries(VERBS))('%s', (verb, { line, options }) => {
  test('refuses what each option cannot be, names it, and changes nothing', async () => {
    const before = await rows();
    for (const [option, kind] of Object.entries(options)) {
      for (const word of BAD[kind]) {
        const { code, told } = await run(lineWith(verb, line, option, word));
        const named = told.includes(option.replace('--', '').split('-')[0] ?? option);
        if (code === 1 || code === 2 ? named : false) continue;
        throw new Error(`${verb} ${option} ${JSON.stringify(word.slice(0, 60))}: ${code} ${told.slice(0, 300)}`);
      }
    }
    expect(await rows()).toEqual(before);
  });
});

const NAMING = Object.entries(VERBS).filter(([, { line }]) => /^(nobody|\/nowhere)/.test(line));

test.each(NAMING)('%s refuses what names nothing', async (verb, { line }) => {
  const before = await rows();
  for (const word of BAD_WORDS) {
    const [, ...rest] = wordsOf(line);
    const { code, told } = await run([...verb.split(' '), word, ...rest]);
    if (code !== 1 && code !== 2) throw new Error(`${verb} ${word.slice(0, 60)}: ${code} ${told.slice(0, 300)}`);
  }
  expect(await rows()).toEqual(before);
});

test('every verb that changes something with money is tried here', async () => {
  const verbs = (await verbsOf([])).filter((verb) => !OTHERS.test(verb));
  expect(verbs.sort()).toEqual(Object.keys(VERBS).sort());
});

/** The verbs below some words of a command line, as help lists them. */
async function verbsOf(words: readonly string[]): Promise<string[]> {
  const { told } = await run([...words, '--help']);
  const commands = told.split('\nCommands:\n')[1]?.split('\n\n')[0];
  if (commands === undefined) return [words.join(' ')];
  const names = [...commands.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name ?? '');
  const below = names.filter((name) => name !== 'help').map((name) => verbsOf([...words, name]));
  return (await Promise.all(below)).flat();
}
