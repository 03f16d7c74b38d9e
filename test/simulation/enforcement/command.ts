/** `npm run simulate -- enforcement`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnforcementReport } from '../../../src/enforcement/simulation-report/contract.ts';
import { barsOf, overall } from './bars.ts';
import { ENFORCEMENT_USAGE, type Options, readOptions } from './options.ts';
import { type Populations, readPopulations } from './population.ts';
import { runOnce } from './run.ts';
import { tableOf } from './table.ts';

const DOCS = join(import.meta.dirname, '..', '..', '..', 'docs', 'simulation');
/** Of sysexits.h: the command line, a file's contents. */
const USAGE_ERROR = 64;
const DATA_ERROR = 65;

/** Gives the exit status: 0 when every promise is kept, 1 when one is broken. */
export function simulateEnforcement(args: readonly string[]): number {
  const options = readOptions(args);
  if (!options.ok) return failed(USAGE_ERROR, options.refusal);
  if (options.value === 'help') {
    process.stdout.write(`${ENFORCEMENT_USAGE}\n`);
    return 0;
  }
  const populations = readPopulations(options.value.population);
  if (!populations.ok) return failed(DATA_ERROR, populations.refusal);
  const report = simulate(options.value, populations.value);
  if (options.value.writeReport) {
    mkdirSync(DOCS, { recursive: true });
    const dated = { ...report, made_at: new Date().toISOString() };
    writeFileSync(join(DOCS, 'enforcement.json'), `${JSON.stringify(dated, null, 2)}\n`);
  }
  process.stdout.write(options.value.json ? `${JSON.stringify(report, null, 2)}\n` : tableOf(report));
  return report.bars.every(({ met }) => met) ? 0 : 1;
}

export function simulate({ seeds, scale, heeding, only }: Options, populations: Populations): EnforcementReport {
  const runs = seeds.map((seed): EnforcementReport['runs'][number] => {
    const from = performance.now();
    const figures = runOnce({ populations, seed, scale, heeding, only });
    return { seed, seconds: (performance.now() - from) / 1_000, bars: barsOf(figures), figures };
  });
  const { name, about } = populations;
  return {
    version: 1,
    simulation: 'enforcement',
    populations: { name, about },
    scale,
    heeding,
    runs,
    bars: overall(runs),
  };
}

function failed(status: number, message: string): number {
  process.stderr.write(`${message}\n`);
  return status;
}
