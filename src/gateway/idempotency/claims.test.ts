import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../base/clock.ts';
import { systemRandom } from '../../base/random.ts';
import { openStorage, type Storage } from '../../storage/sql/storage.ts';
import { idempotentAnswer } from '../migrations/2026-11-22-idempotent-answer.ts';
import { createFeedWorld, readFeed, text } from '../../../test/world/streams.ts';
import { type AnswerStore, createAnswerStore } from './answer-store.ts';
import { type Claim, type Claimed, type ClaimOrder, type Claims, createClaims } from './claims.ts';

const EVENTS = {
  id: '2026-11-22-events',
  up: ['create table usage_event (id text primary key, outcome text not null) strict'],
};
let folder = '';
let storage: Storage;
let wallMs = 0;
let claims: Claims;

async function open(): Promise<void> {
  storage = await openStorage({
    dataDir: folder,
    migrations: [EVENTS, idempotentAnswer],
    clock: systemClock,
    random: systemRandom,
    onFatal: () => undefined,
  });
  renew();
}

function renew(answersPerKeyMax = 100): AnswerStore {
  const clock = { wallMs: () => wallMs, monoMs: () => 0 };
  const store = createAnswerStore({ ...storage, clock, retentionMs: 1_000, answersPerKeyMax });
  claims = createClaims({ store, answerBytesMax: 1_000 });
  return store;
}

beforeEach(async () => {
  wallMs = 0;
  folder = mkdtempSync(join(tmpdir(), 'candor-claims-'));
  await open();
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

let minted = 0;
function order(parts: Partial<ClaimOrder> = {}): ClaimOrder {
  const signal = new AbortController().signal;
  const requestId = `req_${++minted}`;
  return { requestId, keyId: 'k', name: 'one', endpoint: 'chat.completions', body: '{}', signal, ...parts };
}

async function claimed(parts: Partial<ClaimOrder> = {}): Promise<Claimed> {
  const outcome = await claims.claim(order(parts));
  if (!outcome.ok) throw new Error(outcome.refusal.reason);
  return outcome.value;
}

async function first(parts: Partial<ClaimOrder> = {}): Promise<Claim> {
  const got = await claimed(parts);
  if (got.kind !== 'first') throw new Error(`expected to be the first, and was ${got.kind}`);
  return got.claim;
}

async function complete(id: string, outcome = 'completed'): Promise<void> {
  await storage.writer.write([
    { sql: 'insert into usage_event (id, outcome) values (?, ?)', parameters: [id, outcome] },
  ]);
}

async function refused(parts: Partial<ClaimOrder>): Promise<string> {
  const outcome = await claims.claim(order(parts));
  return outcome.ok ? outcome.value.kind : outcome.refusal.reason;
}

describe('a name', () => {
  test('that was answered gives the answer again, also after a restart', async () => {
    const claim = await first({ requestId: 'req_a' });
    claim.keep('application/json', '{"a":1}');
    await complete('req_a');
    claim.end();
    const again = { kind: 'repeat', requestId: 'req_a', contentType: 'application/json', body: '{"a":1}' } as const;
    expect(await claimed()).toEqual(again);
    await storage.close();
    await open();
    expect(await claimed()).toEqual(again);
  });

  test('whose record never became durable, or did not complete, is free', async () => {
    const claim = await first({ requestId: 'req_b' });
    claim.keep('application/json', '{}');
    claim.end();
    expect((await claimed({ requestId: 'req_c' })).kind).toBe('first');
    await complete('req_b', 'recovered');
    renew();
    expect((await claimed()).kind).toBe('first');
  });

  test('is refused for another body or endpoint, in progress and afterwards', async () => {
    const claim = await first({ requestId: 'req_d' });
    expect(await refused({ body: '{"b":2}' })).toBe('idempotency_key_reused');
    claim.keep('application/json', '{}');
    await complete('req_d');
    claim.end();
    expect(await refused({ body: '{"b":2}' })).toBe('idempotency_key_reused');
    expect(await refused({ endpoint: 'responses' })).toBe('idempotency_key_reused');
  });

  test('of another key is another name', async () => {
    await first();
    expect((await claimed({ keyId: 'other' })).kind).toBe('first');
  });

  test.each(['', ' ', 'a b', 'x'.repeat(256), '钥'])('"%s" is refused', async (name) => {
    expect(await refused({ name })).toBe('idempotency_key_invalid');
  });

  test('is free again after its time, and swept', async () => {
    const store = renew();
    const claim = await first({ requestId: 'req_e' });
    claim.keep('application/json', '{}');
    await complete('req_e');
    claim.end();
    wallMs = 1_001;
    expect((await claimed()).kind).toBe('first');
    expect(await store.sweep()).toBe(1);
  });
});

test('a sweep while answers are on their way forgets none of those that are kept', async () => {
  const store = renew(3);
  for (const name of ['a', 'b']) await keepOne(name);
  const claim = await first({ name: 'c', requestId: 'req_c' });
  await store.sweep();
  claim.keep('application/json', '{}');
  await complete('req_c');
  claim.end();
  expect((await claims.claim(order({ name: 'd' }))).ok).toBe(false);

  async function keepOne(name: string): Promise<void> {
    const one = await first({ name, requestId: `req_${name}` });
    one.keep('application/json', '{}');
    await complete(`req_${name}`);
    one.end();
  }
});

describe('fifty at once', () => {
  test('are answered by one; the others wait and get the same', async () => {
    const all = Array.from({ length: 50 }, (_, at) => claimed({ requestId: `req_f${at}` }));
    const begun = await Promise.race(all);
    if (begun.kind !== 'first') throw new Error('nobody was the first');
    begun.claim.keep('application/json', '{"once":true}');
    await complete('req_f0');
    begun.claim.end();
    const kinds = (await Promise.all(all)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'first').length).toBe(1);
    expect(kinds.filter((kind) => kind === 'repeat').length).toBe(49);
  });

  test('when the first is refused, the next one becomes the first', async () => {
    const one = await first();
    const two = claimed();
    one.end();
    expect((await two).kind).toBe('first');
  });

  test('a caller that hangs up stops waiting', async () => {
    await first();
    const hangup = new AbortController();
    const waiting = refused({ signal: hangup.signal });
    hangup.abort();
    expect(await waiting).toBe('client_gone');
  });
});

describe('a stream', () => {
  test('in progress is read along from its first frame, and repeated afterwards', async () => {
    const world = createFeedWorld();
    const claim = await first({ requestId: 'req_g' });
    const reader = claim.share(world.feed);
    world.give(text('a'));
    const attached = await claimed();
    if (attached.kind !== 'attach') throw new Error(attached.kind);
    world.finish();
    const [mine, theirs] = await Promise.all([readFeed(reader), readFeed(attached.feed)]);
    expect(theirs).toBe(mine);
  });

  test('is kept whole: what was shared, and the last frames', async () => {
    const world = createFeedWorld();
    const claim = await first({ requestId: 'req_h' });
    const reader = claim.share(world.feed);
    const begun = await reader.next();
    claim.keep('text/event-stream', 'data: [DONE]\n\n');
    await complete('req_h');
    claim.end();
    expect(await claimed()).toMatchObject({ kind: 'repeat', body: `${begun}data: [DONE]\n\n` });
  });
});

describe('bounds', () => {
  test('an answer too large is not kept, and says so', async () => {
    const claim = await first({ requestId: 'req_i' });
    claim.keep('application/json', 'x'.repeat(1_001));
    await complete('req_i');
    claim.end();
    expect(await refused({})).toBe('idempotency_answer_too_large');
  });

  test('a key with all its answers is refused new names, and not the old ones', async () => {
    renew(1);
    const claim = await first({ requestId: 'req_j' });
    claim.keep('application/json', '{}');
    await complete('req_j');
    claim.end();
    expect(await refused({ name: 'two' })).toBe('idempotency_capacity');
    expect((await claimed()).kind).toBe('repeat');
  });
});
