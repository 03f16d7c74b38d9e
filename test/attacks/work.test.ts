import { describe, expect, test } from 'bun:test';
import { type Behaviour, type FakeUpstream, startUpstream } from '../world/upstream.ts';
import { openAiChunk, openAiDialect, openAiFrame } from '../world/upstream-openai.ts';
import { play, textScript } from '../world/upstream-script.ts';
import { CANARY, expectHoldBelow, idle, useAttackWorld } from './attack-world.ts';

/** A request may hold the event loop for this long: others wait no longer for their next frame. */
const HOLD_MS_MAX = 50;
/** Reading megabytes takes what the parser takes; this is for a body of two. */
const LARGE_HOLD_MS_MAX = 150;
const CONCURRENCY = 5;

let upstream: FakeUpstream;

const attack = useAttackWorld({
  async yaml() {
    upstream = await startUpstream({ behaviour: play(openAiDialect, textScript(['hi'])) });
    return `
providers:
  up: { kind: openai, base_url: "${upstream.url}/v1" }
  quick: { kind: demo, tokens_per_second: 1000000 }
models:
  up: { targets: [{ provider: up, upstream_model: gpt-4o }] }
  template: { targets: [{ provider: up, upstream_model: m, pass_fields: [chat_template_kwargs] }] }
  demo: { targets: [{ provider: quick, upstream_model: demo }], max_output_tokens: 2000 }
limits: { key: { requests_per_minute: null, tokens_per_minute: null } }
`;
  },
  close: () => upstream.close(),
});

const CHAT = '/v1/chat/completions';
const messages = [{ role: 'user', content: `hello ${CANARY}` }];

function tool(parameters: unknown): object {
  return { type: 'function', function: { name: 'f', parameters } };
}

describe('what a request makes others do', () => {
  test('case 49: fields nobody knows reach only an upstream that may have them', async () => {
    const more = {
      chat_template_kwargs: { chat_template: "{{ cycler.__init__.__globals__.os.popen('id') }}" },
      chat_template: '{{ 7*7 }}',
      guided_regex: '(a+)+$',
      guided_json: {},
      extra_body: {},
      documents: [],
      add_generation_prompt: false,
      prompt_logprobs: 1e6,
    };
    for (const model of ['up', 'template']) {
      const before = upstream.requests.length;
      expect((await attack.ask(CHAT, { model, messages, ...more })).status).toBe(200);
      const { body } = await upstream.requestAfter(before);
      const known = ['messages', 'model'];
      if (model === 'template') known.push('chat_template_kwargs');
      expect(Object.keys(body ?? {}).toSorted()).toEqual(known.toSorted());
    }
  });

  test('case 49: tools with patterns and types that hurt are read by nobody here', async () => {
    const wide = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, at) => [`p${at}`, { type: 'string', pattern: '(a+)+$' }]),
    );
    const schemas: unknown[] = [
      { type: 'object', properties: { x: { type: 'string', pattern: '(a+)+$', default: 'a'.repeat(5_000) } } },
      { type: 'object', properties: { x: { pattern: '(?P<n>[' } } },
      { type: 'something odd', properties: 7 },
      { type: 'object', properties: wide, required: Object.keys(wide) },
      { $ref: '#' },
      { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } },
      { allOf: Array.from({ length: 300 }, () => ({ $ref: '#' })) },
      { anyOf: Array.from({ length: 300 }, () => ({ allOf: [{ $ref: '#' }, { $ref: '#' }] })) },
      {
        type: 'array',
        minItems: 1e9,
        items: { type: 'array', minItems: 1e9, items: { type: 'string', minLength: 1e9 } },
      },
      { type: 'array', uniqueItems: true, minItems: 1e9, items: { const: 1 } },
      { type: 'array', minItems: 256, items: { type: 'array', minItems: 256, items: { const: 'c'.repeat(500_000) } } },
      { type: 'object', required: ['k'.repeat(500_000)], additionalProperties: { $ref: '#' } },
      {
        type: 'object',
        required: Array.from({ length: 20_000 }, (_, at) => `k${at}`),
        additionalProperties: { $ref: '#' },
      },
      { type: 'object', minProperties: 1e9, additionalProperties: { $ref: '#' } },
      {
        type: 'object',
        properties: { x: { $ref: '#' }, y: { $ref: '#' }, z: { $ref: '#' } },
        required: ['x', 'y', 'z'],
      },
      { type: 'number', minimum: 1e308, maximum: -1e308, multipleOf: 5e-324 },
    ];
    for (const schema of schemas) {
      const work = async () => {
        for (const model of ['up', 'demo']) {
          const called = await attack.ask(CHAT, { model, messages, tools: [tool(schema)], tool_choice: 'required' });
          expect([200, 400]).toContain(called.status);
        }
        const format = { type: 'json_schema', json_schema: { name: 's', schema } };
        expect([200, 400]).toContain(
          (await attack.ask(CHAT, { model: 'demo', messages, response_format: format })).status,
        );
      };
      await expectHoldBelow(HOLD_MS_MAX, work, JSON.stringify(schema).slice(0, 60));
    }
    for (const wrong of ['x', 7, [], true]) {
      expect((await attack.ask(CHAT, { model: 'up', messages, tools: [tool(wrong)] })).reason).toBe('invalid_field');
    }
  });

  const large = {
    spaces: ' '.repeat(2_000_000),
    emoji: '🏳️‍🌈'.repeat(330_000),
    'one long word': 'a'.repeat(2_000_000),
    digits: '7'.repeat(2_000_000),
    newlines: '\n'.repeat(1_000_000),
    quotes: '"'.repeat(1_000_000),
    ideographs: '字'.repeat(1_000_000),
  };
  for (const [name, text] of Object.entries(large)) {
    test(`case 50: two megabytes of ${name} in a prompt hold nobody up while they are estimated`, async () => {
      const body = JSON.stringify({ model: 'up', messages: [{ role: 'system', content: text }, ...messages] });
      await expectHoldBelow(LARGE_HOLD_MS_MAX, async () => {
        const answer = await attack.ask(CHAT, body);
        expect([200, 429]).toContain(answer.status);
      });
    });

    test(`case 50: two megabytes of ${name} in an answer hold nobody up while they are counted`, async () => {
      const pieces = Array.from({ length: 10 }, () => text.slice(0, text.length / 10));
      upstream.answer(play(openAiDialect, textScript(pieces, { usage: null })));
      const events = await attack.eventsOf(1, async () => {
        await expectHoldBelow(LARGE_HOLD_MS_MAX, () => attack.ask(CHAT, { model: 'up', messages, stream: true }));
      });
      expect(events[0]).toMatchObject({ outcome: 'completed', usage_source: 'estimated' });
      expect(Number(events[0]?.output_tokens)).toBeGreaterThan(100);
      upstream.answer(play(openAiDialect, textScript(['hi'])));
    });
  }

  test('case 50: a text short enough to be counted, and hostile to the counter, does not hold the loop either', async () => {
    upstream.answer(play(openAiDialect, textScript(['ab'.repeat(150_000)], { usage: null })));
    await expectHoldBelow(LARGE_HOLD_MS_MAX, async () => {
      const asked = Array.from({ length: 4 }, () => attack.ask(CHAT, { model: 'up', messages }));
      for (const answer of await Promise.all(asked)) expect(answer.status).toBe(200);
    });
    upstream.answer(play(openAiDialect, textScript(['hi'])));
  });
});

describe('how much is put together', () => {
  test('answers of the older function role are found without a search through every call', async () => {
    const calls = Array.from({ length: 512 }, (_, at) => ({ id: `c${at}`, type: 'function', function: { name: 'f' } }));
    const asked = { role: 'assistant', content: null, tool_calls: calls };
    const first = { ...asked, tool_calls: [{ id: 'first', type: 'function', function: { name: 'rare' } }] };
    const results = Array.from({ length: 4_000 }, () => ({ role: 'function', name: 'rare', content: 'x' }));
    const body = { model: 'up', messages: [first, ...Array.from({ length: 40 }, () => asked), ...results] };
    const before = upstream.requests.length;
    await expectHoldBelow(2 * LARGE_HOLD_MS_MAX, async () => {
      expect((await attack.ask(CHAT, JSON.stringify(body))).status).toBe(200);
    });
    const sent = (await upstream.requestAfter(before)).body?.messages as { tool_call_id?: string }[];
    expect(sent.at(-1)?.tool_call_id).toBe('first');
  });

  test('bodies of nothing but keys or empty lists are refused before they are parsed', async () => {
    const keys = Array.from({ length: 600_000 }, (_, at) => `"k${at}":0`).join();
    for (const body of [`{"model":"demo",${keys}}`, `{"model":"demo","x":[${'[],'.repeat(2_000_000)}0]}`]) {
      await expectHoldBelow(2 * LARGE_HOLD_MS_MAX, async () => {
        expect((await attack.ask(CHAT, body)).reason).toBe('body_not_json');
      });
    }
  });
});

describe('how much is asked', () => {
  const endless: Behaviour = async (exchange) => {
    await exchange.startStream();
    const frame = openAiFrame(openAiChunk({ id: 'x', model: 'm' }, [{ index: 0, delta: { content: 'word ' } }]));
    while (await exchange.chunk(frame)) await exchange.pause(5);
  };

  test('case 58: streams beyond the concurrency are refused, and a place is free only when its upstream is closed', async () => {
    upstream.answer(endless);
    const { text } = await attack.createKey({ limits: { concurrency: CONCURRENCY } });
    const key = { authorization: `Bearer ${text}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ model: 'up', messages, stream: true });
    const opened = upstream.connections.length;
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => fetch(attack.world.url + CHAT, { method: 'POST', headers: key, body })),
    );
    const streams = answers.filter((answer) => answer.status === 200);
    const refused = answers.filter((answer) => answer.status === 429);
    expect([streams.length, refused.length]).toEqual([CONCURRENCY, 40 - CONCURRENCY]);
    for (const answer of refused) expect(JSON.parse(await answer.text()).error.reason).toBe('concurrency');
    expect(attack.world.app.gateway.liveCount()).toBe(CONCURRENCY);
    expect((await attack.ask(CHAT, body, key)).reason).toBe('concurrency');
    for (const stream of streams) await stream.body?.cancel();
    await idle(attack.world);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const open = upstream.connections.slice(opened).filter((connection) => connection.closedMs === undefined);
    expect(open.length).toBe(0);
  });

  test('case 58: whoever abandons each stream after its first token is charged for each, and each is cancelled', async () => {
    upstream.answer(endless);
    const { text, key: issued } = await attack.createKey({ limits: { concurrency: CONCURRENCY } });
    const headers = { authorization: `Bearer ${text}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ model: 'up', messages, stream: true });
    const times = 30;
    const before = upstream.requests.length;
    const events = await attack.eventsOf(times, async () => {
      for (let served = 0; served < times; ) {
        const answer = await fetch(attack.world.url + CHAT, { method: 'POST', headers, body });
        if (answer.status !== 200) throw new Error(await answer.text());
        const reader = answer.body?.getReader();
        await reader?.read();
        await reader?.cancel();
        await idle(attack.world);
        served++;
      }
    });
    expect(events).toHaveLength(times);
    for (const event of events) {
      expect(event).toMatchObject({
        key_id: issued.id,
        outcome: 'disconnected',
        reason: 'client_gone',
        usage_source: 'estimated',
      });
      expect(Number(event.input_tokens)).toBeGreaterThan(0);
      expect(Number(event.output_tokens)).toBeGreaterThan(0);
    }
    const asked = upstream.requests.slice(before);
    await Promise.all(asked.map((one) => one.connection.closed));
    expect(asked).toHaveLength(times);
    upstream.answer(play(openAiDialect, textScript(['hi'])));
  });

  test('case 58: whoever has all it may have in flight can still cancel it', async () => {
    upstream.answer(endless);
    const { text } = await attack.createKey({ limits: { concurrency: 1 } });
    const headers = { authorization: `Bearer ${text}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ model: 'up', messages, stream: true });
    const stream = await fetch(attack.world.url + CHAT, { method: 'POST', headers, body });
    const id = stream.headers.get('x-request-id');
    expect((await attack.ask(CHAT, body, headers)).reason).toBe('concurrency');
    expect((await attack.ask(`/v1/generations/${id}/cancel`, {}, headers)).status).toBe(200);
    expect(await stream.text()).toContain('"reason":"cancelled"');
    expect(attack.world.app.gateway.liveCount()).toBe(0);
    upstream.answer(play(openAiDialect, textScript(['hi'])));
  });

  test('case 64: amounts that make no sense are refused, each by its name', async () => {
    const wrong: readonly (readonly [field: string, value: unknown])[] = [
      ['max_tokens', -1],
      ['max_tokens', 0],
      ['max_tokens', 1e12],
      ['max_tokens', 1.5],
      ['max_tokens', '100'],
      ['max_completion_tokens', -1],
      ['max_completion_tokens', 1e12],
      ['n', 128],
      ['n', 0],
      ['n', -1],
      ['best_of', 20],
      ['top_logprobs', 99],
      ['logprobs', 99],
      ['temperature', -1],
      ['temperature', 1e300],
      ['top_p', 2],
      ['seed', 1.5],
      ['presence_penalty', -99],
      ['logit_bias', { a: 1 }],
      ['stop', Array.from({ length: 100 }, () => 'x')],
      ['stop', 'x'.repeat(1) && ['x'.repeat(5_000)]],
      ['metadata', Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`k${at}`, 'v']))],
      ['user', 'u'.repeat(10_000)],
    ];
    for (const [field, value] of wrong) {
      const answer = await attack.ask(CHAT, { model: 'up', messages, logprobs: true, [field]: value });
      expect([field, answer.status, ['invalid_field', 'unsupported_field'].includes(answer.reason ?? '')]).toEqual([
        field,
        400,
        true,
      ]);
      expect(JSON.parse(answer.text).error.param).toStartWith(field);
    }
    expect((await attack.ask('/v1/messages', { model: 'up', messages, max_tokens: -1 })).status).toBe(400);
    expect((await attack.ask('/v1/messages', { model: 'up', messages, max_tokens: 1e12 })).status).toBe(400);
    expect((await attack.ask('/v1/responses', { model: 'up', input: 'x', max_output_tokens: 1e12 })).status).toBe(400);
    expect(
      (await attack.ask('/v1/embeddings', { model: 'up', input: Array.from({ length: 5_000 }, () => 'x') })).status,
    ).toBe(400);
    expect((await attack.ask(CHAT, { model: 'nobody', messages })).reason).toBe('model_not_found');
  });

  test('case 64: the largest amounts that are allowed reserve what such answers take, not what was asked for', async () => {
    const limits = { tokens_per_minute: 50_000, concurrency: 50 };
    const { text } = await attack.createKey({ limits });
    const headers = { authorization: `Bearer ${text}` };
    for (const [model, max] of [
      ['demo', 2_000],
      ['up', 10_000_000],
    ] as const) {
      const before = upstream.requests.length;
      const answer = await attack.ask(CHAT, { model, messages, max_tokens: 10_000_000, n: 8 }, headers);
      expect(answer.status).toBe(200);
      expect(Number(answer.headers.get('x-ratelimit-remaining-tokens'))).toBeGreaterThan(50_000 - 8 * 2_000 - 1_000);
      if (model === 'up') expect((await upstream.requestAfter(before)).body?.max_completion_tokens).toBe(max);
    }
  });
});
