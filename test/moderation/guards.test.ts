/** A guard model behind a provider, asked on the way to an answer and while one comes, on every wire format. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { systemClock } from '../../src/base/clock.ts';
import { askProvider } from '../../src/moderation/guard/ask.ts';
import { createGuard } from '../../src/moderation/guard/guard.ts';
import { canonicalise } from '../../src/moderation/normalise/canonicalise.ts';
import { createReviewer } from '../../src/moderation/review/reviewer.ts';
import { createOpenAiProvider } from '../../src/providers/openai/provider.ts';
import { type ModeratedWorld, PATHS, startModerated } from '../world/moderated.ts';
import { NGRAM_ONLY, policy } from '../world/policies.ts';
import { type Behaviour, type FakeUpstream, startUpstream } from '../world/upstream.ts';
import { guardSays, guardSpeaks, HATEFUL } from '../world/upstream-guards.ts';
import { findingOf } from '../world/word-stages.ts';

let guards: FakeUpstream;
let moderated: ModeratedWorld;
let asked = 0;
beforeAll(async () => {
  guards = await startUpstream();
  const provider = createOpenAiProvider(
    {
      kind: 'openai',
      baseUrl: `${guards.url}/v1`,
      apiKey: null,
      headers: {},
      azure: null,
      streamUsage: true,
      legacyMaxTokens: false,
      safetyIdentifier: false,
    },
    { clock: systemClock },
  );
  const guard = createGuard(
    {
      name: 'second',
      format: 'llama-guard',
      provider: 'up',
      upstreamModel: 'llama',
      charsMax: 16_000,
      inFlightMax: 8,
      logprobs: true,
    },
    askProvider(provider, 'llama', (prefix) => `${prefix}_1`),
  );
  // The first stage doubts one word, and knows nothing of the one that is hateful.
  const ngram = {
    model: 'doubts-1',
    look: ({ text }: { text: string }) => findingOf(text, { marvelling: ['hate', 0.4] }),
  };
  const stages = { ngram, encoder: null, guards: new Map([['second', guard]]) };
  const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));
  moderated = await startModerated('', createReviewer({ stages, canonicalise, clock: systemClock, breathe }));
});
afterAll(async () => {
  await moderated.close();
  await guards.close();
});

const SECOND = { name: 'second', asked: 'second', timeout_ms: 300, when_down: 'refuse' } as const;
const ALWAYS = { ...SECOND, asked: 'always' } as const;
/** Hate goes to the second reader from 0.3 on, and is refused or cut from 0.8. */
const PROMPT_RULES = [
  { label: 'hate', at: 0.3, action: 'ask_second' },
  { label: 'hate', at: 0.8, action: 'refuse' },
] as const;

function judgeBy(side: 'prompt' | 'reply', guard: typeof SECOND | typeof ALWAYS): void {
  const stages = { ...NGRAM_ONLY, guard };
  moderated.judgeBy(
    side === 'prompt'
      ? policy({ prompt: { stages, rules: [...PROMPT_RULES] } })
      : policy({ reply: { stages, rules: [{ label: 'hate', at: 0.8, action: 'cut' }] } }),
  );
}

async function ask(path: (typeof PATHS)[number], content: string, stream: boolean) {
  const before = guards.requests.length;
  const answer = await moderated.ask(path, content, { stream });
  const text = await answer.text();
  const event = await moderated.lastEvent(++asked);
  return { status: answer.status, text, event, guarded: guards.requests.length - before };
}

const BROKEN: readonly (readonly [string, Behaviour])[] = [
  ['garbage', guardSays('as a language model, I find this safe')],
  ['broken off', guardSays('safe', 'length')],
  ['slow', () => undefined],
  ['failing', (exchange) => exchange.send(500, {}, {})],
  ['killed', (exchange) => exchange.reset()],
];

for (const path of PATHS) {
  for (const stream of [false, true]) {
    describe(`${path}, ${stream ? 'streamed' : 'whole'}`, () => {
      test('it is asked where a rule wants a second reader, and decides', async () => {
        guards.answer(guardSpeaks('llama-guard'));
        judgeBy('prompt', SECOND);
        expect(await ask(path, `what a lovely day ${path} ${stream}`, stream)).toMatchObject({
          guarded: 0,
          event: { verdict: 'passed' },
        });
        expect(await ask(path, 'a marvelling day', stream)).toMatchObject({
          guarded: 1,
          event: { outcome: 'completed', verdict: 'flagged' },
        });
        expect(await ask(path, `a marvelling ${HATEFUL}`, stream)).toMatchObject({
          status: 200,
          guarded: 1,
          event: { outcome: 'refused', verdict: 'refused', categories: 'hate' },
        });
      });

      test('it is asked about everything where the policy says so', async () => {
        guards.answer(guardSpeaks('llama-guard'));
        judgeBy('prompt', ALWAYS);
        const refused = await ask(path, `a quiet ${HATEFUL}`, stream);
        expect(refused).toMatchObject({ guarded: 1, event: { verdict: 'refused', categories: 'hate' } });
      });

      test.each(BROKEN)('one that is %s never reads as passed', async (how, behaviour) => {
        guards.answer(behaviour);
        judgeBy('prompt', ALWAYS);
        const { status, event, guarded } = await ask(path, `a lovely day ${path} ${stream} ${how}`, stream);
        expect([status, guarded]).toEqual([503, 1]);
        expect(event).toMatchObject({ reason: 'review_unavailable', verdict: 'unreviewed', attempts: 0 });
      });

      test.each(BROKEN)('a reply is not let through by one that is %s', async (_, behaviour) => {
        guards.answer(behaviour);
        judgeBy('reply', ALWAYS);
        moderated.says(['a long and lovely ', 'day, and then ', 'another one']);
        const { text, event } = await ask(path, 'tell me of the weather', stream);
        expect(text).not.toContain('lovely');
        expect(event.verdict).toBe('unreviewed');
      });
    });
  }
}
