/** kill -9 in the middle of long streams: what was produced is charged, short of one chunk at most. */
import { afterAll, expect, test } from 'bun:test';
import { estimateTokens } from '../../src/providers/index.ts';
import { type CandorProcess, endProcesses, startProcess } from '../world/process.ts';
import { recount } from './recount.ts';
import { outputOf } from './records.ts';
import { openSite } from './site.ts';

const STREAMS = 8;
/** Output is noted, and more is set aside for it, in pieces of this many tokens. */
const CHUNK_TOKENS = 256;
/** Of a thousand tokens a second. */
const KILLED_AFTER_MS = [300, 700, 1_300];

afterAll(endProcesses);

interface Seen {
  readonly id: string;
  text: string;
}

test('kill -9 in the middle of long streams: no more than one chunk of what was produced is given away', async () => {
  const site = await openSite();
  let chargedTokens = 0;
  let seenTokens = 0;
  try {
    for (const afterMs of KILLED_AFTER_MS) {
      const candor = await startProcess(site.place);
      const seen: Seen[] = [];
      const readers = Array.from({ length: STREAMS }, () => read(candor, site.account.key, seen));
      while (seen.length < STREAMS) await Bun.sleep(5);
      await Bun.sleep(afterMs);
      candor.signal('SIGKILL');
      await candor.ended;
      await Promise.all(readers);
      const again = await startProcess(site.place);
      for (const { id, text } of seen) {
        const charged = await outputOf(site.place.dataDir, id);
        expect(charged).toBeGreaterThanOrEqual(estimateTokens(text) - CHUNK_TOKENS);
        expect(charged).toBeLessThanOrEqual(estimateTokens(text) + 2 * CHUNK_TOKENS);
        chargedTokens += charged;
        seenTokens += estimateTokens(text);
      }
      expect(await recount(site.place.dataDir, site.account)).toMatchObject({ wrong: [], holdsOpen: 0 });
      again.signal('SIGTERM');
      expect(await again.ended).toBe(0);
    }
    const streams = STREAMS * KILLED_AFTER_MS.length;
    console.log(`kill -9 in streams: ${streams} streams, ${seenTokens} tokens seen, ${chargedTokens} charged`);
  } finally {
    endProcesses();
    await site.close();
  }
}, 120_000);

async function read({ url }: CandorProcess, key: string, seen: Seen[]): Promise<void> {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({
      model: 'brisk',
      stream: true,
      messages: [{ role: 'user', content: 'Say something in 9000 words' }],
    }),
  });
  const one: Seen = { id: answer.headers.get('x-request-id') ?? '', text: '' };
  seen.push(one);
  let frames = '';
  try {
    for await (const bytes of answer.body ?? []) frames += Buffer.from(bytes).toString();
  } catch {
    // The process was killed.
  }
  for (const [, content = '""'] of frames.matchAll(/"content":("(?:[^"\\]|\\.)*")/g)) one.text += JSON.parse(content);
}
