/** `npm run simulate -- front-door`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { barsOf, overall } from './bars.ts';
import { explain } from './explain.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { type Populations, readPopulations, withFarmed } from './population.ts';
import type { Report, SimulatedRun } from '../../../src/fraud/simulation-report/contract.ts';
import { runOnce } from './run.ts';
import { createPerAddressCap, createSharedValues } from './systems/baselines.ts';
import { createCandor } from './systems/candor.ts';
import { defaultParameters, type Parameters, withSettings } from './systems/settings.ts';
import { tableOf } from './table.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const REPORT = join(ROOT, 'docs', 'simulation', 'front-door.json');
/** Of sysexits.h: the command line, a file's contents. */
const USAGE_ERROR = 64;
const DATA_ERROR = 65;

/** Gives the exit status: 0 when every promise is kept, 1 when one is broken. */
export function simulateFrontDoor(args: readonly string[]): number {
  const options = readOptions(args);
  if (!options.ok) return failed(USAGE_ERROR, options.refusal);
  if (options.value === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const populations = readPopulations(options.value.populations);
  if (!populations.ok) return failed(DATA_ERROR, populations.refusal);
  const parameters = withSettings(defaultParameters(), options.value.settings);
  if (!parameters.ok) return failed(USAGE_ERROR, parameters.refusal);
  const { farmed } = options.value;
  const chosen = farmed === null ? populations.value : withFarmed(populations.value, farmed);
  const report = simulate(options.value, chosen, parameters.value);
  const text = JSON.stringify(report, null, 2);
  if (options.value.writeReport) {
    mkdirSync(join(ROOT, 'docs', 'simulation'), { recursive: true });
    const madeAt = new Date().toISOString();
    writeFileSync(REPORT, `${JSON.stringify({ ...report, made_at: madeAt }, null, 2)}\n`);
  }
  process.stdout.write(options.value.json ? `${text}\n` : tableOf(report));
  return report.bars.every(({ met }) => met) ? 0 : 1;
}

export function simulate(options: Options, populations: Populations, parameters: Parameters): Report {
  const runs = options.seeds.map((seed): SimulatedRun => {
    const input = { populations, seed, signUps: options.signUps, staff: parameters.staff };
    const from = performance.now();
    const { simulation, figures } = runOnce({ ...input, system: (world) => createCandor(world, parameters) });
    const seconds = (performance.now() - from) / 1_000;
    if (options.explain > 0) process.stderr.write(`Seed ${seed}\n${explain(simulation, options.explain)}`);
    const baselines = options.baselines
      ? {
          per_address_cap: runOnce({ ...input, system: createPerAddressCap }).figures,
          shared_values: runOnce({ ...input, system: createSharedValues }).figures,
        }
      : {};
    return { seed, seconds, bars: barsOf(figures), figures, baselines };
  });
  const { name, about, days } = populations;
  return {
    version: 1,
    simulation: 'front-door',
    populations: { name, about, days },
    sign_ups: options.signUps,
    settings: [...(options.farmed === null ? [] : [`farmed=${options.farmed}`]), ...options.settings],
    runs,
    bars: overall(runs),
  };
}

function failed(status: number, message: string): number {
  process.stderr.write(`${message}\n`);
  return status;
}
