import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../base/json.ts';
import { createCollector } from '../collect.ts';
import type { Generation, GenerationEvent, GenerationRequest, Tool, UserPart } from '../generation.ts';
import { type Attempt, ProviderFault } from '../provider.ts';
import { createDemoProvider } from './provider.ts';

const provider = createDemoProvider({ kind: 'demo', tokensPerSecond: 0 });

function attempt(signal: AbortSignal = new AbortController().signal, totalMs = 60_000): Attempt {
  return {
    upstreamModel: 'demo-1',
    passFields: new Set(),
    timeouts: { connectMs: 1000, firstTokenMs: 1000, stallMs: 1000, totalMs },
    signal,
    requestId: 'req_1',
  };
}

function saying(text: string, more: Partial<GenerationRequest> = {}): GenerationRequest {
  const messages = [{ role: 'user' as const, content: [{ type: 'text' as const, text }] }];
  return { model: 'demo', stream: false, messages, choiceCount: 1, unknownFields: {}, ...more };
}

const weather: Tool = {
  name: 'get_weather',
  parameters: {
    type: 'object',
    properties: { place: { type: 'string' }, days: { type: 'integer', minimum: 1, maximum: 7 } },
    required: ['place'],
  },
};
const clock: Tool = {
  name: 'tell_time',
  parameters: { type: 'object', properties: { zone: { enum: ['UTC', 'CET'] } }, required: ['zone'] },
};

async function streamed(request: GenerationRequest, to: Attempt = attempt()): Promise<GenerationEvent[]> {
  const events: GenerationEvent[] = [];
  for await (const batch of provider.stream(request, to)) events.push(...batch);
  return events;
}

async function gather(batches: AsyncIterable<readonly GenerationEvent[]>): Promise<Generation> {
  const collector = createCollector();
  for await (const batch of batches) collector.add(batch);
  return collector.generation();
}

async function firstText(request: GenerationRequest): Promise<string> {
  const answer = await provider.complete(request, attempt());
  return answer.choices[0]?.text ?? '';
}

describe('what it says', () => {
  test('begins with what it is, in the language of the question', async () => {
    expect(await firstText(saying('Hello'))).toStartWith("This is Candor's demo provider; no model was asked.");
    expect(await firstText(saying('你好'))).toStartWith('这是 Candor 的演示提供商，没有调用任何模型。');
  });

  test('the same request gets the same answer, another request another one', async () => {
    const answers = await Promise.all(
      ['One?', 'One?', 'Two?'].map((text) => provider.complete(saying(text), attempt())),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.upstreamId).not.toBe(answers[2]?.upstreamId);
  });

  test('says how many images it got', async () => {
    const image: UserPart = { type: 'image', source: { kind: 'url', url: 'https://example.com/a.png' } };
    const content: UserPart[] = [{ type: 'text', text: 'Look' }, image, image];
    expect(await firstText(saying('', { messages: [{ role: 'user', content }] }))).toContain('2 images');
  });

  test('writes as many words as are asked for', async () => {
    const answer = await provider.complete(saying('Please write 200 words.'), attempt());
    expect(answer.usage?.outputTokens).toBe(200);
    const huge = await provider.complete(saying('Please write 99999 words.'), attempt());
    expect(huge.usage?.outputTokens).toBe(10_000);
  });
});

describe('stream and complete agree', () => {
  const requests: Record<string, GenerationRequest> = {
    text: saying('Hello'),
    chinese: saying('请介绍一下'),
    choices: saying('Hello', { choiceCount: 3 }),
    'a stop sequence': saying('Hello', { stop: ['nothing', 'no model'] }),
    'a limit': saying('Hello', { maxOutputTokens: 5 }),
    'a limit of one': saying('Hello', { maxOutputTokens: 1, choiceCount: 2 }),
    'a forced tool': saying('Hello', { tools: [weather], toolChoice: { type: 'required' } }),
    'a tool cut short': saying('Hello', { tools: [weather], toolChoice: { type: 'required' }, maxOutputTokens: 2 }),
    'parallel tools': saying('get_weather and tell time', { tools: [weather, clock], reasoning: { effort: 'low' } }),
    reasoning: saying('Hello', { reasoning: { effort: 'high' } }),
    'reasoning only': saying('Hello', { reasoning: { effort: 'high' }, maxOutputTokens: 3 }),
    logprobs: saying('Hello', { logprobs: { alternatives: 3 } }),
    JSON: saying('Hello', { responseFormat: { type: 'json_object' } }),
  };
  for (const [name, request] of Object.entries(requests)) {
    test(`on ${name}`, async () => {
      const whole = await provider.complete(request, attempt());
      const gathered = await gather(provider.stream(request, attempt()));
      expect(gathered.usage).toEqual(whole.usage);
      // A stream cut before its first text has none, where a whole answer has an empty one.
      const plain = (choices: typeof whole.choices) =>
        choices.map((choice) => ({ ...choice, text: choice.text || null }));
      expect(plain(gathered.choices)).toEqual(plain(whole.choices));
    });
  }

  test('one batch is one piece of each choice', async () => {
    const batches: (readonly GenerationEvent[])[] = [];
    for await (const batch of provider.stream(saying('Hello', { choiceCount: 2 }), attempt())) batches.push(batch);
    expect(batches[0]?.[0]?.type).toBe('start');
    expect(batches[1]?.map(({ type }) => type)).toEqual(['text', 'text']);
    expect(batches.at(-1)?.[0]?.type).toBe('usage');
  });
});

describe('limits of a request', () => {
  test('max tokens ends with length and is never passed', async () => {
    const answer = await provider.complete(saying('Hello', { maxOutputTokens: 4 }), attempt());
    expect(answer.choices[0]?.finish).toBe('length');
    expect(answer.usage?.outputTokens).toBe(4);
  });

  test('the earliest stop sequence ends the text before it', async () => {
    const [choice] = (await provider.complete(saying('Hello', { stop: ['model', 'demo'] }), attempt())).choices;
    expect(choice?.text).toBe("This is Candor's ");
    expect(choice?.finish).toBe('stop');
    expect(choice?.stopSequence).toBe('demo');
  });
});

describe('tools', () => {
  test('a tool that is named in the text is called with arguments of its schema', async () => {
    const [choice] = (
      await provider.complete(saying('What does Get Weather say?', { tools: [weather, clock] }), attempt())
    ).choices;
    expect(choice?.finish).toBe('tool_calls');
    expect(choice?.text).toBeNull();
    expect(choice?.toolCalls?.map(({ name }) => name)).toEqual(['get_weather']);
    expect(typeof (JSON.parse(choice?.toolCalls?.[0]?.arguments ?? '') as JsonObject)['place']).toBe('string');
  });

  test('calls several at once, or one when told to', async () => {
    const both = saying('get_weather, then tell_time', { tools: [weather, clock] });
    const ids = (await provider.complete(both, attempt())).choices[0]?.toolCalls?.map(({ id }) => id) ?? [];
    expect(new Set(ids).size).toBe(2);
    const one = await provider.complete({ ...both, parallelToolCalls: false }, attempt());
    expect(one.choices[0]?.toolCalls).toHaveLength(1);
  });

  test('obeys the tool choice', async () => {
    const names = async (more: Partial<GenerationRequest>): Promise<string[] | undefined> =>
      (
        await provider.complete(saying('get_weather?', { tools: [weather, clock], ...more }), attempt())
      ).choices[0]?.toolCalls?.map(({ name }) => name);
    expect(await names({ toolChoice: { type: 'none' } })).toBeUndefined();
    expect(await names({ toolChoice: { type: 'tool', name: 'tell_time' } })).toEqual(['tell_time']);
    expect(await names({ toolChoice: { type: 'required' } })).toEqual(['get_weather']);
  });

  test('answers with text after a tool result, and says its size', async () => {
    const request = saying('', {
      tools: [weather],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'get_weather please' }] },
        { role: 'assistant', content: [], toolCalls: [{ id: 'c1', name: 'get_weather', arguments: '{}' }] },
        { role: 'tool', toolCallId: 'c1', content: [{ type: 'text', text: 'x'.repeat(321) }] },
      ],
    });
    expect(await firstText(request)).toContain('The tool answered with 321 characters.');
  });
});

describe('formats and extras', () => {
  test('structured output follows its schema', async () => {
    const schema: JsonObject = {
      type: 'object',
      properties: { mood: { enum: ['calm'] }, n: { type: 'integer' } },
      required: ['mood', 'n'],
    };
    const text = await firstText(saying('Hello', { responseFormat: { type: 'json_schema', name: 'x', schema } }));
    expect(JSON.parse(text)).toEqual({ mood: 'calm', n: expect.any(Number) });
    expect(JSON.parse(await firstText(saying('Hi', { responseFormat: { type: 'json_object' } })))).toHaveProperty(
      'demo',
      true,
    );
  });

  test('thinks only when asked to, and counts it', async () => {
    expect(
      (await provider.complete(saying('Hi', { reasoning: { effort: 'none' } }), attempt())).choices[0]?.reasoning,
    ).toBeUndefined();
    const thought = await provider.complete(saying('Hi', { reasoning: { effort: 'medium' } }), attempt());
    expect(thought.choices[0]?.reasoning?.[0]?.text.length).toBeGreaterThan(20);
    expect(thought.usage?.reasoningTokens).toBeGreaterThan(5);
    expect(thought.usage?.outputTokens).toBeGreaterThan(thought.usage?.reasoningTokens ?? Number.POSITIVE_INFINITY);
  });

  test('log probabilities cover every token, the chosen one first', async () => {
    const [choice] = (await provider.complete(saying('Hi', { logprobs: { alternatives: 20 } }), attempt())).choices;
    expect(choice?.logprobs?.map(({ token }) => token).join('')).toBe(choice?.text ?? '');
    for (const { token, logprob, top_logprobs } of choice?.logprobs ?? []) {
      expect(top_logprobs).toHaveLength(20);
      expect(top_logprobs[0]).toMatchObject({ token, logprob });
      expect(logprob).toBeLessThanOrEqual(0);
    }
  });
});

describe('time', () => {
  test('keeps the rate it is set to', async () => {
    const paced = createDemoProvider({ kind: 'demo', tokensPerSecond: 200 });
    const started = performance.now();
    await gather(paced.stream(saying('write 40 words'), attempt()));
    const tookMs = performance.now() - started;
    expect(tookMs).toBeGreaterThan(190);
    expect(tookMs).toBeLessThan(400);
  });

  test('an abort ends a slow answer within 50 ms, with the reason given', async () => {
    const slow = createDemoProvider({ kind: 'demo', tokensPerSecond: 0.1 });
    for (const run of [
      (to: Attempt): Promise<unknown> => slow.complete(saying('Hi'), to),
      (to: Attempt): Promise<unknown> => gather(slow.stream(saying('Hi'), to)),
    ]) {
      const cancel = new AbortController();
      const reason = new Error('gone');
      const running = run(attempt(cancel.signal)).catch((error: unknown) => error);
      await Bun.sleep(20);
      const aborted = performance.now();
      cancel.abort(reason);
      expect(await running).toBe(reason);
      expect(performance.now() - aborted).toBeLessThan(50);
    }
  });

  test('an answer that cannot end in time is a total time-out', async () => {
    const slow = createDemoProvider({ kind: 'demo', tokensPerSecond: 1 });
    const fault = await slow.complete(saying('Hi'), attempt(undefined, 30)).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(ProviderFault);
    expect((fault as ProviderFault).kind).toBe('total_timeout');
  });

  test('an aborted signal is refused before any work', async () => {
    const signal = AbortSignal.abort(new Error('early'));
    await expect(provider.complete(saying('Hi'), attempt(signal))).rejects.toThrow('early');
    await expect(streamed(saying('Hi'), attempt(signal))).rejects.toThrow('early');
  });

  test('a whole short answer costs less than 20 microseconds', async () => {
    const request = saying('Hello there');
    const to = attempt();
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 20; round++) {
      const started = performance.now();
      for (let turn = 0; turn < 1000; turn++) await provider.complete(request, to);
      best = Math.min(best, performance.now() - started);
    }
    expect(best).toBeLessThan(20);
  });
});

describe('embeddings', () => {
  const embed = async (inputs: (string | number[])[], dimensions?: number): Promise<readonly Float32Array[]> =>
    (
      await provider.embed(
        { model: 'demo', inputs, unknownFields: {}, ...(dimensions !== undefined && { dimensions }) },
        attempt(),
      )
    ).vectors;
  const dot = (a?: Float32Array, b?: Float32Array): number =>
    Array.from(a ?? []).reduce((sum, x, at) => sum + x * (b?.[at] ?? 0), 0);

  test('are unit vectors of the asked size, always the same', async () => {
    const [a, b, empty, tokens] = await embed(['Hello', 'Hello', '', [1, 2, 3]]);
    expect(a).toHaveLength(256);
    expect(a).toEqual(b as Float32Array);
    for (const vector of [a, empty, tokens]) expect(dot(vector, vector)).toBeCloseTo(1, 4);
    expect((await embed(['Hello'], 64))[0]).toHaveLength(64);
  });

  test('put similar texts closer together than unrelated ones', async () => {
    const [cat, cats, tax] = await embed([
      'the cat sat on the mat',
      'a cat sits on my mat',
      'quarterly tax returns are due',
    ]);
    expect(dot(cat, cats)).toBeGreaterThan(dot(cat, tax) + 0.2);
  });

  test('refuse a size out of range', async () => {
    await expect(embed(['x'], 100_000)).rejects.toMatchObject({ kind: 'rejected', param: 'dimensions' });
  });
});
