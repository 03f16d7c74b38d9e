import { describe, expect, test } from 'bun:test';
import { type Behaviour, type FakeUpstream, startUpstream } from '../world/upstream.ts';
import { openAiChunk, openAiFrame } from '../world/upstream-openai.ts';
import { CANARY, useAttackWorld } from './attack-world.ts';

/** Credentials in no known shape: they are found only because they are the ones that were configured. */
const UPSTREAM_KEY = `plain-words-${CANARY}-as-a-credential`;
const TEAM_SECRET = `team-${CANARY}-0123456789`;
const MODELS = ['openai', 'anthropic', 'gemini'] as const;
const CHAT = '/v1/chat/completions';

let upstream: FakeUpstream;

const attack = useAttackWorld({
  env: { UPSTREAM_KEY, TEAM_SECRET },
  async yaml() {
    upstream = await startUpstream();
    const keys = 'api_key_env: UPSTREAM_KEY, headers_env: { x-team: TEAM_SECRET }';
    return `
providers:
  openai: { kind: openai, base_url: "${upstream.url}/v1", ${keys} }
  anthropic: { kind: anthropic, base_url: "${upstream.url}/v1", ${keys} }
  gemini: { kind: gemini, base_url: "${upstream.url}/v1beta", ${keys} }
models:
${MODELS.map((model) => `  ${model}: { targets: [{ provider: ${model}, upstream_model: m }] }`).join('\n')}
limits: { key: { tokens_per_minute: 100000 } }
routing: { attempts_max: 1, breaker: { samples: 10000 } }
`;
  },
  close: () => upstream.close(),
});

function chat(model: string, stream = false): object {
  return { model, stream, messages: [{ role: 'user', content: 'hi' }] };
}

function whole(body: object, status = 200): Behaviour {
  return (exchange) => exchange.send(status, { 'content-type': 'application/json' }, body);
}

describe('an upstream that repeats the credentials it was sent', () => {
  const said = `${'x'.repeat(440)} ${UPSTREAM_KEY} ${TEAM_SECRET}`;
  const error = { message: said, param: `${UPSTREAM_KEY}\r\n${TEAM_SECRET}`, code: 400, status: 'INVALID_ARGUMENT' };
  const ways: Readonly<Record<string, Behaviour>> = {
    'with a status': whole({ error }, 400),
    'in a good status': whole({ error }),
    'in the first event of a stream': async (exchange) => {
      await exchange.startStream();
      await exchange.chunk(openAiFrame({ error }));
      await exchange.endStream();
    },
  };
  for (const [way, behaviour] of Object.entries(ways)) {
    for (const model of MODELS) {
      test(`${way}, for ${model}`, async () => {
        upstream.answer(behaviour);
        for (const stream of [false, true]) {
          const answer = await attack.ask(CHAT, chat(model, stream));
          expect(answer.status).toBeGreaterThanOrEqual(400);
          expect(answer.text).not.toContain(CANARY);
          expect(answer.text).not.toContain('plain-words');
        }
      });
    }
  }
});

describe('an upstream that miscounts', () => {
  const message = { role: 'assistant', content: 'four words were said' };
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  const wrong = {
    'more tokens than there are': { prompt_tokens: Number.MAX_SAFE_INTEGER, completion_tokens: 5 },
    'a bill for a year': { prompt_tokens: 5, completion_tokens: 1e12 },
    'nothing at all': { prompt_tokens: 0, completion_tokens: 0 },
  };
  for (const [what, usage] of Object.entries(wrong)) {
    test(`${what} is not what is recorded, and charged to nobody`, async () => {
      const key = await attack.createKey();
      const headers = { authorization: `Bearer ${key.text}` };
      for (const stream of [false, true]) {
        upstream.answer(async (exchange) => {
          if (!stream) return exchange.send(200, {}, { choices, usage });
          await exchange.startStream();
          await exchange.chunk(openAiFrame(openAiChunk({ id: 'x', model: 'm' }, [{ index: 0, delta: message }])));
          await exchange.chunk(openAiFrame({ choices: [], usage }));
          await exchange.chunk('data: [DONE]\n\n');
          await exchange.endStream();
        });
        const events = await attack.eventsOf(1, () => attack.ask(CHAT, chat('openai', stream), headers));
        expect(events[0]).toMatchObject({ outcome: 'completed', usage_source: 'estimated' });
        for (const tokens of [events[0]?.input_tokens, events[0]?.output_tokens]) {
          expect(Number(tokens)).toBeGreaterThan(0);
          expect(Number(tokens)).toBeLessThan(100);
        }
      }
      upstream.answer(whole({ choices, usage }));
      expect((await attack.ask(CHAT, chat('openai'), headers)).status).toBe(200);
    });
  }
});

test('a stored answer with a call that no caller may send is not continued, and says so', async () => {
  const call = { id: 'c1', type: 'function', function: { name: 'n'.repeat(200), arguments: '{}' } };
  upstream.answer(
    whole({ choices: [{ message: { content: null, tool_calls: [call] }, finish_reason: 'tool_calls' }] }),
  );
  const first = await attack.ask('/v1/responses', { model: 'openai', input: 'hi' });
  expect(first.status).toBe(200);
  const next = { model: 'openai', input: 'go on', previous_response_id: JSON.parse(first.text).id };
  const continued = await attack.ask('/v1/responses', next);
  expect([continued.status, continued.reason]).toEqual([400, 'invalid_field']);
  expect(JSON.parse(continued.text).error.param).toBe('previous_response_id');
});
