import Anthropic from '@anthropic-ai/sdk';
import { afterAll, describe, expect, test } from 'bun:test';
import OpenAI from 'openai';
import { anthropicDialect } from '../world/upstream-anthropic.ts';
import { geminiDialect } from '../world/upstream-gemini.ts';
import { openAiDialect } from '../world/upstream-openai.ts';
import { errorInBand } from '../world/upstream-faults.ts';
import { type Dialect, play, textScript } from '../world/upstream-script.ts';
import { type FakeUpstream, startUpstream } from '../world/upstream.ts';
import { drain, servedBy, STREAMED, useWorld } from './sdk-world.ts';

const DIALECTS: readonly Dialect[] = [openAiDialect, anthropicDialect, geminiDialect];
const upstreams = new Map<string, FakeUpstream>();

const world = useWorld({
  async yaml() {
    for (const dialect of DIALECTS) upstreams.set(dialect.kind, await startUpstream());
    const providers = DIALECTS.map(
      ({ kind, baseUrl }) => `  ${kind}: { kind: ${kind}, base_url: '${baseUrl(upstreamOf(kind).url)}' }`,
    );
    const models = DIALECTS.map(
      ({ kind }) => `  by-${kind}: { targets: [{ provider: ${kind}, upstream_model: fake-model }] }`,
    );
    return ['providers:', ...providers, 'models:', ...models].join('\n');
  },
  events: { client_class: 'openai-node' },
});
afterAll(() => Promise.all([...upstreams.values()].map((one) => one.close())));

function upstreamOf(kind: string): FakeUpstream {
  const found = upstreams.get(kind);
  if (found === undefined) throw new Error(`no upstream ${kind}`);
  return found;
}

const TEXT = textScript(['One ', 'two ', 'three.']);
const CALL = textScript(
  [],
  {},
  { finish: 'tool_calls', toolCalls: [{ id: 'call_1', name: 'get_weather', arguments: ['{"city":', '"Paris"}'] }] },
);
const parameters = { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] };
const messages = [{ role: 'user' as const, content: 'Hello' }];

describe.each(DIALECTS.map((dialect) => ({ kind: dialect.kind, dialect })))(
  'an upstream that speaks $kind',
  ({ kind, dialect }) => {
    const model = `by-${kind}`;
    const served = servedBy(model, kind, 'fake-model');
    const openai = () => new OpenAI({ apiKey: world.key, baseURL: `${world.url}/v1` });
    const anthropic = () => new Anthropic({ apiKey: world.key, baseURL: world.url });
    const anthropicEvent = { ...served, endpoint: 'messages', client_class: 'anthropic-node' };

    test('answers chat completions, whole and streamed, with the same usage', async () => {
      upstreamOf(kind).answer(play(dialect, TEXT));
      const whole = await openai().chat.completions.create({ model, messages });
      const streamed = await openai()
        .chat.completions.stream({ model, messages, stream_options: { include_usage: true } })
        .finalChatCompletion();
      expect(whole.choices[0]?.message.content).toBe('One two three.');
      expect(streamed.choices[0]?.message.content).toBe('One two three.');
      expect(streamed.usage).toEqual(whole.usage as OpenAI.CompletionUsage);
      const event = { ...served, endpoint: 'chat.completions', input_tokens: 21, output_tokens: 13 };
      await world.booked(event, { ...event, ...STREAMED });
    });

    test('calls tools through the responses format', async () => {
      upstreamOf(kind).answer(play(dialect, CALL));
      const response = await openai()
        .responses.stream({
          model,
          input: 'Hello',
          tools: [{ type: 'function', name: 'get_weather', parameters, strict: false }],
        })
        .finalResponse();
      const call = response.output.find((item) => item.type === 'function_call');
      expect(call?.name).toBe('get_weather');
      expect(JSON.parse(call?.arguments ?? '')).toEqual({ city: 'Paris' });
      await world.booked({ ...served, endpoint: 'responses', ...STREAMED });
    });

    test("answers Anthropic's client in text and calls", async () => {
      const body = { model, max_tokens: 100, messages };
      upstreamOf(kind).answer(play(dialect, TEXT));
      const text = await anthropic().messages.stream(body).finalText();
      upstreamOf(kind).answer(play(dialect, CALL));
      const called = await anthropic().messages.create({
        ...body,
        tools: [{ name: 'get_weather', input_schema: parameters }],
      });
      expect(text).toBe('One two three.');
      expect(called.content).toMatchObject([{ type: 'tool_use', name: 'get_weather', input: { city: 'Paris' } }]);
      expect(called.stop_reason).toBe('tool_use');
      await world.booked({ ...anthropicEvent, ...STREAMED }, anthropicEvent);
    });

    test('and fails inside its stream is an error to every client', async () => {
      upstreamOf(kind).answer(errorInBand(dialect, TEXT));
      const chat = await drain(await openai().chat.completions.create({ model, messages, stream: true }));
      const body = { model, max_tokens: 100, messages };
      const message = await drain(await anthropic().messages.create({ ...body, stream: true }));
      expect(chat.error).toMatchObject({ code: 'upstream_failed' });
      expect(message.error).toMatchObject({ error: { error: { reason: 'upstream_failed' } } });
      const failed = { outcome: 'failed', reason: 'upstream_failed', usage_source: 'estimated', ...STREAMED };
      await world.booked({ ...served, endpoint: 'chat.completions', ...failed }, { ...anthropicEvent, ...failed });
    });
  },
);
