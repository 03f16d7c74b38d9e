import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { GenerationRequest, Provider, TokenLogprob } from '../../src/providers/index.ts';
import { type FakeUpstream, startUpstream } from '../world/upstream.ts';
import { play, type ScriptToolCall, textScript, USAGE } from '../world/upstream-script.ts';
import { answerOf, API_KEY, attemptOf, eventsOf, rejection, requestOf, type WireSubject } from './provider-subject.ts';

const POEM = ['Blåbær ', '漢字と', ' 😀 über', ' naïve\n"quoted"'];

const TOOLS: NonNullable<GenerationRequest['tools']> = [
  {
    name: 'weather',
    description: 'Weather of a place',
    parameters: { type: 'object', properties: { city: { type: 'string' } } },
  },
  { name: 'now' },
];

const CALLS: readonly ScriptToolCall[] = [
  { id: 'call_a', name: 'weather', arguments: ['{"city":', '"München"}'] },
  { id: 'call_b', name: 'weather', arguments: ['{"city":"北京"}'] },
  { id: 'call_c', name: 'now', arguments: ['{}'] },
];

const LOGPROBS: readonly TokenLogprob[] = ['Hel', 'lo'].map((token) => ({
  token,
  logprob: -0.25,
  bytes: [...new TextEncoder().encode(token)],
  top_logprobs: [{ token: 'x', logprob: -2, bytes: [120] }],
}));

/** Right answers in the wire format, whole and streamed. */
export function describeAnswers(subject: WireSubject): void {
  const { dialect, upstreamModel } = subject;
  const attempt = attemptOf(upstreamModel);
  let upstream: FakeUpstream;
  let provider: Provider;

  beforeEach(async () => {
    upstream = await startUpstream();
    provider = subject.create(dialect.baseUrl(upstream.url));
  });
  afterEach(() => upstream.close());

  for (const stream of [false, true]) {
    describe(`${subject.name}: ${stream ? 'streamed' : 'whole'} answers`, () => {
      test('text, identity and usage', async () => {
        upstream.answer(play(dialect, textScript(POEM)));
        const answer = await answerOf(provider, requestOf('hi'), attempt, stream);
        expect(answer).toMatchObject({ upstreamId: 'up_1', upstreamModel: 'fake-model', usage: USAGE });
        expect(answer.choices).toEqual([{ index: 0, text: POEM.join(''), finish: 'stop' }]);
      });

      test('the key in a header of its own, never in the address, and no compression asked for', async () => {
        upstream.answer(play(dialect, textScript(['ok'])));
        await answerOf(provider, requestOf('hi'), attempt, stream);
        const [sent] = upstream.requests;
        expect(Object.values(sent?.headers ?? {}).filter((value) => value.includes(API_KEY))).toHaveLength(1);
        expect(sent?.path).not.toContain(API_KEY);
        expect(sent?.text).not.toContain(API_KEY);
        expect(sent?.headers['accept-encoding']).toBe('identity');
      });

      test('parallel tool calls, with arguments in pieces and without', async () => {
        upstream.answer(play(dialect, textScript(['Let me see. '], {}, { toolCalls: CALLS, finish: 'tool_calls' })));
        const answer = await answerOf(provider, requestOf('hi', { tools: TOOLS }), attempt, stream);
        expect(answer.choices[0]?.finish).toBe('tool_calls');
        const calls = answer.choices[0]?.toolCalls?.map((call) => ({
          ...call,
          arguments: JSON.parse(call.arguments) as unknown,
        }));
        expect(calls).toEqual([
          { id: 'call_a', name: 'weather', arguments: { city: 'München' } },
          { id: 'call_b', name: 'weather', arguments: { city: '北京' } },
          { id: 'call_c', name: 'now', arguments: {} },
        ]);
      });

      test('thinking apart from text', async () => {
        const reasoning = { texts: ['First ', 'this.'], signature: 'c2ln' };
        upstream.answer(play(dialect, textScript(['Done'], {}, { reasoning })));
        const answer = await answerOf(provider, requestOf('hi'), attempt, stream);
        expect(answer.choices[0]?.text).toBe('Done');
        expect(answer.choices[0]?.reasoning?.map((part) => part.text).join('')).toBe('First this.');
      });

      test('every reason to finish', async () => {
        for (const finish of ['stop', 'length', 'content_filter'] as const) {
          upstream.answer(play(dialect, textScript(['a'], {}, { finish })));
          const answer = await answerOf(provider, requestOf('hi'), attempt, stream);
          expect(answer.choices[0]?.finish).toBe(finish);
        }
      });

      test('usage that was not reported is unknown, not zero', async () => {
        upstream.answer(play(dialect, textScript(['a'], { usage: null })));
        const answer = await answerOf(provider, requestOf('hi'), attempt, stream);
        expect(answer.usage).toBeNull();
      });

      test('usage with thinking and cache', async () => {
        const cacheWriteTokens = dialect.kind === 'anthropic' ? 3 : 0;
        const reasoningTokens = dialect.kind === 'anthropic' ? 0 : 4;
        const usage = { ...USAGE, cacheWriteTokens, reasoningTokens };
        upstream.answer(play(dialect, textScript(['a'], { usage })));
        expect((await answerOf(provider, requestOf('hi'), attempt, stream)).usage).toEqual(usage);
      });

      test('several choices, where it is able', async () => {
        const choices = ['one', 'two', 'three'].map((text) => ({ texts: [text], finish: 'stop' as const }));
        upstream.answer(play(dialect, textScript([], { choices })));
        const request = requestOf('hi', { choiceCount: 3 });
        if (!provider.abilities.choices) {
          const fault = await rejection(answerOf(provider, request, attempt, stream));
          expect(fault).toMatchObject({ kind: 'rejected', param: 'n' });
          expect(upstream.requests).toHaveLength(0);
          return;
        }
        const answer = await answerOf(provider, request, attempt, stream);
        expect(answer.choices.map((choice) => choice.text)).toEqual(['one', 'two', 'three']);
      });

      test('log probabilities, where it is able', async () => {
        if (!provider.abilities.logprobs) return;
        upstream.answer(play(dialect, textScript(['Hel', 'lo'], {}, { logprobs: LOGPROBS })));
        const answer = await answerOf(provider, requestOf('hi', { logprobs: { alternatives: 1 } }), attempt, stream);
        expect(answer.choices[0]?.text).toBe('Hello');
        expect(answer.choices[0]?.logprobs).toEqual([...LOGPROBS]);
      });

      test('structured output and images reach the upstream', async () => {
        upstream.answer(play(dialect, textScript(['{"a":1}'])));
        const schema = {
          type: 'object',
          properties: { a: { type: 'number' } },
          required: ['a'],
          additionalProperties: false,
        };
        const source = { kind: 'base64', mediaType: 'image/png', data: 'aW1hZ2U=' } as const;
        const request = requestOf('hi', {
          messages: [
            {
              role: 'user',
              content: [
                { type: 'text', text: 'look' },
                { type: 'image', source },
              ],
            },
          ],
          responseFormat: { type: 'json_schema', name: 'answer', schema, strict: true },
        });
        expect((await answerOf(provider, request, attempt, stream)).choices[0]?.text).toBe('{"a":1}');
        expect(upstream.requests[0]?.text).toContain('"required":["a"]');
        expect(upstream.requests[0]?.text).toContain('aW1hZ2U=');
      });

      test('fields we do not know travel only where the target allows them', async () => {
        upstream.answer(play(dialect, textScript(['a'])));
        const request = requestOf('hi', { unknownFields: { api_base: 'http://evil', best_of: 3, model: 'other' } });
        await answerOf(provider, request, attempt, stream);
        await answerOf(provider, request, { ...attempt, passFields: new Set(['best_of']) }, stream);
        expect(upstream.requests[0]?.text).not.toMatch(/api_base|best_of|evil|other/);
        expect(upstream.requests[1]?.body).toMatchObject({ best_of: 3 });
        expect(upstream.requests[1]?.text).not.toMatch(/api_base|evil|other/);
      });
    });
  }

  describe(`${subject.name}: the wire`, () => {
    test('a stream cut anywhere, characters included, gives the same answer', async () => {
      for (const pieceBytes of [2, 5]) {
        upstream.answer(play(dialect, textScript(POEM), { pieceBytes }));
        const answer = await answerOf(provider, requestOf('hi'), attempt, true);
        expect(answer.choices[0]?.text).toBe(POEM.join(''));
      }
    });

    test('events come as they are sent, not at the end', async () => {
      const texts = ['first', 'second', 'third'];
      const seen: string[] = [];
      upstream.answer(async (exchange) => {
        await exchange.startStream();
        for (const frame of dialect.frames(textScript(texts))) {
          await exchange.chunk(frame);
          // The next piece is sent only once this one has been read: held back, it would never come.
          const text = texts.find((piece) => frame.includes(piece));
          while (text !== undefined && !seen.includes(text) && !exchange.closed) await exchange.pause(5);
        }
        await exchange.endStream();
      });
      for await (const batch of provider.stream(requestOf('hi', { stream: true }), attempt)) {
        for (const event of batch) if (event.type === 'text') seen.push(event.text);
      }
      expect(seen).toEqual(texts);
    });

    test('a connection is used again after a streamed and after a whole answer', async () => {
      upstream.answer(play(dialect, textScript(['a', 'b'])));
      for (const stream of [true, false, true, false]) {
        await answerOf(provider, requestOf('hi'), attempt, stream);
        await Bun.sleep(20);
      }
      expect(upstream.requests).toHaveLength(4);
      expect(upstream.connections).toHaveLength(1);
    });

    test('the upstream is read no faster than the reader reads', async () => {
      const piece = 'p'.repeat(32 * 1024);
      const script = textScript(Array.from({ length: 2000 }, () => piece));
      let sent = 0;
      upstream.answer(async (exchange) => {
        await exchange.startStream();
        for (const frame of dialect.frames(script)) {
          if (!(await exchange.chunk(frame))) return;
          sent += frame.length;
        }
      });
      const iterator = provider.stream(requestOf('hi', { stream: true }), attempt)[Symbol.asyncIterator]();
      await iterator.next();
      // The sockets' buffers fill first, slower on a busy machine; then nothing more may be taken.
      let before = -1;
      for (let look = 0; look < 20 && sent !== before; look++) {
        before = sent;
        await Bun.sleep(300);
      }
      expect(sent).toBe(before);
      expect(sent).toBeLessThan(48 * 1024 * 1024);
      await iterator.return?.();
    });

    test('embeddings, where it is able', async () => {
      const request = { model: 'alias', inputs: ['one', 'two'], unknownFields: {} };
      if (dialect.embeddings === undefined) {
        expect(await rejection(provider.embed(request, attempt))).toMatchObject({ kind: 'rejected' });
        return;
      }
      const vectors = [
        [0.5, -1.25, 3],
        [1, 2, 0.125],
      ];
      const body = dialect.embeddings(vectors, 9);
      upstream.answer((exchange) => exchange.send(200, {}, body));
      const answer = await provider.embed(request, attempt);
      expect(answer.vectors.map((vector) => [...vector])).toEqual(vectors);
      expect(answer.inputTokens).toBe(9);
      upstream.answer((exchange) => exchange.send(200, {}, dialect.embeddings?.(vectors.slice(1), 9) ?? {}));
      expect(await rejection(provider.embed(request, attempt))).toMatchObject({ kind: 'garbage' });
    });

    test('what the system said is sent, and nothing of the request is lost to an empty stream of events', async () => {
      upstream.answer(play(dialect, textScript([])));
      const system = { role: 'system', content: [{ type: 'text', text: 'Be brief (system).' }] } as const;
      const request = requestOf('hi', { stream: true, messages: [system, ...requestOf('hi').messages] });
      const events = await eventsOf(provider.stream(request, attempt));
      expect(events.map((event) => event.type)).toContain('finish');
      expect(upstream.requests[0]?.text).toContain('Be brief (system).');
    });
  });
}
