import { afterAll, beforeAll, expect } from 'bun:test';
import type { CreateKeyBody } from '../../src/accounts/contract.ts';
import type { IssuedKey } from '../../src/accounts/index.ts';
import { REFUSALS, type RefusalReason } from '../../src/gateway/refusal.ts';
import { auditDatabase } from '../../src/app/audit.ts';
import type { SqlValue } from '../../src/storage/sql/writer.ts';
import { startCandor, type World } from '../world/candor.ts';

/** Part of every prompt, reply and secret of these tests; it may never stand in a log, a metric or a record. */
export const CANARY = 'canary-7f3ac1';

const IDLE_POLL_MS = 5;
const IDLE_POLLS_MAX = 1_000;
const HOLD_TRIES = 4;

export interface AttackWorldOptions {
  /** Candor's YAML, made when the file's tests begin; the demo when absent. */
  readonly yaml?: () => string | Promise<string>;
  readonly env?: Readonly<Record<string, string>>;
  /** Runs after everything was checked. */
  readonly close?: () => Promise<void>;
}

/** A Candor under attack. Whatever was done to it, it must be alive, its record whole and its log silent at the end. */
export interface AttackWorld {
  readonly world: World;
  readonly port: number;
  /** `Authorization: Bearer ...` of the main key. */
  readonly bearer: string;
  createKey(input?: CreateKeyBody): Promise<IssuedKey>;
  /** A request in JSON, with the main key unless the headers say otherwise. */
  ask(path: string, body?: unknown, headers?: Readonly<Record<string, string>>, method?: string): Promise<Asked>;
  /** The events of what `during` caused, once there are `count`. */
  eventsOf<Value>(count: number, during: () => Promise<Value>): Promise<Record<string, SqlValue>[]>;
}

export interface Asked {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Candor's own word for a refusal, wherever the format puts it; null in a good answer. */
  readonly reason: string | null;
}

export function useAttackWorld(options: AttackWorldOptions = {}): AttackWorld {
  let started: World | undefined;
  const keys: string[] = [];
  function world(): World {
    if (started === undefined) throw new Error('the world starts with the first case');
    return started;
  }
  beforeAll(async () => {
    const yaml = await options.yaml?.();
    started = await startCandor({ ...(yaml !== undefined && { yaml }), ...(options.env && { env: options.env }) });
    keys.push(started.key);
  });
  afterAll(async () => {
    const current = world();
    expect((await fetch(`${current.url}/healthz`)).status).toBe(200);
    await idle(current);
    await expectSilence(current, keys);
    const report = await auditDatabase(current.dataDir);
    await current.close();
    await options.close?.();
    expect(report).toMatchObject({ clean: true, findings: [], checked: { openRequests: 0 } });
  });
  return {
    get world() {
      return world();
    },
    get port() {
      return Number(new URL(world().url).port);
    },
    get bearer() {
      return `Authorization: Bearer ${world().key}`;
    },
    async createKey(input) {
      const issued = await world().createKey(input);
      keys.push(issued.text);
      return issued;
    },
    async ask(path, body, headers = { authorization: `Bearer ${world().key}` }, method) {
      const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
      const response = await fetch(world().url + path, {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: { 'content-type': 'application/json', ...headers },
        ...sent,
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, reason: reasonIn(text) };
    },
    async eventsOf(count, during) {
      const before = (await world().events()).length;
      await during();
      return (await world().eventsOnce(before + count)).slice(before);
    },
  };
}

/** The reason in an error body; fails when an error has none of the closed table. */
export function reasonIn(text: string): RefusalReason | null {
  let body: { error?: { reason?: string } } | null;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  if (body === null || typeof body !== 'object' || !body.error) return null;
  const reason = body.error.reason ?? '';
  expect(Object.keys(REFUSALS)).toContain(reason);
  return reason as RefusalReason;
}

/** Waits until nothing is in progress. */
export async function idle(world: World): Promise<void> {
  for (let poll = 0; poll < IDLE_POLLS_MAX && world.app.gateway.liveCount() > 0; poll++) {
    await new Promise((resolve) => setTimeout(resolve, IDLE_POLL_MS));
  }
  expect(world.app.gateway.liveCount()).toBe(0);
}

/** No prompt, reply or credential in the log, the metrics or the usage events. */
async function expectSilence(world: World, keys: readonly string[]): Promise<void> {
  const metrics = await world.app.telemetry.metricsText();
  const said = `${world.log()}\n${metrics}\n${JSON.stringify(await world.events())}`;
  for (const secret of [CANARY, ...keys.map((key) => key.split('_')[3] ?? key)]) {
    const at = said.indexOf(secret);
    expect(at < 0 ? '' : said.slice(Math.max(0, at - 200), at)).toBe('');
  }
}

/** Fails when `during` holds the event loop for longer each time; others on a busy machine may hold it now and then. */
export async function expectHoldBelow(limitMs: number, during: () => Promise<unknown>, what = ''): Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < HOLD_TRIES && least >= limitMs; tries++)
    least = Math.min(least, await longestHold(during));
  expect([what, least < limitMs ? 'in time' : `held ${least} ms`]).toEqual([what, 'in time']);
}

/** The longest the event loop was held while `during` ran, in milliseconds. */
async function longestHold(during: () => Promise<unknown>): Promise<number> {
  let longestMs = 0;
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - lastMs - 1);
    lastMs = now;
  }, 1);
  try {
    await during();
    await new Promise((resolve) => setTimeout(resolve, 5));
  } finally {
    clearInterval(timer);
  }
  return longestMs;
}

/** How much the memory of this process grew at most while `during` ran, in MiB. */
export async function memoryGrowth(during: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 2);
  try {
    await during();
  } finally {
    clearInterval(timer);
  }
  return (most - before) / 2 ** 20;
}
