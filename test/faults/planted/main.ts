/**
 * Plants known bugs in a copy of the program, one at a time, and expects the named tests to find each. A test that
 * nothing can fail proves nothing. Arguments choose bugs by parts of their names; exit code 1 when one is not caught.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Check, PLANTED_BUGS, type PlantedBug } from './bugs.ts';

const ROOT = join(import.meta.dirname, '../../..');
const COPIED = ['src', 'test', 'scripts', 'bin', 'package.json', 'tsconfig.json', 'candor.example.yaml', 'docs'];
/** A check that hangs has found nothing. */
const CHECK_MS_MAX = 180_000;
const REASON_CHARS_MAX = 200;

interface Outcome {
  readonly failed: readonly string[];
  readonly passed: number;
  readonly text: string;
}

function runCheck(copy: string, { file, test, env }: Check): Outcome {
  const { stdout, stderr } = spawnSync('bin/candor', ['test', `./${file}`, '-t', escaped(test), '--timeout=60000'], {
    cwd: copy,
    env: { ...process.env, ...env, CANDOR_RUN: 'bun' },
    timeout: CHECK_MS_MAX,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
  });
  const text = `${stdout}${stderr}`;
  const failed = [...text.matchAll(/^\(fail\) (.*?)(?: \[[\d.]+m?s\])?$/gm)].map((match) => match[1] ?? '');
  return { failed, passed: [...text.matchAll(/^\(pass\) /gm)].length, text };
}

function escaped(text: string): string {
  return text.replace(/[^\w ]/g, '\\$&');
}

/** The first thing that differed, or was thrown. */
function reasonIn(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const error = lines.find((line) => line.startsWith('error: ')) ?? '';
  const found = lines.filter((line) => /^\+\s+\S{3}/.test(line)).map((line) => line.slice(1).trim());
  return [error, ...found.slice(0, 1)].join(' ').slice(0, REASON_CHARS_MAX);
}

/** Changes the copy and returns what undoes it. Throws when the text is not there exactly once. */
function plant(copy: string, bug: PlantedBug): () => void {
  const undo: (() => void)[] = [];
  for (const { file, find, replace } of bug.changes) {
    const path = join(copy, file);
    const text = readFileSync(path, 'utf8');
    const found = text.split(find).length - 1;
    if (found !== 1) throw new Error(`${bug.name}: the text to replace stands ${found} times in ${file}:\n${find}`);
    writeFileSync(
      path,
      text.replace(find, () => replace),
    );
    undo.unshift(() => writeFileSync(path, text));
  }
  return () => {
    for (const step of undo) step();
  };
}

function judge(copy: string, bug: PlantedBug): { readonly caught: boolean; readonly by: string } {
  const undo = plant(copy, bug);
  try {
    const { failed, text } = runCheck(copy, bug.check);
    const by = failed.find((name) => name.includes(bug.check.test));
    if (by !== undefined) return { caught: true, by: `${by}: ${reasonIn(text)}` };
    console.log(text.split('\n').slice(-40).join('\n'));
    return {
      caught: false,
      by: failed.length === 0 ? 'nothing failed' : `something else failed: ${failed.join('; ')}`,
    };
  } finally {
    undo();
  }
}

/** Each check passes on the program as it is; else a failure would say nothing about a bug. */
function proveChecksPass(copy: string, bugs: readonly PlantedBug[]): void {
  const checks = new Map(bugs.map(({ check }) => [JSON.stringify(check), check]));
  for (const check of checks.values()) {
    const { failed, passed, text } = runCheck(copy, check);
    if (failed.length === 0 && passed > 0) continue;
    throw new Error(`${check.file}, ${check.test}, does not pass without a planted bug: ${text.slice(-4_000)}`);
  }
}

const wanted = process.argv.slice(2);
const bugs = PLANTED_BUGS.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const copy = mkdtempSync(join(tmpdir(), 'candor-planted-'));
try {
  for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  proveChecksPass(copy, bugs);
  let missed = 0;
  for (const bug of bugs) {
    const { caught, by } = judge(copy, bug);
    if (!caught) missed++;
    console.log(`${caught ? 'caught    ' : 'NOT CAUGHT'}  ${bug.name}\n            breaks ${bug.breaks}; by: ${by}`);
  }
  console.log(`\n${bugs.length - missed} of ${bugs.length} planted bugs caught`);
  process.exitCode = missed > 0 || bugs.length === 0 ? 1 : 0;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
