/**
 * The steps of `npm run check` and `npm test`. Runs on Node 20: this is what starts the rest, so it may need nothing
 * that is not there after `npm ci`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Milliseconds one test may take unless it says otherwise; generous, because a busy machine is no defect. */
const TEST_TIMEOUT_MS = 30_000;
/** A run that has not ended by then hangs; the slowest suites take a few minutes. */
const RUN_TIMEOUT_MS = 1_560_000;
const FAILURE_CHARS_MAX = 2_000;
const TOOLS = 'node_modules/.bin';

export const staticSteps = [
  { name: 'types', command: [`${TOOLS}/tsc`, '--noEmit'] },
  { name: 'console types', command: [`${TOOLS}/tsc`, '--noEmit', '-p', 'console'] },
  { name: 'portal types', command: [`${TOOLS}/tsc`, '--noEmit', '-p', 'portal'] },
  { name: 'types of the walk', command: [`${TOOLS}/tsc`, '--noEmit', '-p', 'test/console/walk'] },
  { name: 'types of the walk of the portal', command: [`${TOOLS}/tsc`, '--noEmit', '-p', 'test/portal/pages'] },
  { name: 'types of the story', command: [`${TOOLS}/tsc`, '--noEmit', '-p', 'test/flows/enforcement-story'] },
  { name: 'lint', command: [`${TOOLS}/oxlint`, '--type-aware', '--deny-warnings'] },
  { name: 'format', command: [`${TOOLS}/biome`, 'format'] },
  { name: 'unused', command: [`${TOOLS}/knip`, '--no-progress'] },
];

/** Runs every step, also after a failure, so that one run tells everything. */
export function runStaticSteps() {
  const tally = { passed: 0, failed: 0 };
  for (const { name, command } of staticSteps) {
    const started = Date.now();
    const { status, error } = spawnSync(command[0], command.slice(1), { stdio: ['ignore', 'inherit', 'inherit'] });
    const passed = status === 0;
    tally[passed ? 'passed' : 'failed'] += 1;
    const why = error ? ` (${error.message})` : '';
    console.log(`${passed ? 'pass' : 'FAIL'} ${name}, ${((Date.now() - started) / 1000).toFixed(1)} s${why}`);
  }
  return tally;
}

/** Runs the test files under these paths; what the runner could not report counts as one failure. */
export function runTests(paths) {
  const work = mkdtempSync(join(tmpdir(), 'candor-test-'));
  const report = join(work, 'report.xml');
  try {
    const { status, error } = spawnSync(
      'bin/candor',
      [
        'test',
        ...paths,
        `--timeout=${TEST_TIMEOUT_MS}`,
        '--path-ignore-patterns=bench/.work/**',
        '--reporter=junit',
        `--reporter-outfile=${report}`,
      ],
      {
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, CANDOR_RUN: 'bun' },
        timeout: RUN_TIMEOUT_MS,
        killSignal: 'SIGKILL',
      },
    );
    if (error) console.log(`FAIL tests: ${error.message}`);
    return tallyOf(report, status === 0);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function tallyOf(report, clean) {
  let text = '';
  try {
    text = readFileSync(report, 'utf8');
  } catch {
    text = '';
  }
  const head = /<testsuites [^>]*>/.exec(text)?.[0] ?? '';
  tellFailures(text);
  const count = (name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
  const failed = count('failures');
  if (count('skipped') > 0) console.log(`${count('skipped')} tests did not run here; they name what they need`);
  const passed = count('tests') - failed - count('skipped');
  return { passed, failed: failed === 0 && !clean ? 1 : failed };
}

/** Once more at the end, with why: the log of a run is long, and often only its end is kept. */
function tellFailures(report) {
  const cases = report.matchAll(
    /<testcase name="([^"]*)"[^>]*file="([^"]*)"[^>]*>\s*(<failure[\s\S]*?<\/failure>|<failure[^>]*\/>)/g,
  );
  for (const [, name, file, why] of cases) console.log(`FAIL ${file}: ${name}\n${why.slice(0, FAILURE_CHARS_MAX)}`);
}

/** Prints the line other programs look for and ends with its meaning. */
export function finish(tallies) {
  const sum = (key) => tallies.reduce((total, tally) => total + tally[key], 0);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = sum('failed') > 0 || sum('passed') === 0 ? 1 : 0;
}
