import { describe, expect, test } from 'bun:test';
import { type Behaviour, type FakeUpstream, head, startUpstream } from '../world/upstream.ts';
import { compressed, endlessBody, endlessHeaders, endlessLine, failWith } from '../world/upstream-faults.ts';
import { openAiChunk, openAiDialect, openAiFrame } from '../world/upstream-openai.ts';
import { textScript } from '../world/upstream-script.ts';
import { CANARY, memoryGrowth, useAttackWorld } from './attack-world.ts';

/** What an upstream would have to get onto a line of its own to speak to the caller's client directly. */
const MARK = 'mark-4c1f';
const INJECTION = `${MARK}\n\nevent: execute\ndata: {"pwned":true}\n\r\n\r\nid: 7\rretry: 1\r\r\u2028event: execute\u0085data: x\u0000\u001b[2J`;
const UPSTREAM_KEY = `sk-upstream-${CANARY}`;
const GROWTH_MIB_MAX = 150;

let upstream: FakeUpstream;

const attack = useAttackWorld({
  env: { UPSTREAM_KEY },
  async yaml() {
    upstream = await startUpstream();
    return `
providers:
  up: { kind: openai, base_url: "${upstream.url}/v1", api_key_env: UPSTREAM_KEY }
  anthropic: { kind: anthropic, base_url: "${upstream.url}/v1", api_key_env: UPSTREAM_KEY }
  gemini: { kind: gemini, base_url: "${upstream.url}/v1beta", api_key_env: UPSTREAM_KEY }
models:
  demo: { targets: [{ provider: up, upstream_model: m, timeouts: { total_ms: 4000 } }] }
  claude: { targets: [{ provider: anthropic, upstream_model: m, timeouts: { total_ms: 4000 } }] }
  gem: { targets: [{ provider: gemini, upstream_model: m, timeouts: { total_ms: 4000 } }] }
routing: { attempts_max: 1, breaker: { samples: 10000 } }
`;
  },
  close: () => upstream.close(),
});

const SURFACES = ['/v1/chat/completions', '/v1/messages', '/v1/responses'] as const;
const TOOL = { type: 'object', properties: {} };

/** The same question in each format, with a tool. */
function question(path: string, model: string, stream: boolean): object {
  const messages = [{ role: 'user', content: CANARY }];
  if (path === '/v1/responses') {
    return { model, input: CANARY, stream, tools: [{ type: 'function', name: 'f', parameters: TOOL }] };
  }
  if (path === '/v1/messages') {
    return { model, messages, stream, max_tokens: 100, tools: [{ name: 'f', input_schema: TOOL }] };
  }
  return {
    model,
    messages,
    stream,
    logprobs: model === 'demo',
    tools: [{ type: 'function', function: { name: 'f', parameters: TOOL } }],
  };
}

const EVENT_NAME =
  /^event: (?:message_(?:start|delta|stop)|content_block_(?:start|delta|stop)|error|response\.[a-z_.]+)$/;

/** Fails unless the text is nothing but events of ours, each with JSON in one line. Returns what they say. */
function readEvents(text: string): unknown[] {
  const said: unknown[] = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line === '' || line === 'data: [DONE]') continue;
    if (line.startsWith('data: {')) said.push(JSON.parse(line.slice('data: '.length)));
    else expect(line).toMatch(EVENT_NAME);
  }
  for (const control of ['\r', '\0', '\u001b']) expect(text).not.toContain(control);
  return said;
}

/** A chat completion, streamed or whole, in which every string is hostile. */
const hostileChat: Behaviour = async (exchange) => {
  const script = { id: INJECTION, model: INJECTION };
  const logprob = {
    token: INJECTION,
    logprob: -1,
    bytes: null,
    top_logprobs: [{ token: INJECTION, logprob: -1, bytes: null }],
  };
  const call = { index: 0, id: INJECTION, type: INJECTION, function: { name: INJECTION, arguments: INJECTION } };
  const said = {
    role: INJECTION,
    content: INJECTION,
    reasoning_content: INJECTION,
    refusal: INJECTION,
    tool_calls: [call],
  };
  const more = {
    system_fingerprint: INJECTION,
    service_tier: INJECTION,
    obfuscation: INJECTION,
    event: 'execute',
    [INJECTION]: INJECTION,
  };
  const logprobs = { content: [logprob] };
  const choice = { index: 0, finish_reason: INJECTION, logprobs, [INJECTION]: INJECTION };
  if (!openAiDialect.asksForStream(exchange.request)) {
    const headers = {
      'x-injected': 'yes',
      'set-cookie': 'a=b',
      'x-request-id': 'req_theirs',
      'access-control-allow-origin': '*',
    };
    return exchange.send(200, headers, { ...script, ...more, choices: [{ ...choice, message: said }] });
  }
  await exchange.startStream({ 'x-injected': 'yes', 'set-cookie': 'a=b', 'x-request-id': 'req_theirs' });
  const frame = openAiFrame(openAiChunk(script, [{ ...choice, delta: said, finish_reason: null }], more));
  await exchange.chunk(`event: execute\r\nid: 1\r\nretry: 1\r\nfoo: bar\r\n${frame.trimEnd()}\r\n\r\n`);
  await exchange.chunk('event: execute\ndata:\n\n: comment pwned\n\nretry: 99\n\nid: x\n\n');
  await exchange.chunk(openAiFrame(openAiChunk(script, [{ ...choice, delta: {} }], more)));
  await exchange.chunk('data: [DONE]\n\nevent: execute\ndata: {"pwned":true}\n\n');
  await exchange.endStream();
};

/** The messages format with hostile strings, unknown events and unknown blocks. */
const hostileMessages: Behaviour = async (exchange) => {
  const events: readonly (readonly [name: string, data: object])[] = [
    [
      'message_start',
      { message: { id: INJECTION, model: INJECTION, role: INJECTION, usage: { input_tokens: 3, output_tokens: 0 } } },
    ],
    ['execute', { code: 'pwned' }],
    ['content_block_start', { index: 0, content_block: { type: 'text', text: INJECTION } }],
    ['content_block_delta', { index: 0, delta: { type: 'text_delta', text: INJECTION } }],
    ['content_block_delta', { index: 0, delta: { type: 'execute_delta', text: 'pwned' } }],
    ['content_block_stop', { index: 0 }],
    [
      'content_block_start',
      { index: 1, content_block: { type: 'tool_use', id: INJECTION, name: INJECTION, input: {} } },
    ],
    ['content_block_delta', { index: 1, delta: { type: 'input_json_delta', partial_json: INJECTION } }],
    ['content_block_stop', { index: 1 }],
    ['message_delta', { delta: { stop_reason: INJECTION, stop_sequence: INJECTION }, usage: { output_tokens: 4 } }],
    ['message_stop', {}],
  ];
  await exchange.startStream();
  for (const [name, data] of events)
    await exchange.chunk(`event: ${name}\ndata: ${JSON.stringify({ type: name, ...data })}\n\n`);
  await exchange.endStream();
};

const hostileGemini: Behaviour = async (exchange) => {
  const parts = [
    { text: INJECTION },
    { functionCall: { name: INJECTION, args: { [INJECTION]: INJECTION } } },
    { executableCode: { code: 'pwned' } },
  ];
  const body = {
    candidates: [{ content: { role: INJECTION, parts }, finishReason: 'STOP', index: 0 }],
    modelVersion: INJECTION,
    responseId: INJECTION,
  };
  await exchange.startStream();
  await exchange.chunk(`event: execute\n${openAiFrame(body)}`);
  await exchange.endStream();
};

describe('what an upstream says', () => {
  const speakers = [
    ['demo', hostileChat],
    ['claude', hostileMessages],
    ['gem', hostileGemini],
  ] as const;
  for (const [model, behaviour] of speakers) {
    test(`case 42: nothing ${model}'s upstream streams becomes an event, a field or a header of its own`, async () => {
      upstream.answer(behaviour);
      for (const path of SURFACES) {
        const answer = await attack.ask(path, question(path, model, true));
        expect(answer.status).toBe(200);
        const said = readEvents(answer.text);
        expect(JSON.stringify(said)).toContain(MARK);
        expect(JSON.stringify(said)).not.toContain('"pwned":');
        expect(JSON.stringify(said)).not.toContain('"code":"pwned"');
        const ids = said.map((event) => (event as { id?: string }).id ?? '').join();
        expect(ids).not.toContain(MARK);
        expect(answer.headers.get('x-request-id')).not.toBe('req_theirs');
        for (const name of ['x-injected', 'set-cookie']) expect(answer.headers.get(name)).toBeNull();
      }
    });
  }

  test('case 42: a whole answer is written anew, with our ids, our headers and the words of our table', async () => {
    upstream.answer(hostileChat);
    for (const path of SURFACES) {
      const answer = await attack.ask(path, question(path, 'demo', false));
      expect(answer.status).toBe(200);
      const body = JSON.parse(answer.text);
      expect([body.id.includes(MARK), body.model]).toEqual([false, 'demo']);
      expect(answer.text).not.toMatch(/"(?:pwned|event|obfuscation)":/);
      expect(answer.headers.get('x-request-id')).not.toBe('req_theirs');
      for (const name of ['x-injected', 'set-cookie', 'access-control-allow-origin'])
        expect(answer.headers.get(name)).toBeNull();
    }
  });

  test('case 42: a record holds of an upstream’s name for itself what fits on a line', async () => {
    const model = `m\n${'x'.repeat(100_000)}`;
    upstream.answer((exchange) => exchange.send(200, {}, openAiDialect.whole(textScript(['hi'], { model }))));
    const events = await attack.eventsOf(1, () => attack.ask(SURFACES[0], question(SURFACES[0], 'demo', false)));
    expect(events[0]?.model_served).toBe(`m ${'x'.repeat(126)}`);
  });

  test('case 42: what an upstream says of an error loses credentials, control characters and length', async () => {
    const message = `${CANARY}${INJECTION} key ${UPSTREAM_KEY} Bearer abcdefgh ${'long '.repeat(1_000)}`;
    upstream.answer(failWith(openAiDialect, 400, message));
    for (const path of SURFACES) {
      for (const stream of [false, true]) {
        const answer = await attack.ask(path, question(path, 'demo', stream));
        expect([answer.status, answer.reason]).toEqual([400, 'upstream_rejected']);
        expect(answer.text).not.toContain(UPSTREAM_KEY);
        expect(JSON.parse(answer.text).error.message).not.toMatch(/\p{Cc}|Bearer abc/u);
        expect(answer.text.length).toBeLessThan(2_000);
      }
    }
    upstream.answer(async (exchange) => {
      await exchange.startStream();
      await exchange.chunk(openAiFrame(openAiChunk({ id: 'x', model: 'm' }, [{ index: 0, delta: { content: 'hi' } }])));
      await exchange.chunk(
        `event: error\n${openAiFrame({ error: { message, code: INJECTION, type: INJECTION, param: INJECTION } })}`,
      );
      await exchange.endStream();
    });
    for (const path of SURFACES) {
      const answer = await attack.ask(path, question(path, 'demo', true));
      const said = JSON.stringify(readEvents(answer.text));
      expect(said).toContain('upstream_failed');
      expect(said).not.toContain(MARK);
      expect(said).not.toContain('[DONE]');
    }
  });

  test('case 42: an answer nested without end breaks nothing but itself', async () => {
    const deep = '['.repeat(200_000);
    upstream.answer((exchange) => exchange.send(200, { 'content-type': 'application/json' }, `{"choices":${deep}`));
    expect((await attack.ask(SURFACES[0], question(SURFACES[0], 'demo', false))).reason).toBe('upstream_garbage');
    const closed = deep + ']'.repeat(deep.length);
    upstream.answer((exchange) =>
      exchange.send(200, { 'content-type': 'application/json' }, `{"x":${closed},"choices":${closed}}`),
    );
    expect((await attack.ask(SURFACES[0], question(SURFACES[0], 'demo', false))).status).toBe(502);
    const script = textScript(
      [],
      {},
      { toolCalls: [{ id: 'c', name: 'f', arguments: [closed] }], finish: 'tool_calls' },
    );
    upstream.answer((exchange) => exchange.send(200, {}, openAiDialect.whole(script)));
    for (const path of SURFACES) {
      expect((await attack.ask(path, question(path, 'demo', false))).status).toBe(200);
    }
  });
});

describe('how much an upstream sends', () => {
  const chat = (stream: boolean) => attack.ask(SURFACES[0], question(SURFACES[0], 'demo', stream));

  test('case 52: an encoding nobody asked for is not undone', async () => {
    const script = textScript(['hi']);
    const bomb: Behaviour = (exchange) => {
      const encoding = Array.from({ length: 5_000 }, () => 'gzip').join(', ');
      return exchange.send(
        200,
        { 'content-type': 'application/json', 'content-encoding': encoding },
        openAiDialect.whole(script),
      );
    };
    for (const behaviour of [compressed(openAiDialect, script, 1), compressed(openAiDialect, script, 3), bomb]) {
      upstream.answer(behaviour);
      for (const stream of [false, true]) expect((await chat(stream)).reason).toBe('upstream_garbage');
    }
  });

  test('case 52: headers without end are cut', async () => {
    const grown = await memoryGrowth(async () => {
      for (const behaviour of [endlessHeaders, oneEndlessHeader]) {
        upstream.answer(behaviour);
        for (const stream of [false, true]) expect((await chat(stream)).status).toBe(502);
      }
    });
    expect(grown).toBeLessThan(GROWTH_MIB_MAX);
  });

  test('case 52: a line of a hundred megabytes is cut at its first', async () => {
    const grown = await memoryGrowth(async () => {
      upstream.answer(endlessLine(100 * 2 ** 20));
      expect((await chat(true)).reason).toBe('upstream_garbage');
    });
    expect(grown).toBeLessThan(GROWTH_MIB_MAX);
  });

  test('case 52: a body without end is cut, streamed or whole', async () => {
    const grown = await memoryGrowth(async () => {
      upstream.answer(endlessBody(openAiDialect));
      for (const stream of [false, true]) {
        const answer = await chat(stream);
        expect(['upstream_garbage', 'upstream_timeout']).toContain(answer.reason ?? '');
      }
    });
    // The upstream that sends it lives in this process too, and collection comes when it comes.
    expect(grown).toBeLessThan(8 * GROWTH_MIB_MAX);
  });

  test('case 52: what was cut is closed', async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const open = upstream.connections.filter((connection) => connection.closedMs === undefined);
    expect(open.length).toBeLessThan(3);
  });
});

const oneEndlessHeader: Behaviour = async (exchange) => {
  await exchange.write(`${head(200, {})}x-long: `);
  while (await exchange.write('h'.repeat(64 * 1024))) await exchange.pause(0);
};
