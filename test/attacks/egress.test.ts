import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type FakeUpstream, startUpstream } from '../world/upstream.ts';
import { SELF_SIGNED } from '../world/upstream-certificate.ts';
import { redirectTo } from '../world/upstream-faults.ts';
import { openAiDialect } from '../world/upstream-openai.ts';
import { play, textScript } from '../world/upstream-script.ts';
import { CANARY, useAttackWorld } from './attack-world.ts';
import { AUTHORITY, LEAF_KEY, LEAVES } from './certificates.ts';

const UPSTREAM_KEY = `sk-upstream-${CANARY}`;

let upstream: FakeUpstream;
/** Where an attacker would like the request to go. */
let elsewhere: FakeUpstream;
/** Upstreams with bad certificates, by model. */
const untrusted: FakeUpstream[] = [];

const attack = useAttackWorld({
  env: { UPSTREAM_KEY },
  async yaml() {
    upstream = await startUpstream();
    elsewhere = await startUpstream();
    untrusted.push(await startUpstream({ tls: SELF_SIGNED }));
    for (const cert of Object.values(LEAVES)) untrusted.push(await startUpstream({ tls: { key: LEAF_KEY, cert } }));
    for (const one of [elsewhere, ...untrusted]) one.answer(play(openAiDialect, textScript(['stolen'])));
    const tls = untrusted.map(
      ({ port }, at) => `
  tls${at}: { kind: openai, base_url: "https://localhost:${port}/v1", api_key_env: UPSTREAM_KEY }`,
    );
    return `
providers:
  up: { kind: openai, base_url: "${upstream.url}/v1", api_key_env: UPSTREAM_KEY }
  anthropic: { kind: anthropic, base_url: "${upstream.url}/v1", api_key_env: UPSTREAM_KEY }
  gemini: { kind: gemini, base_url: "${upstream.url}/v1beta", api_key_env: UPSTREAM_KEY }${tls.join('')}
models:
  demo: { targets: [{ provider: up, upstream_model: up-model }] }
  open: { targets: [{ provider: up, upstream_model: up-model, pass_fields: [top_k, chat_template_kwargs] }] }
  claude: { targets: [{ provider: anthropic, upstream_model: up-model }] }
  gem: { targets: [{ provider: gemini, upstream_model: up-model }] }
${untrusted.map((_, at) => `  tls${at}: { targets: [{ provider: tls${at}, upstream_model: m, timeouts: { connect_ms: 1000 } }] }`).join('\n')}
routing: { attempts_max: 1, breaker: { samples: 1000 } }
`;
  },
  async close() {
    await Promise.all([upstream, elsewhere, ...untrusted].map((one) => one.close()));
  },
});

function chat(model: string, more: object = {}) {
  return { model, messages: [{ role: 'user', content: CANARY }], ...more };
}

beforeEach(() => upstream.answer(play(openAiDialect, textScript([`answer ${CANARY}`]))));

describe('where a request is sent', () => {
  test('case 28: no field, header or query of a caller changes the upstream, its path or what it is told', async () => {
    const target = elsewhere.url;
    const names = [
      'api_base',
      'base_url',
      'baseURL',
      'api_key',
      'endpoint',
      'url',
      'proxy',
      'host',
      'custom_llm_provider',
    ];
    const fields = Object.fromEntries(names.map((name) => [name, target]));
    const nested = { extra_body: fields, extra_headers: { host: target, authorization: 'x' }, litellm_params: fields };
    const headers = {
      authorization: `Bearer ${attack.world.key}`,
      'x-portkey-custom-host': target,
      'x-portkey-config': JSON.stringify(fields),
      'x-base-url': target,
      'x-upstream': target,
      'x-original-url': `${target}/admin`,
      'x-rewrite-url': '/admin',
      'x-http-method-override': 'DELETE',
      'x-forwarded-host': 'evil.example',
      'openai-organization': CANARY,
      'openai-project': CANARY,
      'helicone-auth': CANARY,
      cookie: `session=${CANARY}`,
    };
    for (const model of ['demo', 'open']) {
      const before = upstream.requests.length;
      const path = `/v1/chat/completions?api_base=${target}&base_url=${target}&key=${CANARY}`;
      const answer = await attack.ask(path, chat(model, { ...fields, ...nested, top_k: 3 }), headers);
      expect(answer.status).toBe(200);
      const sent = await upstream.requestAfter(before);
      expect(sent.path).toBe('/v1/chat/completions');
      expect(sent.headers.authorization).toBe(`Bearer ${UPSTREAM_KEY}`);
      const known = ['model', 'messages', ...(model === 'open' ? ['top_k'] : [])];
      expect(Object.keys(sent.body ?? {}).toSorted()).toEqual(known.toSorted());
      const everything = JSON.stringify(sent.headers) + sent.path;
      for (const leak of [target, attack.world.key, 'session=', 'evil.example']) expect(everything).not.toContain(leak);
      expect(
        Object.keys(sent.headers).filter((name) => /^(x-portkey|openai|helicone|x-forwarded|cookie)/.test(name)),
      ).toEqual([]);
    }
    expect(elsewhere.connections.length).toBe(0);
  });

  test('case 28: a model is a name, never an address', async () => {
    const names = [
      elsewhere.url,
      `openai/${elsewhere.url}`,
      '../demo',
      'demo/../../x',
      'demo\r\nhost: x',
      'file:///etc/passwd',
    ];
    const before = upstream.requests.length;
    for (const name of [...names, '__proto__', 'constructor', 'toString', '']) {
      const answer = await attack.ask('/v1/chat/completions', chat(name));
      expect([400, 404]).toContain(answer.status);
      expect(['model_not_found', 'invalid_field']).toContain(answer.reason ?? '');
    }
    expect(elsewhere.connections.length).toBe(0);
    expect(upstream.requests.length).toBe(before);
  });

  test('case 28: addresses inside a prompt are not fetched by the gateway', async () => {
    const image = { type: 'image_url', image_url: { url: `${elsewhere.url}/pixel.png` } };
    const body = chat('demo', { messages: [{ role: 'user', content: [{ type: 'text', text: 'look' }, image] }] });
    expect((await attack.ask('/v1/chat/completions', body)).status).toBe(200);
    for (const model of ['claude', 'gem']) await attack.ask('/v1/chat/completions', { ...body, model });
    expect(elsewhere.connections.length).toBe(0);
  });

  test('case 33: a redirect is not followed and takes no key along', async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      upstream.answer((exchange) => exchange.send(status, { location: `${elsewhere.url}/v1/chat/completions` }, ''));
      for (const model of ['demo', 'claude', 'gem']) {
        for (const stream of [false, true]) {
          const answer = await attack.ask('/v1/chat/completions', chat(model, { stream }));
          expect([model, status, answer.status, answer.reason]).toEqual([model, status, 502, 'upstream_garbage']);
          expect(answer.text).not.toContain(elsewhere.url);
        }
      }
    }
    upstream.answer(redirectTo(`${elsewhere.url}/v1/embeddings`));
    expect((await attack.ask('/v1/embeddings', { model: 'demo', input: 'x' })).status).toBe(502);
    expect(elsewhere.connections.length).toBe(0);
  });

  test('case 34: an upstream that cannot prove who it is gets neither key nor prompt', async () => {
    for (const [at, one] of untrusted.entries()) {
      const answer = await attack.ask('/v1/chat/completions', chat(`tls${at}`));
      expect([at, answer.status, answer.reason]).toEqual([at, 503, 'upstream_unavailable']);
      expect(one.requests.length).toBe(0);
    }
  });
});

describe('an authority that is trusted', () => {
  const run = promisify(execFile);
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'candor-tls-'));
    writeFileSync(join(folder, 'authority.pem'), AUTHORITY);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('case 34: does not make up for a wrong name or a date gone by, even where checks are switched off', async () => {
    const outcomes: Record<string, string> = {};
    for (const [name, cert] of Object.entries(LEAVES)) {
      const server = await startUpstream({
        tls: { key: LEAF_KEY, cert },
        behaviour: (exchange) => exchange.send(200, {}, {}),
      });
      const env = {
        ...process.env,
        NODE_EXTRA_CA_CERTS: join(folder, 'authority.pem'),
        NODE_TLS_REJECT_UNAUTHORIZED: '0',
      };
      const child = join(import.meta.dir, 'post-child.ts');
      const { stdout } = await run(process.execPath, [child, `https://localhost:${server.port}/`], { env });
      outcomes[name] = `${stdout}, ${server.requests.length} requests seen`;
      await server.close();
    }
    expect(outcomes).toEqual({
      right: 'answered 200, 1 requests seen',
      wrongName: 'refused connect, 0 requests seen',
      expired: 'refused connect, 0 requests seen',
    });
  });
});
