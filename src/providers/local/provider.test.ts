import { describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Attempt } from '../provider.ts';
import { createLocalProvider, type LocalProviderConfig } from './provider.ts';

/** The least that passes for the head of a model: magic, version 3, no tensors, one field naming the architecture. */
const HEAD = Buffer.concat([
  Buffer.from('GGUF'),
  Buffer.from(Uint32Array.of(3, 0, 0, 1, 0, 20, 0).buffer),
  Buffer.from('general.architecture'),
  Buffer.from(Uint32Array.of(8, 4, 0).buffer),
  Buffer.from('bert'),
]);

const attempt: Attempt = {
  upstreamModel: 'm',
  passFields: new Set(),
  timeouts: { connectMs: 1000, firstTokenMs: 10_000, stallMs: 1000, totalMs: 10_000 },
  signal: new AbortController().signal,
  requestId: 'req_1',
};

function isInstalled(): boolean {
  try {
    return import.meta.resolve('node-llama-cpp') !== '';
  } catch {
    return false;
  }
}

describe('createLocalProvider', () => {
  const sizes = { contextTokens: 512, parallel: 1, queueMax: 1, threads: 1 } as const;

  test('says which file is missing', () => {
    const config: LocalProviderConfig = { kind: 'local', path: '/nowhere/model.gguf', packageDir: null, ...sizes };
    expect(() => createLocalProvider(config)).toThrow('the model file /nowhere/model.gguf cannot be read');
  });

  test('says how to install the optional package, and answers unavailable when it cannot load', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'candor-local-'));
    try {
      const path = join(folder, 'model.gguf');
      writeFileSync(path, HEAD);
      if (!isInstalled()) {
        const install = 'npm install --no-save node-llama-cpp@3.22.1';
        expect(() => createLocalProvider({ kind: 'local', path, packageDir: null, ...sizes })).toThrow(install);
      }
      const provider = createLocalProvider({ kind: 'local', path, ...sizes, packageDir: join(folder, 'nothing') });
      const request = { model: 'm', stream: false, messages: [], choiceCount: 1, unknownFields: {} };
      for (let turn = 0; turn < 2; turn++) {
        await expect(provider.complete(request, attempt)).rejects.toMatchObject({ kind: 'unavailable' });
      }
      await provider.close?.();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
