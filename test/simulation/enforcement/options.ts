/** What the command line asks of the simulation of enforcement. */
import { parseArgs } from 'node:util';
import { ok, refuse, type Result } from '../../../src/base/result.ts';

export const ENFORCEMENT_USAGE = `npm run simulate -- enforcement    months of requests through the real judgement, ladder and linkage, in virtual time
    --seed=1                      one seed (the default)
    --seeds=1,2,3                 several; prints the mean and the worst of them
    --scale=0.02                  so much of the populations' numbers (1 is all of them, the default), 0.001 to 10
    --population=FILE             another file of populations, or the name of one that comes with it (standard)
    --heeding=0.5                 people heed what they are told half as often as the file says, 0 to 1.25
    --only=heavy                  only cohorts whose name begins so; bars of others are left out
    --json                        prints the report as JSON and nothing else
    --write-report                also writes it to docs/simulation/enforcement.json`;

export interface Options {
  readonly seeds: readonly number[];
  readonly scale: number;
  readonly heeding: number;
  readonly population: string;
  readonly only: string | null;
  readonly json: boolean;
  readonly writeReport: boolean;
}

const SCALE_MIN = 0.001;
const SCALE_MAX = 10;
const HEEDING_MAX = 1.25;

export function readOptions(args: readonly string[]): Result<Options | 'help', string> {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (cause) {
    return refuse(cause instanceof Error ? cause.message : String(cause));
  }
  if (values.help) return ok('help');
  const seeds = (values.seeds ?? values.seed).split(',').map(Number);
  if (!seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0))
    return refuse('--seed and --seeds take whole numbers');
  const scale = Number(values.scale);
  if (!(scale >= SCALE_MIN && scale <= SCALE_MAX))
    return refuse(`--scale takes a number from ${SCALE_MIN} to ${SCALE_MAX}`);
  const heeding = Number(values.heeding);
  if (!(heeding >= 0 && heeding <= HEEDING_MAX)) return refuse(`--heeding takes a number from 0 to ${HEEDING_MAX}`);
  return ok({
    seeds,
    scale,
    heeding,
    population: values.population,
    only: values.only ?? null,
    json: values.json,
    writeReport: values['write-report'],
  });
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      seeds: { type: 'string' },
      scale: { type: 'string', default: '1' },
      heeding: { type: 'string', default: '1' },
      population: { type: 'string', default: 'standard' },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      'write-report': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }).values;
}
