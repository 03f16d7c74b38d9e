import { afterAll, beforeAll, expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { auditDatabase } from '../../src/app/audit.ts';
import { connectControl } from '../../src/app/connect-control.ts';
import { readUsageEvent, type UsageEvent } from '../../src/metering/index.ts';
import { openReader } from '../../src/storage/sql/storage.ts';
import { type CandorProcess, endProcesses, makePlace, startProcess } from '../world/process.ts';
import { type FakeUpstream, startUpstream } from '../world/upstream.ts';
import { openAiDialect } from '../world/upstream-openai.ts';
import { playFrames, textScript } from '../world/upstream-script.ts';

/** Nano-dollars for one token. */
const INPUT = 100n;
const OUTPUT = 1_000n;
const LONG = Array.from({ length: 1_000 }, (_, at) => `word${at} `);

let upstream: FakeUpstream;
let place: ReturnType<typeof makePlace>;
beforeAll(async () => {
  upstream = await startUpstream();
  place = makePlace(`
providers: { up: { kind: openai, base_url: '${upstream.url}/v1' } }
models: { m: { targets: [{ provider: up, upstream_model: up }], max_output_tokens: 4000 } }
plans: { free: { signup_tranches_usd: [] } }
`);
});
afterAll(async () => {
  endProcesses();
  await upstream.close();
  rmSync(place.folder, { recursive: true, force: true });
});

async function control(path: string, body?: object): Promise<Record<string, unknown>> {
  const answer = await connectControl(place.dataDir)(body ? 'POST' : 'GET', `/control/v1/${path}`, body);
  if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
  return answer.body as Record<string, unknown>;
}

async function payer(amount: bigint): Promise<{ id: string; key: string }> {
  const { id } = await control('accounts', { name: 'payer' });
  const grant = { account_id: id, amount_nano: String(amount), kind: 'paid', reason: 'a test' };
  await control('credit/grants', grant);
  const { key } = await control('keys', { account_id: id, app: 'test' });
  return { id: String(id), key: String(key) };
}

async function balanceOf(id: string): Promise<unknown> {
  const { balance_nano: balance, held_nano: held } = await control(`ledger/accounts/${id}/balance`);
  return { balance, held };
}

async function eventOf(requestId: string): Promise<UsageEvent | null> {
  const { reader, database } = openReader(place.dataDir);
  try {
    return await readUsageEvent(reader, requestId);
  } finally {
    database.close();
  }
}

/** Streams until so many words of the answer have come, then kills the process; the request's id. */
async function killMidway(candor: CandorProcess, key: string, words: number): Promise<string> {
  const answer = await fetch(`${candor.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'hello' }] }),
  });
  const reader = answer.body?.getReader();
  const decoder = new TextDecoder();
  for (let seen = ''; !seen.includes(`word${words} `); ) seen += decoder.decode((await reader?.read())?.value);
  // The last note of progress is on its way to the disk.
  await Bun.sleep(200);
  candor.signal('SIGKILL');
  await candor.ended;
  return answer.headers.get('x-request-id') ?? '';
}

test('a stream whose process died is charged for what was noted, and nothing stays held', async () => {
  await control('prices', {
    prices: [{ kind: 'list', model: 'm', rates: { input_nano: `${INPUT}000000`, output_nano: `${OUTPUT}000000` } }],
  });
  const granted = 100_000_000n;
  const { id, key } = await payer(granted);
  upstream.answer(async (exchange) => {
    await exchange.startStream();
    await playFrames(exchange, openAiDialect.frames(textScript(LONG)).slice(0, 700));
    await exchange.pause(30_000);
  });
  const requestId = await killMidway(await startProcess(place), key, 690);
  expect(await auditDatabase(place.dataDir)).toMatchObject({ clean: true, checked: { openRequests: 1, openHolds: 1 } });

  const again = await startProcess(place);
  expect(again.recovered).toBe(1);
  const event = await eventOf(requestId);
  expect(event).toMatchObject({ outcome: 'recovered', usageSource: 'estimated', writtenOffNano: 0n });
  const output = BigInt(event?.outputTokens ?? 0);
  // About two tokens a word were seen, of which at most one chunk was not noted.
  expect(output > 600n && output < 2_500n).toBe(true);
  const price = BigInt(event?.inputTokens ?? 0) * INPUT + output * OUTPUT;
  expect(event?.priceNano).toBe(price);
  expect(await balanceOf(id)).toEqual({ balance: String(granted - price), held: '0' });
  expect(await auditDatabase(place.dataDir)).toMatchObject({ clean: true, checked: { openRequests: 0, openHolds: 0 } });
  again.signal('SIGTERM');
  await again.ended;
}, 30_000);

test('it is never charged more than was held for it', async () => {
  // Enough for the least a stream is let in with, and less than half a chunk more.
  const granted = 280n * OUTPUT;
  const { id, key } = await payer(granted);
  upstream.answer(async (exchange) => {
    await exchange.startStream();
    await playFrames(exchange, openAiDialect.frames(textScript(LONG)).slice(0, 90));
    await exchange.pause(30_000);
  });
  const candor = await startProcess(place);
  const answering = killMidway(candor, key, 80);
  const requestId = await answering;
  const again = await startProcess(place);
  const event = await eventOf(requestId);
  expect(event?.outcome).toBe('recovered');
  expect((event?.priceNano ?? 0n) > 0n && (event?.priceNano ?? 0n) <= granted).toBe(true);
  expect(await balanceOf(id)).toEqual({ balance: String(granted - (event?.priceNano ?? 0n)), held: '0' });
  expect(await auditDatabase(place.dataDir)).toMatchObject({ clean: true });
  again.signal('SIGTERM');
  await again.ended;
}, 30_000);
