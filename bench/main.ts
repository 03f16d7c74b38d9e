/** `npm run bench`: our speed beside nginx and beside peers, in one run on one machine. */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compare, keep } from './compare.ts';
import { withModerationTables, withTables } from './docs.ts';
import { type BacktestBench, benchBacktest } from './backtest.ts';
import { benchCrowd } from './crowd.ts';
import { benchCutOff } from './cut-off.ts';
import { benchFreshness } from './freshness.ts';
import { benchLedger } from './ledger.ts';
import { benchModeration } from './moderation/bench.ts';
import { goalsOf as moderationGoals, moderationTables } from './moderation/report.ts';
import { benchMonitor, type MonitorBench } from './monitor/bench.ts';
import { benchMillion } from './million.ts';
import type { PeerName } from './peers/peer.ts';
import { FULL, PEERS, QUICK } from './plan.ts';
import { ROOT } from './processes.ts';
import { benchRules } from './rules.ts';
import { tablesOf } from './report.ts';
import { benchRulesLanguage } from './rules-language.ts';
import { soak, type SoakOptions } from './soak.ts';

const USAGE = `npm run bench                   the whole comparison, about 20 minutes
npm run bench -- quick          the same in about a minute, for a first look
    --peers=nginx,candor-t2     only these (${PEERS.join(', ')})
    --write-docs                also refresh the tables of docs/benchmarks.md
npm run bench -- soak           aborts and completes streams, and fails where memory grows or something is left over
    --streams=20000             until so many were aborted (the default)
    --minutes=60                for so long instead
npm run bench -- freshness      from the end of a request until the monitor shows it, at 2,000 a second
    --seconds=30                for so long each time (the default)
npm run bench -- crowd          what 5,000 people who sign in or up at once cost those who ask models meanwhile
    --rounds=5 --seconds=30     of each, so long each time (the defaults)
npm run bench -- million        how a service with a million accounts starts, and signing in apart from hashing
    --accounts=1000000 --keys   so many (the default); with a key for each
npm run bench -- cutoff         from the decision to stop somebody to the last byte they get, 500 streams in flight
    --rounds=5                  of each: a key, an app, a member, an account (the default)
npm run bench -- language       what asking 200 rules of one event costs
    --rounds=5                  so many (the default)
npm run bench -- ledger         holds and settlements a second on the disk, by how many run side by side
npm run bench -- moderation     what looking at prompts and replies costs, by itself and of the gateway
    --rounds=5                  of each, with and without by turns (the default); also --write-docs
npm run bench -- monitor        questions about many events, made first, and the memory they take
    --events=1000000            so many (the default; 100000000 take 12 GB of disk and a quarter of an hour)
    --repeats=7                 of every question
    --folder=PATH               of a file made before with these, which is kept
npm run bench -- rules          what rules in the path cost a request, by how many there are
npm run bench -- backtest       a rule tried on many stored events, made first
    --events=10000000           so many (the goal is for these; 1000000 when nothing is said)
    --folder=PATH               of a file made before, which is kept`;

const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    peers: { type: 'string' },
    'write-docs': { type: 'boolean', default: false },
    streams: { type: 'string' },
    minutes: { type: 'string' },
    seconds: { type: 'string', default: '30' },
    events: { type: 'string', default: '1000000' },
    folder: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    repeats: { type: 'string', default: '7' },
    accounts: { type: 'string', default: '1000000' },
    keys: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (process.platform !== 'linux') fail('the bench reads /proc and pins processes to cores, so it needs Linux');
else if (values.help) console.log(USAGE);
else {
  const verb = positionals[0] ?? 'full';
  if (verb === 'full' || verb === 'quick') await runComparison(verb === 'full' ? FULL : QUICK);
  else if (verb === 'soak') process.exitCode = (await soak(soakOptions())) ? 0 : 1;
  else if (verb === 'freshness') process.exitCode = (await benchFreshness(Number(values.seconds) * 1_000)) ? 0 : 1;
  else if (verb === 'million') {
    process.exitCode = (await benchMillion(Number(values.accounts), values.keys)) ? 0 : 1;
  } else if (verb === 'crowd') {
    process.exitCode = (await benchCrowd(Number(values.rounds), Number(values.seconds) * 1_000)) ? 0 : 1;
  } else if (verb === 'cutoff') process.exitCode = (await benchCutOff(Number(values.rounds))) ? 0 : 1;
  else if (verb === 'language') process.exitCode = benchRulesLanguage(Number(values.rounds)) ? 0 : 1;
  else if (verb === 'ledger') await benchLedger();
  else if (verb === 'moderation') process.exitCode = (await runModeration()) ? 0 : 1;
  else if (verb === 'monitor') process.exitCode = (await benchMonitor(monitorOptions())) ? 0 : 1;
  else if (verb === 'rules') process.exitCode = benchRules() ? 0 : 1;
  else if (verb === 'backtest') process.exitCode = (await benchBacktest(backtestOptions())) ? 0 : 1;
  else fail(`unknown word "${verb}"\n${USAGE}`);
}

async function runComparison(plan: typeof FULL): Promise<void> {
  const comparison = await compare(plan, chosenPeers());
  const tables = tablesOf(comparison);
  console.log(`\n${tables}\n`);
  if (values.peers === undefined) keep(comparison);
  if (!values['write-docs']) return;
  const page = `${ROOT}docs/benchmarks.md`;
  writeFileSync(page, withTables(readFileSync(page, 'utf8'), tables));
}

async function runModeration(): Promise<boolean> {
  const figures = await benchModeration({ rounds: Number(values.rounds), closedMs: 4_000, openMs: 20_000 });
  const tables = moderationTables(figures);
  console.log(`\n${tables}\n`);
  if (values['write-docs']) {
    const page = `${ROOT}docs/benchmarks.md`;
    writeFileSync(page, withModerationTables(readFileSync(page, 'utf8'), tables));
  }
  return moderationGoals(figures).every(({ met }) => met);
}

/** Either end is enough; a count ends after an hour at the latest. */
function soakOptions(): SoakOptions {
  const minutes = Number(values.minutes ?? 60);
  const abortedMax = Number(values.streams ?? (values.minutes === undefined ? 20_000 : Number.MAX_SAFE_INTEGER));
  if (!(minutes > 0) || !(abortedMax > 0)) throw new Error('--minutes and --streams take a number above 0');
  return { abortedMax, durationMs: minutes * 60_000 };
}

function monitorOptions(): MonitorBench {
  const events = Number(values.events);
  if (!(Number.isSafeInteger(events) && events >= 45)) throw new Error('--events takes a whole number of at least 45');
  return { events, days: 45, repeats: Number(values.repeats), memoryMb: 1_024, folder: values.folder ?? null };
}

function backtestOptions(): BacktestBench {
  const events = Number(values.events);
  if (!(Number.isSafeInteger(events) && events >= 10)) throw new Error('--events takes a whole number of at least 10');
  return { events, folder: values.folder ?? null };
}

function chosenPeers(): readonly PeerName[] {
  const asked = values.peers?.split(',');
  return asked === undefined ? PEERS : PEERS.filter((name) => asked.includes(name));
}

function fail(message: string): void {
  console.error(`bench: ${message}`);
  process.exitCode = 64;
}
