/** What the command line asks of the simulation. */
import { parseArgs } from 'node:util';
import { ok, refuse, type Result } from '../../../src/base/result.ts';

export const USAGE = `npm run simulate -- front-door    a month of sign-ups through the real linkage and vesting, in virtual time
    --seed=1                      one seed (the default)
    --seeds=1,2,3                 several; prints the mean and the worst of them
    --signups=50000               so many (the default), 500 to 1000000
    --populations=FILE            another file of populations, or the name of one that comes with it (standard)
    --farmed=0.05                 another share of sign-ups that is farmed, everybody else in proportion
    --set=linkage.hardBits=21     another value of a parameter; may be given again
    --without-baselines           leaves out the per-address cap and the shared values
    --explain=20                  also tells wrong links, with their evidence, and rings that were missed
    --json                        prints the report as JSON and nothing else
    --write-report                also writes it to docs/simulation/front-door.json`;

export interface Options {
  readonly seeds: readonly number[];
  readonly signUps: number;
  readonly populations: string;
  /** Null leaves it as the file has it. */
  readonly farmed: number | null;
  readonly settings: readonly string[];
  readonly baselines: boolean;
  /** How many examples of each to tell; 0 tells none. */
  readonly explain: number;
  readonly json: boolean;
  readonly writeReport: boolean;
}

const SIGN_UPS_MIN = 500;
const SIGN_UPS_MAX = 1_000_000;

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
  const signUps = Number(values.signups);
  if (!Number.isInteger(signUps) || signUps < SIGN_UPS_MIN || signUps > SIGN_UPS_MAX)
    return refuse(`--signups takes a whole number from ${SIGN_UPS_MIN} to ${SIGN_UPS_MAX}`);
  const farmed = values.farmed === undefined ? null : Number(values.farmed);
  if (farmed !== null && !(farmed >= 0 && farmed < 1)) return refuse('--farmed takes a share from 0 to below 1');
  if (!/^\d{1,4}$/.test(values.explain)) return refuse('--explain takes a whole number');
  return ok({
    seeds,
    signUps,
    populations: values.populations,
    farmed,
    settings: values.set,
    baselines: !values['without-baselines'],
    explain: Number(values.explain),
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
      signups: { type: 'string', default: '50000' },
      populations: { type: 'string', default: 'standard' },
      farmed: { type: 'string' },
      set: { type: 'string', multiple: true, default: [] },
      'without-baselines': { type: 'boolean', default: false },
      explain: { type: 'string', default: '0' },
      json: { type: 'boolean', default: false },
      'write-report': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }).values;
}
