import { describe, expect, test } from 'bun:test';
import { REFUSALS } from '../../src/gateway/refusal.ts';
import { type Behaviour, type FakeUpstream, startUpstream } from '../world/upstream.ts';
import { failWith, htmlPage, silent } from '../world/upstream-faults.ts';
import { openAiDialect } from '../world/upstream-openai.ts';
import { type Asked, CANARY, useAttackWorld } from './attack-world.ts';

/** A target whose credential was refused is left alone for long: each such question goes to another one. */
const FRESH = ['fresh1', 'fresh2', 'fresh3', 'fresh4', 'fresh5', 'fresh6', 'fresh7', 'fresh8'];
let freshUsed = 0;

let upstream: FakeUpstream;

const attack = useAttackWorld({
  async yaml() {
    upstream = await startUpstream();
    return `
server: { body_bytes_max: 2048, cors_origins: ["https://app.example"] }
providers: { up: { kind: openai, base_url: "${upstream.url}/v1" }, demo: { kind: demo } }
models:
  up: { targets: [{ provider: up, upstream_model: m, timeouts: { first_token_ms: 200, total_ms: 300 } }], context_tokens: 200 }
  demo: { targets: [{ provider: demo, upstream_model: demo }] }
${FRESH.map((name) => `  ${name}: { targets: [{ provider: up, upstream_model: m }] }`).join('\n')}
routing: { attempts_max: 1, breaker: { samples: 10000, open_ms: 1 } }
`;
  },
  close: () => upstream.close(),
});

const CHAT = '/v1/chat/completions';
const messages = [{ role: 'user', content: CANARY }];

interface Case {
  readonly reason: string;
  readonly path?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly behaviour?: Behaviour;
  /** Asked with a key made of this. */
  readonly key?: Parameters<typeof attack.createKey>[0];
  /** Asked this often before the one that counts. */
  readonly before?: number;
}

const chat = (model: string, more: object = {}) => ({ model, messages, ...more });

const CASES: readonly Case[] = [
  { reason: 'missing_key', headers: {} },
  { reason: 'invalid_key', headers: { authorization: `Bearer ${CANARY}` } },
  { reason: 'key_scope', key: { scopes: ['models.read'] } },
  { reason: 'key_network', key: { networks: ['10.0.0.0/8'] } },
  { reason: 'model_not_allowed', key: { models: ['demo'] } },
  { reason: 'path_unknown', path: '/v1/images/generations' },
  { reason: 'path_unknown', path: '/v1', method: 'DELETE' },
  { reason: 'method_not_allowed', method: 'PUT' },
  { reason: 'body_too_large', body: ' '.repeat(4_000) },
  { reason: 'body_not_json', body: '{' },
  { reason: 'content_encoding', headers: { 'content-encoding': 'gzip' } },
  { reason: 'invalid_field', body: chat('up', { temperature: 9 }) },
  { reason: 'missing_field', body: { messages } },
  { reason: 'unsupported_field', path: CHAT, body: chat('up', { best_of: 3 }) },
  { reason: 'model_not_found', body: chat('nobody') },
  { reason: 'context_too_long', body: chat('up', { messages: [{ role: 'user', content: 'word '.repeat(300) }] }) },
  { reason: 'request_rate', key: { limits: { requests_per_minute: 1 } }, before: 2 },
  { reason: 'token_rate_never', key: { limits: { tokens_per_minute: 1 } } },
  { reason: 'upstream_rate_limited', behaviour: failWith(openAiDialect, 429, CANARY) },
  { reason: 'upstream_failed', behaviour: failWith(openAiDialect, 500, CANARY) },
  { reason: 'upstream_unavailable', behaviour: failWith(openAiDialect, 503, CANARY) },
  { reason: 'upstream_credential', behaviour: failWith(openAiDialect, 401, CANARY) },
  { reason: 'upstream_rejected', behaviour: failWith(openAiDialect, 400, 'no such thing') },
  { reason: 'upstream_garbage', behaviour: htmlPage },
  { reason: 'upstream_timeout', behaviour: silent },
  { reason: 'upstream_died', behaviour: (exchange) => exchange.destroy() },
];

async function askAs(one: Case, language: string, path: string): Promise<Asked> {
  upstream.answer(one.behaviour ?? failWith(openAiDialect, 500, 'unused'));
  const key = one.key ? (await attack.createKey(one.key)).text : attack.world.key;
  const own = one.headers && !('content-encoding' in one.headers) ? {} : { authorization: `Bearer ${key}` };
  const headers = { ...own, ...one.headers, 'accept-language': language };
  const model = one.reason === 'upstream_credential' ? (FRESH[freshUsed++] ?? 'none') : 'up';
  const more = path === '/v1/messages' ? { max_tokens: 5 } : {};
  const body = typeof one.body === 'object' ? { ...more, ...one.body } : (one.body ?? chat(model, more));
  for (let at = 0; at < (one.before ?? 0); at++) await attack.ask(path, body, headers);
  return attack.ask(path, body, headers, one.method);
}

describe('what is said to those who are refused', () => {
  for (const one of CASES) {
    test(`${one.reason}${one.path ? ` at ${one.path}` : ''}: a reason of the table, an id, and a sentence in both languages`, async () => {
      for (const path of one.path ? [one.path] : [CHAT, '/v1/messages']) {
        const english = await askAs(one, 'en-GB,en;q=0.9,zh;q=0.1', path);
        const chinese = await askAs(one, 'zh-CN,zh;q=0.9,en;q=0.8', path);
        for (const answer of [english, chinese]) {
          expect(answer.reason).toBe(one.reason);
          expect(answer.status).toBe(REFUSALS[one.reason as keyof typeof REFUSALS].status);
          expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
          expect(answer.text).not.toContain(CANARY);
          expect(answer.text).not.toMatch(/\/work\/|\.ts:|node_modules|SELECT |Error:/);
          expect(answer.headers.get('server') ?? answer.headers.get('x-powered-by')).toBeNull();
        }
        expect(JSON.parse(english.text).error.message).not.toMatch(/\p{Script=Han}|\{\w+\}/u);
        expect(JSON.parse(chinese.text).error.message).toMatch(/\p{Script=Han}/u);
        expect(JSON.parse(chinese.text).error.message).not.toMatch(/\{\w+\}/u);
      }
    });
  }

  test('a browser page of another origin is told nothing it could read, and no preflight of its succeeds', async () => {
    for (const [origin, allowed] of [
      ['https://app.example', true],
      ['https://app.example.evil.example', false],
      ['null', false],
      ['https://evil.example', false],
    ] as const) {
      const preflight = await attack.ask(
        CHAT,
        undefined,
        { origin, 'access-control-request-method': 'POST' },
        'OPTIONS',
      );
      expect([origin, preflight.status]).toEqual([origin, allowed ? 204 : 405]);
      const answer = await attack.ask('/v1/models', undefined, { origin, authorization: `Bearer ${attack.world.key}` });
      expect(answer.headers.get('access-control-allow-origin')).toBe(allowed ? origin : null);
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    }
  });

  test('metrics stay closed without a token, whatever is presented', async () => {
    for (const authorization of ['', 'Bearer ', 'Bearer null', 'Bearer undefined', `Bearer ${attack.world.key}`]) {
      const answer = await fetch(`${attack.world.url}/metrics`, { headers: { authorization } });
      expect(answer.status).toBe(401);
      expect(await answer.text()).not.toContain('candor_');
    }
  });
});
