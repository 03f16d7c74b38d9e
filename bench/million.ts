/**
 * `npm run bench -- million`: how a service with a million accounts starts, until when it knows who is behind them, and how
 * long signing in takes meanwhile, apart from hashing.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { connectControl } from '../src/app/connect-control.ts';
import { MIGRATIONS } from '../src/app/migrations.ts';
import { systemClock } from '../src/base/clock.ts';
import { systemRandom } from '../src/base/random.ts';
import { hashPassword } from '../src/runtime/password.ts';
import { openDurable } from '../src/runtime/sqlite.ts';
import { DATABASE_FILE } from '../src/storage/sql/folder.ts';
import { openStorage } from '../src/storage/sql/storage.ts';
import { fillLinkage } from './fill-linkage.ts';
import { describeMachine } from './machine.ts';
import { environment, freePort, launch, ROOT, untilAnswers } from './processes.ts';

const SIGN_INS = 1_000;
const PASSWORD = 'a password of somebody';
/** Hashing is measured elsewhere: here it takes next to nothing. */
const CHEAP = { memoryKib: 8, passes: 1 };
const STARTS = 3;
const POLL_MS = 100;
const GOAL_BOOT_MS = 2_000;
const GOAL_SIGN_IN_MS = 150;

/** Prints how long each start took, and sign-ins; true when the goals were met. `keys`: of each account. */
export async function benchMillion(accounts: number, keys: boolean): Promise<boolean> {
  const machine = describeMachine(ROOT);
  console.log(`${machine.processor}, ${machine.cores} cores, commit ${machine.commit}, load ${machine.loadBefore}`);
  mkdirSync(join(ROOT, 'bench/.work/logs'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'bench/.work/million-'));
  try {
    await fill(join(folder, 'data'), accounts, keys);
    const port = await freePort();
    writeConfig(folder, port);
    const starts: number[] = [];
    for (let at = 1; at < STARTS; at++) starts.push(await timeStart(folder, port, () => Promise.resolve()));
    let signIns: number[] = [];
    starts.push(
      await timeStart(folder, port, async (pid, begun) => {
        console.log(`memory once it serves: ${residentMib(pid)} MiB`);
        const linked = untilLinked(join(folder, 'data'), begun);
        signIns = await signInMany(port, accounts);
        console.log(`who is behind accounts is known ${(await linked).toFixed(0)} ms after the start`);
        console.log(`memory then: ${residentMib(pid)} MiB`);
      }),
    );
    const median = starts.toSorted((a, b) => a - b)[STARTS >> 1] ?? Number.NaN;
    signIns.sort((a, b) => a - b);
    const p99 = signIns[Math.floor(signIns.length * 0.99)] ?? Number.NaN;
    console.log(
      `starts with ${accounts} accounts${keys ? ', a key each' : ''}: ${starts.map((ms) => ms.toFixed(0)).join(', ')} ms`,
    );
    console.log(
      `sign-ins apart from hashing: p50 ${signIns[signIns.length >> 1]?.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
    );
    return median <= GOAL_BOOT_MS && p99 <= GOAL_SIGN_IN_MS;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(dataDir: string, accounts: number, keys: boolean): Promise<void> {
  const parts = { clock: systemClock, random: systemRandom, onFatal: () => undefined };
  const storage = await openStorage({ ...parts, dataDir, migrations: MIGRATIONS });
  await storage.close();
  const password = await hashPassword(PASSWORD, CHEAP);
  const database = openDurable(join(dataDir, DATABASE_FILE));
  const numbers = `with recursive n(x) as (select 1 union all select x + 1 from n where x < ${accounts})`;
  const id = `printf('acct_%026d', x)`;
  const run = (sql: string, ...values: (string | number)[]) => database.prepare(sql).run(values);
  run('begin');
  run(
    `insert into account (id, kind, name, created_at_ms) ${numbers} select ${id}, 'person', printf('Person %d', x), x from n`,
  );
  run(
    `insert into person (id, email, email_key, name, locale, password, state, created_at_ms)
    ${numbers} select ${id}, printf('p%d@example.com', x), printf('p%d@example.com', x), 'P', 'en', ?, 'active', x from n`,
    password,
  );
  if (keys) {
    run(`insert into api_key (id, account_id, product, scopes, digest, created_at_ms)
      ${numbers} select printf('%08d', x), ${id}, 'api', '["inference"]', randomblob(32), x from n`);
    writeFileSync(join(dataDir, 'key-pepper'), Buffer.from(systemRandom.bytes(32)), { mode: 0o600 });
  }
  fillLinkage(database, dataDir, accounts);
  run('commit');
  database.close();
}

function writeConfig(folder: string, port: number): void {
  const described = {
    server: { port, data_dir: join(folder, 'data'), trusted_proxies: ['127.0.0.0/8'] },
    portal: { enabled: true, mail_outbox: true },
    products: { api: { moderation: 'off' } },
  };
  // YAML reads JSON.
  writeFileSync(join(folder, 'candor.yaml'), JSON.stringify(described));
}

/** Milliseconds from starting the process until it is ready. `meanwhile` gets its process and when it was started. */
async function timeStart(
  folder: string,
  port: number,
  meanwhile: (pid: number, begun: number) => Promise<void>,
): Promise<number> {
  const begun = performance.now();
  const server = launch({
    place: 'server',
    command: `${ROOT}bin/candor`,
    args: ['serve', '--config', join(folder, 'candor.yaml')],
    env: { ...environment(), CANDOR_CONSOLE_PORT: '0' },
    logPath: join(ROOT, 'bench/.work/logs/million.log'),
  });
  try {
    await untilAnswers(server, port, '/readyz', 'Candor');
    const took = performance.now() - begun;
    await meanwhile(server.pid, begun);
    return took;
  } finally {
    await server.stop();
  }
}

/** Milliseconds from `begun` until it is said who is behind an account. */
async function untilLinked(dataDir: string, begun: number): Promise<number> {
  const call = connectControl(dataDir);
  for (;;) {
    const { status } = await call('GET', '/control/v1/fraud/clusters?limit=1');
    if (status === 200) return performance.now() - begun;
    if (status !== 503) throw new Error(`asking for clusters was answered with ${status}`);
    await setTimeout(POLL_MS);
  }
}

async function signInMany(port: number, accounts: number): Promise<number[]> {
  const took: number[] = [];
  for (let at = 0; at < SIGN_INS; at++) {
    const person = 1 + Math.floor(Math.random() * accounts);
    const begun = performance.now();
    const answer = await fetch(`http://127.0.0.1:${port}/portal/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': `10.${at >> 8}.${at & 255}.7` },
      body: JSON.stringify({ email: `p${person}@example.com`, password: PASSWORD }),
    });
    await answer.text();
    if (answer.status !== 200) throw new Error(`a sign-in was answered with ${answer.status}`);
    took.push(performance.now() - begun);
  }
  return took;
}

function residentMib(pid: number): number {
  const [, kib = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kib) / 1024);
}
