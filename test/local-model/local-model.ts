import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { LocalProviderConfig } from '../../src/providers/local/provider.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const MODEL_PATH = `${root}.cache/models/gemma-3-270m-q4_k_m.gguf`;
const LLAMA_FOLDER = `${root}.cache/llama/node_modules/node-llama-cpp`;

/** A provider configuration for the small real model that `scripts/local-model.mjs` fetches, or why there is none. */
export type LocalModel =
  | { readonly found: true; readonly config: LocalProviderConfig }
  | { readonly found: false; readonly reason: string };

export function findLocalModel(settings: Partial<LocalProviderConfig> = {}): LocalModel {
  const missing = [MODEL_PATH, `${LLAMA_FOLDER}/dist/index.js`].filter((path) => !existsSync(path));
  if (missing.length > 0) {
    return { found: false, reason: `${missing.join(' and ')} missing; run 'node scripts/local-model.mjs'` };
  }
  const sizes = { contextTokens: 1024, parallel: 2, queueMax: 4, threads: 2 };
  return { found: true, config: { kind: 'local', path: MODEL_PATH, packageDir: LLAMA_FOLDER, ...sizes, ...settings } };
}

/** Says on the terminal that tests are left out, and why: a skipped test must not pass for a passed one. */
export function describeSkip(model: LocalModel): string {
  if (model.found) return 'a real model';
  console.warn(`skipped: tests with a real model, because ${model.reason}`);
  return `a real model (skipped: ${model.reason})`;
}
