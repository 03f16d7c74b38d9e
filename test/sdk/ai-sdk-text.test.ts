import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, isStepCount, type LanguageModel, streamText, tool } from 'ai';
import { describe, expect, test } from 'bun:test';
import { z } from 'zod';
import { DISCONNECTED, PIXEL, STEADY, STREAMED, useWorld } from './sdk-world.ts';

// It warns of every model whose name it does not know.
Reflect.set(globalThis, 'AI_SDK_LOG_WARNINGS', false);

const world = useWorld({ events: { client_class: 'ai-sdk' } });

interface Way {
  readonly name: string;
  readonly endpoint: string;
  model(id: string): LanguageModel;
}

/** The three wire formats as this SDK speaks them. */
const WAYS: readonly Way[] = [
  {
    name: 'openai.chat',
    endpoint: 'chat.completions',
    model: (id) => createOpenAI({ apiKey: world.key, baseURL: `${world.url}/v1` }).chat(id),
  },
  {
    name: 'openai responses',
    endpoint: 'responses',
    model: (id) => createOpenAI({ apiKey: world.key, baseURL: `${world.url}/v1` })(id),
  },
  {
    name: 'anthropic',
    endpoint: 'messages',
    model: (id) => createAnthropic({ apiKey: world.key, baseURL: `${world.url}/v1` })(id),
  },
];

describe.each(WAYS)('$name', ({ endpoint, model }) => {
  const booked = { endpoint };

  test('generateText answers, and reports the usage that is booked', async () => {
    const answer = await generateText({ model: model('demo'), instructions: 'Be brief.', prompt: 'Hello' });
    expect(answer.text).toContain('You sent 2 messages');
    expect(answer.finishReason).toBe('stop');
    const [event] = await world.booked(booked);
    expect(answer.usage.inputTokens).toBe(Number(event?.input_tokens));
    expect(answer.usage.outputTokens).toBe(Number(event?.output_tokens));
  });

  test('maxOutputTokens ends the answer with length', async () => {
    const answer = await generateText({ model: model('demo'), prompt: 'Say 60 words', maxOutputTokens: 8 });
    expect(answer.finishReason).toBe('length');
    await world.booked({ ...booked, output_tokens: 8 });
  });

  test('streamText streams text and ends with usage', async () => {
    const stream = streamText({ model: model('demo'), prompt: 'Say 9 words' });
    const pieces: string[] = [];
    for await (const piece of stream.textStream) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(3);
    expect(await stream.text).toBe(pieces.join(''));
    expect(await stream.finishReason).toBe('stop');
    expect((await stream.usage).outputTokens).toBe(9);
    await world.booked({ ...booked, ...STREAMED, output_tokens: 9 });
  });

  test('tools are run step by step until there is an answer', async () => {
    const cities: string[] = [];
    const answer = await generateText({
      model: model('demo'),
      prompt: 'Use get_weather',
      stopWhen: isStepCount(4),
      tools: { get_weather: weatherTool(cities) },
    });
    expect(answer.steps).toHaveLength(2);
    expect(cities).toHaveLength(1);
    expect(answer.text).toContain('The tool answered with');
    await world.booked(booked, booked);
  });

  test('streamed tools are run step by step too', async () => {
    const cities: string[] = [];
    const stream = streamText({
      model: model('demo'),
      prompt: 'Use get_weather',
      stopWhen: isStepCount(4),
      tools: { get_weather: weatherTool(cities) },
    });
    await stream.consumeStream();
    expect(await stream.text).toContain('The tool answered with');
    expect(cities).toHaveLength(1);
    await world.booked({ ...booked, ...STREAMED }, { ...booked, ...STREAMED });
  });

  test('a forced tool is called', async () => {
    const answer = await generateText({
      model: model('demo'),
      prompt: 'Hello',
      toolChoice: 'required',
      tools: { get_weather: tool({ description: 'Tells the weather.', inputSchema: z.object({ city: z.string() }) }) },
    });
    expect(answer.finishReason).toBe('tool-calls');
    expect(answer.toolCalls.map((call) => call.toolName)).toEqual(['get_weather']);
    await world.booked(booked);
  });

  test('an image in a message arrives', async () => {
    const answer = await generateText({
      model: model('demo'),
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'file', mediaType: 'image/png', data: Buffer.from(PIXEL, 'base64') },
          ],
        },
      ],
    });
    expect(answer.text).toContain('1 image');
    await world.booked(booked);
  });

  test('aborting a stream books what was written by then', async () => {
    const controller = new AbortController();
    const stream = streamText({
      model: model('steady'),
      prompt: 'Say 500 words',
      abortSignal: controller.signal,
      onError: () => undefined,
    });
    let seen = 0;
    for await (const piece of stream.textStream) if (piece !== '' && ++seen === 5) controller.abort();
    const [event] = await world.booked({ ...booked, ...DISCONNECTED, ...STEADY });
    expect(event?.output_tokens).toBeGreaterThanOrEqual(5);
  });
});

function weatherTool(cities: string[]) {
  return tool({
    description: 'Tells the weather.',
    inputSchema: z.object({ city: z.string() }),
    execute: ({ city }) => {
      cities.push(city);
      return 'Sunny';
    },
  });
}
