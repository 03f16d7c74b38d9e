/** `npm run bench -- cutoff`: from the decision to the last byte its readers get, with 500 streams in flight. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { createdKeyView } from '../src/accounts/contract.ts';
import { type CutOffView, cutOffView } from '../src/accounts/standing/contract.ts';
import { connectControl } from '../src/app/connect-control.ts';
import type { ControlCall } from '../src/app/contract.ts';
import { describeMachine } from './machine.ts';
import { environment, freePort, launch, ROOT, untilAnswers } from './processes.ts';

const STREAMS = 500;
const SPARED = 20;
const GOAL_P99_MS = 1_000;
/** Streams that are not to be cut go on for so long. */
const WORDS = 5_000;
const HIGH = { requests_per_minute: 1_000_000, tokens_per_minute: 1_000_000_000, concurrency: 10_000 };
const KINDS = ['key', 'app', 'member', 'account'] as const;
type Kind = (typeof KINDS)[number];

interface Site {
  readonly call: ControlCall;
  readonly port: number;
  readonly agent: Agent;
}

/** One stream: when its last byte came, and how it ended. */
interface Stream {
  readonly begun: Promise<void>;
  readonly ended: Promise<{ readonly lastByteAtMs: number; readonly saidWhy: boolean }>;
  readonly isOver: () => boolean;
  end(): void;
}

/** Prints one row for each kind of subject; true when the goal was met by all of them. */
export async function benchCutOff(rounds: number): Promise<boolean> {
  const machine = describeMachine(ROOT);
  console.log(`${machine.processor}, ${machine.cores} cores, commit ${machine.commit}, load ${machine.loadBefore}`);
  console.log(`${STREAMS} streams cut, ${SPARED} of others beside them, ${rounds} rounds; milliseconds\n`);
  console.log('| stopped | decision to last byte: p50 | p99 | most | receipt says at most | cut in error | went on |');
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
  mkdirSync(join(ROOT, 'bench/.work/logs'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'bench/.work/cutoff-'));
  const port = await freePort();
  const server = await start(folder, port);
  try {
    const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });
    const site = { call: connectControl(join(folder, 'data')), port, agent };
    let good = true;
    for (const kind of KINDS) good = (await measureKind(site, kind, rounds)) && good;
    return good;
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function start(folder: string, port: number) {
  const config = join(folder, 'candor.yaml');
  const described = {
    server: { port, data_dir: `${folder}/data` },
    providers: { steady: { kind: 'demo', tokens_per_second: 20 } },
    models: { m: { targets: [{ provider: 'steady', upstream_model: 'demo' }], limits: HIGH } },
    limits: { key: HIGH, app: HIGH, account: HIGH },
    products: { api: { moderation: 'off' } },
  };
  // YAML reads JSON.
  writeFileSync(config, JSON.stringify(described));
  const server = launch({
    place: 'server',
    command: `${ROOT}bin/candor`,
    args: ['serve', '--config', config],
    env: { ...environment(), CANDOR_CONSOLE_PORT: '0' },
    logPath: join(ROOT, 'bench/.work/logs/cutoff.log'),
  });
  await untilAnswers(server, port, '/readyz', 'Candor');
  return server;
}

async function measureKind(site: Site, kind: Kind, rounds: number): Promise<boolean> {
  const times: number[] = [];
  const told: number[] = [];
  let silent = 0;
  let goingOn = 0;
  for (let round = 0; round < rounds; round++) {
    const measured = await measureRound(site, kind);
    times.push(...measured.times);
    told.push(measured.told);
    silent += measured.silent;
    goingOn += measured.goingOn;
  }
  times.sort((a, b) => a - b);
  const p99 = shareOf(times, 0.99);
  const row = [kind, shareOf(times, 0.5), p99, shareOf(times, 1), Math.max(...told), silent, goingOn];
  console.log(`| ${row.join(' | ')} |`);
  return p99 <= GOAL_P99_MS && goingOn === SPARED * rounds && silent === 0;
}

async function measureRound(site: Site, kind: Kind) {
  const account = kind === 'account' ? await makeAccount(site) : 'acct_operator';
  const mine = await makeKey(site, { account_id: account, app: 'bench', member: 'mem_bench' });
  const other = await makeKey(site, { app: 'other', member: 'mem_other' });
  const cut = Array.from({ length: STREAMS }, () => open(site, mine.key));
  const spared = Array.from({ length: SPARED }, () => open(site, other.key));
  await Promise.all([...cut, ...spared].map(({ begun }) => begun));
  const receipt = await stop(site, account, subjectOf(kind, mine.id));
  const ends = await Promise.all(cut.map(({ ended }) => ended));
  const goingOn = spared.filter(({ isOver }) => !isOver()).length;
  for (const stream of spared) stream.end();
  await site.call('POST', `/control/v1/stops/${receipt.stop.id}/lift`, {});
  await site.call('POST', `/control/v1/keys/${mine.id}/revoke`, {});
  const decidedAtMs = Date.parse(receipt.decided_at);
  return {
    times: ends.map(({ lastByteAtMs }) => lastByteAtMs - decidedAtMs),
    told: Date.parse(receipt.last_byte_at ?? receipt.decided_at) - decidedAtMs,
    silent: ends.filter(({ saidWhy }) => !saidWhy).length,
    goingOn,
  };
}

function subjectOf(kind: Kind, keyId: string): object {
  if (kind === 'key') return { kind, key_id: keyId };
  if (kind === 'app') return { kind, app: 'bench' };
  return kind === 'member' ? { kind, member: 'mem_bench' } : { kind };
}

async function makeAccount({ call }: Site): Promise<string> {
  const made = await call('POST', '/control/v1/accounts', { name: 'Bench', kind: 'workspace' });
  const { id } = z.object({ id: z.string() }).parse(made.body);
  const [price, grant] = [
    await call('POST', '/control/v1/credit/grants', { account_id: id, amount_nano: '100000000000', reason: 'bench' }),
    await call('POST', '/control/v1/prices', {
      prices: [{ kind: 'list', model: 'm', rates: { input_nano: '1000000000', output_nano: '1000000000' } }],
    }),
  ];
  if (grant.status >= 300 || price.status >= 300) {
    throw new Error(`an account for the bench: ${JSON.stringify([price.body, grant.body])}`);
  }
  return id;
}

async function makeKey({ call }: Site, input: object): Promise<{ readonly id: string; readonly key: string }> {
  return createdKeyView.parse((await call('POST', '/control/v1/keys', input)).body);
}

async function stop({ call }: Site, account: string, subject: object): Promise<CutOffView> {
  const answer = await call('POST', `/control/v1/accounts/${account}/stops`, { subject, reason: 'bench' });
  return cutOffView.parse(answer.body);
}

function open({ port, agent }: Site, key: string): Stream {
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<{ lastByteAtMs: number; saidWhy: boolean }>();
  let over = false;
  let lastByteAtMs = 0;
  let tail = '';
  const body = { model: 'm', stream: true, messages: [{ role: 'user', content: `Say ${WORDS} words` }] };
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const asked = request({ host: '127.0.0.1', port, agent, method: 'POST', path: '/v1/chat/completions', headers });
  asked.on('response', (answer) => {
    if (answer.statusCode !== 200) begun.reject(new Error(`a stream was answered with ${answer.statusCode}`));
    answer.on('data', (bytes: Buffer) => {
      lastByteAtMs = Date.now();
      tail = (tail + bytes.toString()).slice(-1_000);
      begun.resolve();
    });
    answer.on('close', () => {
      over = true;
      ended.resolve({ lastByteAtMs, saidWhy: tail.includes('access_revoked') });
    });
    answer.on('error', () => undefined);
  });
  asked.on('error', (error) => begun.reject(error));
  asked.end(JSON.stringify(body));
  return { begun: begun.promise, ended: ended.promise, isOver: () => over, end: () => void asked.destroy() };
}

function shareOf(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
