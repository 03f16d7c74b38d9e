/** Every endpoint, on every kind of upstream, through everything that can go wrong, with its one usage event. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { auditDatabase } from '../../src/app/audit.ts';
import { type LagWatch, watchLag } from '../world/time.ts';
import { anthropicDialect } from '../world/upstream-anthropic.ts';
import * as faults from '../world/upstream-faults.ts';
import { geminiDialect } from '../world/upstream-gemini.ts';
import { openAiDialect } from '../world/upstream-openai.ts';
import { type Dialect, play, textScript, USAGE } from '../world/upstream-script.ts';
import { type Captured, ENDPOINTS, type EndpointSubject } from './matrix-answers.ts';
import { type Answer, type Booked, type Expectation, type Fault, FAULTS, TEXTS } from './matrix-faults.ts';
import {
  askCell,
  capture,
  type Cell,
  CONCURRENCY,
  type EventRow,
  type MatrixWorld,
  startMatrix,
} from './matrix-world.ts';

const DIALECTS = [openAiDialect, anthropicDialect, geminiDialect];
const CLOSE_MS = 50;

interface Case {
  readonly cell: Cell;
  readonly name: string;
  readonly dialect: Dialect | null;
  readonly fault: Fault | null;
  readonly expected: Expectation;
}

const cases: Case[] = [];
function add(name: string, provider: string, endpoint: EndpointSubject, parts: Omit<Case, 'cell' | 'name'>): void {
  const cell = { id: `cell-${1000 + cases.length}`, provider, endpoint, fault: parts.fault ?? {} };
  cases.push({ cell, name: `${endpoint.name} from ${provider}: ${name}`, ...parts });
}
for (const dialect of DIALECTS) {
  for (const endpoint of ENDPOINTS) {
    if (endpoint.name === 'embeddings' && dialect.embeddings === undefined) continue;
    for (const fault of FAULTS) {
      const expected = endpoint.streamed ? (fault.streamed?.(dialect) ?? null) : fault.whole;
      if (expected !== null) add(fault.name, dialect.kind, endpoint, { dialect, fault, expected });
    }
  }
}
addDemo();
const idle: Cell = { id: 'cell-9999', provider: 'openai', endpoint: endpointNamed('chat'), fault: {} };

let matrix: MatrixWorld;
let lag: LagWatch;
beforeAll(async () => {
  matrix = await startMatrix(DIALECTS, [...cases.map(({ cell }) => cell), idle]);
  await warmUp();
});
afterAll(() => matrix.close());

describe('what the upstream does', () => {
  for (const one of cases.filter(({ fault }) => fault?.caller === undefined)) {
    test.concurrent(one.name, () => prove(one));
  }
});

// One at a time: how soon a connection closes is measured.
describe('what the caller does', () => {
  beforeAll(() => {
    lag = watchLag();
  });
  afterAll(() => lag.stop());
  for (const one of cases.filter(({ fault }) => fault?.caller !== undefined)) test(one.name, () => prove(one));
});

describe('afterwards', () => {
  test('every case has one event, nothing is open, and the audit is clean', async () => {
    const { app, dataDir } = matrix.world;
    expect(await matrix.world.leftLive()).toBe(0);
    expect(app.gateway.health().filter((target) => target.inFlight !== 0)).toEqual([]);
    const events = await matrix.world.events();
    const asked = events.filter(({ endpoint, end_user: by }) => endpoint !== 'generations.cancel' && by !== idle.id);
    expect(asked.map((event) => String(event['end_user'])).sort()).toEqual(cases.map(({ cell }) => cell.id).sort());
    expect(await auditDatabase(dataDir)).toMatchObject({ clean: true, findings: [], checked: { openRequests: 0 } });
  });

  test('every permit came back: the key has exactly its concurrency again', async () => {
    const before = (await matrix.world.events()).length;
    let arrived = 0;
    const all = Promise.withResolvers<void>();
    matrix.behave(idle, () => {
      if (++arrived === CONCURRENCY) all.resolve();
    });
    const leave = new AbortController();
    const held = Array.from({ length: CONCURRENCY }, () => askIdle(leave.signal));
    await all.promise;
    const tooMany = await capture(await askIdle(leave.signal));
    expect([tooMany.status, JSON.parse(tooMany.body).error.reason]).toEqual([429, 'concurrency']);
    leave.abort();
    await Promise.allSettled(held);
    await matrix.world.eventsOnce(before + CONCURRENCY + 1);
    expect(await auditDatabase(matrix.world.dataDir)).toMatchObject({ clean: true });
  });
});

/** The tokenizer is loaded by the first answer it counts, which may take longer than an answer waits for it. */
async function warmUp(): Promise<void> {
  matrix.behave(idle, play(openAiDialect, textScript(TEXTS, { usage: null })));
  do {
    await capture(await askIdle());
  } while ((await matrix.world.events()).at(-1)?.['usage_source'] !== 'counted');
}

function askIdle(signal: AbortSignal | null = null): Promise<Response> {
  return fetch(`${matrix.world.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${matrix.world.key}` },
    body: JSON.stringify(idle.endpoint.body(idle.id, idle.id, idle.id)),
    signal,
  });
}

/** Runs one case and compares what the caller and the record say with what is expected. */
async function prove(one: Case): Promise<void> {
  const { cell, dialect, fault, expected } = one;
  if (dialect && fault) matrix.behave(cell, fault.behaviour(speaking(dialect, cell.endpoint)));
  const { captured, endedMs } = await askCell(matrix, cell);
  const [event, ...others] = await matrix.booked(cell);
  expect(others).toEqual([]);
  expect(event).toMatchObject(expectedEvent(one));
  expectTokens(event ?? {}, expected.booked, one);
  if (captured) {
    expect(captured.headers.get('x-request-id')).toBe(String(event?.['id']));
    await expectAnswer(captured, expected.answer, one);
  }
  if (endedMs !== null && dialect) {
    const { connection } = await matrix.seen(cell);
    await connection.closed;
    const closedMs = connection.closedMs ?? Infinity;
    expect(closedMs - endedMs - lag.stolenMs(endedMs, closedMs)).toBeLessThan(CLOSE_MS);
  }
}

/** The dialect as its embeddings endpoint speaks it. */
function speaking(dialect: Dialect, endpoint: EndpointSubject): Dialect {
  const { embeddings } = dialect;
  if (endpoint.name !== 'embeddings' || embeddings === undefined) return dialect;
  return {
    ...dialect,
    asksForStream: () => false,
    whole: (script) => embeddings([[0.25, -1]], script.usage?.inputTokens ?? null),
  };
}

function expectedEvent({ cell, expected }: Case): EventRow {
  const { answer } = expected;
  const streamed = cell.endpoint.streamed;
  const shared = {
    endpoint: cell.endpoint.endpoint,
    streamed: Number(streamed),
    app: 'test',
    app_source: 'declared',
    model_requested: cell.id,
    attempts: expected.attempts ?? 1,
    client_class: 'bun',
    network_prefix: '127.0.0.0/24',
    ...(expected.attempts !== 0 && { provider: cell.provider, target: `${cell.id}/0` }),
  };
  switch (answer.kind) {
    case 'whole':
      return { ...shared, outcome: 'completed', reason: null, status: 200 };
    case 'refused': {
      const outcome = expected.attempts === 0 ? 'refused' : 'failed';
      return { ...shared, outcome, reason: answer.reason, status: answer.status };
    }
    case 'in band': {
      const outcome = answer.reason === 'cancelled' ? 'cancelled' : 'failed';
      return { ...shared, outcome, reason: answer.reason, status: 200 };
    }
    case 'left': {
      const status = expected.booked === 'own' ? 200 : 499;
      return { ...shared, outcome: 'disconnected', reason: 'client_gone', status };
    }
  }
}

function expectTokens(event: EventRow, booked: Booked, { cell, dialect }: Case): void {
  const { usage_source: source, input_tokens: input, output_tokens: output } = event;
  const embeds = cell.endpoint.name === 'embeddings';
  if (booked === 'none') {
    expect([source, input, output, event['reasoning_tokens']]).toEqual(['none', null, null, null]);
    return;
  }
  expect(Number(input)).toBeGreaterThan(0);
  expect(event['first_token_ms'] === null).toBe(booked === 'prompt' || embeds);
  if (booked === 'reported') {
    expect(source).toBe('reported');
    if (dialect === null) expect(Number(output) > 0).toBe(!embeds);
    else if (embeds) expect([input, output]).toEqual([USAGE.inputTokens, 0]);
    else expect([input, event['cached_input_tokens'], output]).toEqual([21, 5, 13]);
    return;
  }
  if (booked === 'prompt' || embeds) {
    expect([source, output]).toEqual(['estimated', 0]);
    return;
  }
  const counted = cell.provider === 'openai' && event['outcome'] === 'completed';
  expect(source).toBe(counted ? 'counted' : 'estimated');
  expect(Number(output)).toBeGreaterThan(0);
}

async function expectAnswer(captured: Captured, answer: Answer, { cell, dialect }: Case): Promise<void> {
  const { endpoint } = cell;
  const { text, clean, raised } = await endpoint.understand(captured);
  const kind = endpoint.streamed && answer.kind !== 'refused' ? 'text/event-stream' : 'application/json';
  expect(captured.headers.get('content-type')).toStartWith(kind);
  if (answer.kind === 'whole') {
    expect({ status: captured.status, clean, raised }).toEqual({ status: 200, clean: true, raised: null });
    if (dialect === null) expect(text.length).toBeGreaterThan(10);
    else expect(text).toBe(endpoint.name === 'embeddings' ? '[[0.25,-1]]' : TEXTS.join(''));
    return;
  }
  expect(clean).toBe(false);
  for (const mark of endpoint.cleanMarks) expect(captured.body).not.toContain(mark);
  if (answer.kind === 'refused') {
    expect(captured.status).toBe(answer.status);
    expect(raised).toEqual({ status: answer.status, reason: answer.reason });
    if (answer.retryAfterSec) expect(captured.headers.get('retry-after')).toBe(String(answer.retryAfterSec));
  } else if (answer.kind === 'in band') {
    expect(captured.status).toBe(200);
    expect(raised).toEqual({ status: undefined, reason: answer.reason });
    if (dialect !== null) expect(text).toBe(answer.words.join(''));
  }
}

/** The demo provider, which fails only by being slow; and what no upstream of this kind can do. */
function addDemo(): void {
  const whole: Expectation = { answer: { kind: 'whole' }, booked: 'reported' };
  const late: Expectation = { answer: { kind: 'refused', status: 504, reason: 'upstream_timeout' }, booked: 'prompt' };
  const lateMidway: Expectation = { answer: { kind: 'in band', reason: 'upstream_timeout', words: [] }, booked: 'own' };
  const leftEarly: Expectation = { answer: { kind: 'left' }, booked: 'prompt' };
  const leftMidway: Expectation = { answer: { kind: 'left' }, booked: 'own' };
  const impatient = faultOf({ name: 'late', impatient: true });
  const before = faultOf({ name: 'left', caller: 'leaves before the first byte' });
  const midway = faultOf({ name: 'left', caller: 'leaves midway' });
  for (const endpoint of ENDPOINTS) {
    add('normal', 'quick', endpoint, { dialect: null, fault: null, expected: whole });
    if (endpoint.name === 'embeddings') continue;
    add('out of time before output', 'slow', endpoint, { dialect: null, fault: impatient, expected: late });
    add(before.name, 'slow', endpoint, { dialect: null, fault: before, expected: leftEarly });
    const inTime = endpoint.streamed ? lateMidway : late;
    add('out of time midway', 'steady', endpoint, { dialect: null, fault: impatient, expected: inTime });
    if (endpoint.streamed) add(midway.name, 'steady', endpoint, { dialect: null, fault: midway, expected: leftMidway });
  }
  const answer: Answer = { kind: 'refused', status: 400, reason: 'unsupported_field' };
  const expected: Expectation = { answer, booked: 'none', attempts: 0 };
  add('no embeddings there', 'anthropic', endpointNamed('embeddings'), { dialect: null, fault: null, expected });
}

function faultOf(parts: Pick<Fault, 'name' | 'caller' | 'impatient'>): Fault {
  return { behaviour: () => faults.silent, streamed: null, whole: null, ...parts };
}

function endpointNamed(name: string): EndpointSubject {
  const found = ENDPOINTS.find((endpoint) => endpoint.name === name);
  if (found === undefined) throw new Error(`there is no endpoint ${name}`);
  return found;
}
