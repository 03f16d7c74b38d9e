/** SIGTERM to a process with streams in flight: those that end in time end whole, the rest are cut and say so. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { auditDatabase } from '../../src/app/audit.ts';
import { openReader } from '../../src/storage/sql/storage.ts';
import type { SqlValue } from '../../src/storage/sql/writer.ts';
import { endProcesses, makeKey, makePlace, type ProcessPlace, startProcess } from '../world/process.ts';
import { type FakeUpstream, startUpstream } from '../world/upstream.ts';
import * as faults from '../world/upstream-faults.ts';
import { openAiDialect } from '../world/upstream-openai.ts';
import { play, textScript } from '../world/upstream-script.ts';

const STREAMS = 20;
const SCRIPT = textScript(Array.from({ length: 10 }, (_, at) => `word${at} `));
const folders: string[] = [];
let upstream: FakeUpstream;

beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(async () => {
  endProcesses();
  await upstream.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function startWith(drainMs: number) {
  const place = makePlace(`
server: { drain_ms: ${drainMs} }
providers: { up: { kind: openai, base_url: '${upstream.url}/v1' } }
models: { m: { targets: [{ provider: up, upstream_model: up }] } }
`);
  folders.push(place.folder);
  const key = makeKey(place, '--app', 'drain');
  const candor = await startProcess(place);
  const ask = () =>
    fetch(`${candor.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'hi' }] }),
    });
  return { place, candor, ask };
}

type Tables = { usage_event: Record<string, SqlValue> & { id: string } };

async function eventsIn({ dataDir }: ProcessPlace): Promise<Record<string, SqlValue>[]> {
  const { reader, database } = openReader(dataDir);
  try {
    return await reader.withTables<Tables>().selectFrom('usage_event').selectAll().orderBy('id').execute();
  } finally {
    database.close();
  }
}

test('streams in flight end whole, what comes meanwhile is told to come back, and the books are clean', async () => {
  upstream.answer(play(openAiDialect, SCRIPT, { gapMs: 60 }));
  const { place, candor, ask } = await startWith(10_000);
  const streams = await Promise.all(Array.from({ length: STREAMS }, ask));
  candor.signal('SIGTERM');
  const late = await refusedSoon(ask);
  expect(late.status).toBe(503);
  expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await late.text()).toContain('draining');
  expect((await fetch(`${candor.url}/readyz`)).status).toBe(503);
  for (const stream of streams) expect(await stream.text()).toEndWith('data: [DONE]\n\n');
  expect(await candor.ended).toBe(0);
  const events = await eventsIn(place);
  const completed = events.filter((event) => event['outcome'] === 'completed').map((event) => event['id']);
  expect(completed).toEqual(expect.arrayContaining(streams.map((stream) => stream.headers.get('x-request-id'))));
  expect(events.filter((event) => event['outcome'] === 'refused' && event['reason'] === 'draining')).toHaveLength(
    events.length - completed.length,
  );
  expect(await auditDatabase(place.dataDir)).toMatchObject({ clean: true, checked: { openRequests: 0 } });
});

test('streams that outlast the drain are cut, told so in their own format, and booked', async () => {
  upstream.answer(faults.stallMidway(openAiDialect, SCRIPT));
  const { place, candor, ask } = await startWith(200);
  const streams = await Promise.all(Array.from({ length: STREAMS }, ask));
  candor.signal('SIGTERM');
  for (const stream of streams) {
    const body = await stream.text();
    expect(body).toContain('"reason":"draining"');
    expect(body).not.toContain('[DONE]');
  }
  expect(await candor.ended).toBe(0);
  const events = await eventsIn(place);
  expect(events).toHaveLength(STREAMS);
  for (const event of events) {
    expect(event).toMatchObject({ outcome: 'cut', reason: 'draining', usage_source: 'estimated', status: 200 });
    expect(Number(event['output_tokens'])).toBeGreaterThan(0);
  }
  expect(await auditDatabase(place.dataDir)).toMatchObject({ clean: true, checked: { openRequests: 0 } });
});

/** The signal takes a moment to arrive: the first answer that is a refusal. */
async function refusedSoon(ask: () => Promise<Response>): Promise<Response> {
  for (;;) {
    const answer = await ask();
    if (answer.status !== 200) return answer;
    void answer.text();
  }
}
