import { describe, expect, test } from 'bun:test';
import { createHeldTime } from '../../../test/world/time.ts';
import type { ApiKey } from '../../accounts/index.ts';
import { createLimits, createOutputForecast } from '../../capacity/index.ts';
import type { LimitSet } from '../../config/config.ts';
import type { Model } from '../routing/router.ts';
import { createLiveGenerations } from '../streaming/live.ts';
import { admit, countSimple, enter, reserveOutput } from './admit.ts';
import { beginCall } from './call.ts';
import type { PipelineDeps } from './deps.ts';
import type { Ask } from './job.ts';

interface Limited {
  readonly key?: LimitSet;
  readonly app?: LimitSet;
  readonly account?: LimitSet;
  readonly plan?: LimitSet;
  readonly inFlightMax?: number;
}

function start(limited: Limited = {}) {
  const time = createHeldTime();
  const state = { draining: false };
  const { key = {}, app = {}, account = {}, plan = {}, inFlightMax = 100 } = limited;
  // Admission reads only these parts of what the pipeline works with.
  const deps = {
    config: { server: { inFlightMax }, limits: { key, app, account }, enforcement: { usualRequestsPerMinute: 60 } },
    enforcement: null,
    limits: createLimits(time.clock),
    forecast: createOutputForecast(),
    live: createLiveGenerations(time.clock, time.sleep),
    draining: () => state.draining,
    terms: { termsOf: () => ({ limits: plan }) },
  } as unknown as PipelineDeps;
  return { deps, state, time };
}

function keyOf(parts: Partial<ApiKey> = {}): ApiKey {
  const dates = { createdAtMs: 0, expiresAtMs: null, revokedAtMs: null, lastUsedAtMs: null };
  const open = { scopes: ['inference'], models: null, networks: null, limits: null } as const;
  const ids = { id: 'k1', originId: 'k1', accountId: 'acme', product: 'api', app: null, member: null, name: null };
  return { ...ids, ...open, ...dates, ...parts };
}

function modelOf(limits: LimitSet = {}, maxOutputTokens = 1_000): Model {
  return { alias: 'm', config: { limits, maxOutputTokens }, tiers: [] } as unknown as Model;
}

const call = beginCall({
  id: 'req_1',
  endpoint: 'chat.completions',
  request: new Request('http://localhost/'),
  address: null,
  atMs: 0,
  startMs: 0,
});

/** Both steps of one request, as the pipeline takes them; whether it was let in. */
function letIn(key: ApiKey, app: string | null, model: Model, tokens: number, deps: PipelineDeps): boolean {
  const entered = enter(call, key, deps);
  if (!entered.ok) return false;
  const refused = admit(call, entered.value, { key, app, endUser: null, model, tokens }, deps);
  if (refused) entered.value.release();
  return refused === null;
}

const refusalOf = (key: ApiKey, deps: PipelineDeps) => {
  const entered = enter(call, key, deps);
  if (!entered.ok) return entered.refusal;
  entered.value.release();
  return null;
};

describe('before the body is read', () => {
  test('nothing is taken while draining or full, with a time to come back', () => {
    const { deps, state } = start({ inFlightMax: 1 });
    expect(refusalOf(keyOf(), deps)).toBe(null);
    deps.live.start({ id: 'a', keyId: 'k', accountId: 'acme', app: null, endUser: null });
    expect(refusalOf(keyOf(), deps)).toMatchObject({ reason: 'overloaded', retryAfterMs: 1_000 });
    state.draining = true;
    expect(refusalOf(keyOf(), deps)).toMatchObject({ reason: 'draining', retryAfterMs: 1_000 });
  });

  test('a key that is over its rate is refused, and another is not', () => {
    const { deps } = start({ key: { requestsPerMinute: 2 } });
    for (let i = 0; i < 2; i++) expect(refusalOf(keyOf(), deps)).toBe(null);
    expect(refusalOf(keyOf(), deps)).toMatchObject({ reason: 'request_rate', retryAfterMs: 30_000 });
    expect(refusalOf(keyOf({ id: 'k2' }), deps)).toBe(null);
  });

  test('a body that is still arriving holds a place', () => {
    const { deps } = start({ key: { concurrency: 1 } });
    const arriving = enter(call, keyOf(), deps);
    expect(refusalOf(keyOf(), deps)).toMatchObject({ reason: 'concurrency' });
    if (arriving.ok) arriving.value.release();
    expect(refusalOf(keyOf(), deps)).toBe(null);
  });

  test('what asks no model is counted, and needs no place', () => {
    const { deps } = start({ key: { concurrency: 1, requestsPerMinute: 3 } });
    expect(enter(call, keyOf(), deps).ok).toBe(true);
    for (let i = 0; i < 2; i++) expect(countSimple(call, keyOf(), deps)).toBe(null);
    expect(countSimple(call, keyOf(), deps)).toMatchObject({ reason: 'request_rate', retryAfterMs: 20_000 });
  });
});

describe('a request', () => {
  test("counts against key, app, account and model, and a key's own limits go before the defaults", () => {
    const own = keyOf({ limits: { concurrency: 5 } });
    const cases: readonly (readonly [Limited, ApiKey, LimitSet, number])[] = [
      [{ key: { concurrency: 2 } }, keyOf(), {}, 2],
      [{ key: { concurrency: 2 } }, own, {}, 5],
      [{ app: { concurrency: 3 } }, keyOf(), {}, 3],
      [{ account: { concurrency: 4 } }, own, {}, 4],
      [{ account: { concurrency: 4 }, plan: { concurrency: 3 } }, own, {}, 3],
      [{}, keyOf(), { concurrency: 6 }, 6],
    ];
    for (const [limited, key, ofModel, most] of cases) {
      const { deps } = start(limited);
      const admitted = Array.from({ length: 9 }, () => letIn(key, 'shop', modelOf(ofModel), 1, deps));
      expect(admitted.filter(Boolean).length).toBe(most);
    }
  });

  test('that one limit refuses takes no tokens from the others', () => {
    const { deps } = start({ key: { tokensPerMinute: 100 } });
    expect(letIn(keyOf(), null, modelOf({ tokensPerMinute: 10 }), 50, deps)).toBe(false);
    expect(letIn(keyOf(), null, modelOf(), 100, deps)).toBe(true);
  });

  test('of an app is kept apart from an app of the same name elsewhere', () => {
    const { deps } = start({ app: { concurrency: 1 } });
    expect(letIn(keyOf(), 'shop', modelOf(), 1, deps)).toBe(true);
    expect(letIn(keyOf({ id: 'k2', accountId: 'other' }), 'shop', modelOf(), 1, deps)).toBe(true);
    expect(letIn(keyOf({ id: 'k3' }), 'shop', modelOf(), 1, deps)).toBe(false);
  });
});

test('output is reserved for every choice, never beyond what the caller or the model allows', () => {
  const { deps } = start();
  const ask = (choices: number, maxTokens: number | null) => ({ output: { choices, maxTokens } }) as Ask;
  for (const [choices, maxTokens, most] of [
    [1, 10, 10],
    [3, 10, 30],
    [1, 99_999, 1_000],
    [1, null, 1_000],
  ] as const) {
    const reserved = reserveOutput(keyOf(), ask(choices, maxTokens), modelOf(), deps);
    expect(reserved).toBeGreaterThan(0);
    expect(reserved).toBeLessThanOrEqual(most);
  }
  expect(reserveOutput(keyOf(), { ...ask(1, 1), output: null }, modelOf(), deps)).toBe(0);
});
