/**
 * `npm run faults`: the whole catalogue of faults, each kind with a line of figures. `CANDOR_KILLS` and
 * `CANDOR_POWER_CUTS` say how often, or `CANDOR_FAULT_MINUTES` how long. `npm run faults -- planted` plants known bugs in
 * a copy of the program instead, one at a time, and expects the catalogue to find each.
 */
import { spawnSync } from 'node:child_process';

const KILLS = '400';
const POWER_CUTS = '40';
/** Milliseconds one test may take unless it says otherwise. */
const TEST_TIMEOUT_MS = 120_000;

const [what, ...names] = process.argv.slice(2);
const env = { CANDOR_KILLS: KILLS, CANDOR_POWER_CUTS: POWER_CUTS, ...process.env, CANDOR_RUN: 'bun' };
const command =
  what === 'planted'
    ? ['test/faults/planted/main.ts', ...names]
    : ['test', what ?? './test/faults', ...names, `--timeout=${TEST_TIMEOUT_MS}`];

const packages = spawnSync('scripts/install-packages.sh', ['test'], { stdio: ['ignore', 'inherit', 'inherit'] });
const run = packages.status === 0 ? spawnSync('bin/candor', command, { stdio: 'inherit', env }) : packages;
process.exitCode = run.status ?? 1;
