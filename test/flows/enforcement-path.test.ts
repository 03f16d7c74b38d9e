/** What sanctions and rules do to a request on its way, through the public door. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import type { Effects, ReportOrder, UpstreamNotice } from '../../src/enforcement/index.ts';
import { STRICTER } from '../../src/gateway/pipeline/strictness.ts';
import { type Asked, type ModeratedWorld, type Path, PATHS, startModerated } from '../world/moderated.ts';
import { createHeldPath, type HeldPath, NO_EFFECT } from '../world/path-enforcement.ts';
import { policy } from '../world/policies.ts';

const YAML = `
products: { api: {}, kept: { capture: { retention_days: 1, bytes_max: 65536 } } }
enforcement: { evidence_days: 7, usual_requests_per_minute: 8 }
`;
const MODELS = `
  mini: { small: true, targets: [{ provider: up, upstream_model: mini }] }
  known: { targets: [{ provider: knows, upstream_model: known }] }
  big: { targets: [{ provider: up, upstream_model: big }], fallbacks: [mini] }`;

let held: HeldPath;
const notices: UpstreamNotice[] = [];
const filed: unknown[] = [];
let moderated: ModeratedWorld;
beforeAll(async () => {
  held = createHeldPath();
  const redress = {
    decisionOf: (stopId: string) => (stopId.startsWith('stop_') ? 'dec_of_stop' : null),
    contestUrl: (decisionId: string) => `https://candor.example/contest/${decisionId}`,
  };
  const reports = {
    file(order: ReportOrder) {
      filed.push(order);
      const { requestId, category, app } = order;
      return Promise.resolve({
        ok: true as const,
        value: { id: 'rep_1', atMs: 0, requestId, category, app, repeated: false },
      });
    },
  };
  const upstreamNotice = (notice: UpstreamNotice) => void notices.push(notice);
  moderated = await startModerated(
    YAML,
    undefined,
    { enforcement: held.path, redress, upstreamNotice, reports },
    MODELS,
  );
  const { writer } = moderated.world.app.storage;
  await writer.write([{ sql: 'create table heard_of (request_id text primary key) strict', parameters: [] }]);
});
afterAll(() => moderated.close());
afterEach(() => {
  held.effects = () => null;
  held.verdict = () => ({ action: 'allow' });
  held.statements = () => [];
  moderated.judgeBy(policy());
  moderated.stagesBehave('well');
  moderated.says(['fine']);
});

interface Said {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly error: Record<string, unknown>;
}

async function ask(content = 'weather', more: Asked = {}, path: Path = 'chat/completions'): Promise<Said> {
  const answer = await moderated.ask(path, content, more);
  const text = await answer.text();
  const error = text.startsWith('{') ? ((JSON.parse(text) as { error?: Record<string, unknown> }).error ?? {}) : {};
  return { status: answer.status, headers: answer.headers, text, error };
}

async function newAccount(): Promise<string> {
  const body = JSON.stringify({ name: 'Some Shop', kind: 'workspace' });
  const made = await moderated.world.app.control.fetch(
    new Request('http://control/control/v1/accounts', { method: 'POST', body }),
  );
  return ((await made.json()) as { id: string }).id;
}

const withKey = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
const effects = (part: Partial<Effects>) => () => ({ ...NO_EFFECT, ...part });
const CONTEST = { decision_id: 'dec_1', contest_url: 'https://candor.example/contest/dec_1' };

describe('a restriction', () => {
  test('to small models names them, the decision, and where to contest it', async () => {
    held.effects = effects({ smallModelsOnly: true });
    const refused = await ask('hi', { body: { model: 'big' } });
    expect(refused).toMatchObject({
      status: 403,
      error: { reason: 'small_models_only', param: 'model', ...CONTEST },
    });
    expect(refused.error['message']).toBe(
      'For now only small models may be used here: mini. Decision dec_1. Contest it at https://candor.example/contest/dec_1',
    );
    const zh = await ask('hi', { body: { model: 'big' }, headers: { 'accept-language': 'zh-CN' } });
    expect(zh.error['message']).toBe(
      '目前此处只能使用小型模型：mini。决定编号：dec_1。申诉地址：https://candor.example/contest/dec_1',
    );
    const anthropic = await ask('hi', { body: { model: 'big' } }, 'messages');
    expect(anthropic.error).toMatchObject({ reason: 'small_models_only', ...CONTEST });
    expect(await ask('hi', { body: { model: 'mini' } })).toMatchObject({ status: 200 });
  });

  test('takes models and tools away', async () => {
    held.effects = effects({ withoutModels: ['m'], withoutTools: true });
    expect(await ask()).toMatchObject({ status: 403, error: { reason: 'model_restricted', ...CONTEST } });
    const tools = [{ type: 'function', function: { name: 'f', parameters: {} } }];
    expect(await ask('hi', { body: { model: 'big', tools } })).toMatchObject({
      status: 403,
      error: { reason: 'tools_restricted', param: 'tools' },
    });
    expect(await ask('hi', { body: { model: 'big' } })).toMatchObject({ status: 200 });
    const event = (await moderated.world.events()).find(({ reason }) => reason === 'tools_restricted');
    expect(event).toMatchObject({ outcome: 'refused', provider: null });
  });

  test('does not come back as a fallback', async () => {
    held.effects = effects({ withoutModels: ['mini'] });
    moderated.behaves((exchange) => exchange.send(503, {}, '{}'));
    const before = moderated.upstream.requests.length;
    expect((await ask('hi', { body: { model: 'big' } })).status).toBe(503);
    const models = moderated.upstream.requests.slice(before).map(({ body }) => body?.['model']);
    expect(new Set(models)).toEqual(new Set(['big']));
  });

  test('is of whom it is asked for: key, account, app, end user', async () => {
    const seen: unknown[] = [];
    held.effects = (key, endUser) => {
      seen.push([key.accountId, key.app, endUser]);
      return null;
    };
    await ask('hi', { body: { user: 'u1' } });
    expect(seen).toContainEqual(['acct_operator', 'test', 'u1']);
  });
});

describe('a throttle', () => {
  test('leaves a share of the usual rate to the end user it is on, and nobody else is slowed', async () => {
    held.effects = (_, endUser) => (endUser === 'slow' ? { ...NO_EFFECT, ratePercent: 25 } : null);
    const asked: Said[] = [];
    for (let at = 0; at < 3; at++) asked.push(await ask('hi', { body: { user: 'slow' } }));
    expect(asked.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(asked[2]?.error).toMatchObject({ reason: 'request_rate', ...CONTEST });
    expect(Number(asked[2]?.headers.get('retry-after'))).toBeGreaterThan(20);
    for (let at = 0; at < 10; at++) expect((await ask('hi', { body: { user: 'other' } })).status).toBe(200);
  });

  test('of a key leaves other keys of the account alone', async () => {
    const { key, text } = await moderated.world.createKey();
    held.effects = ({ id }) => (id === key.id ? { ...NO_EFFECT, ratePercent: 25 } : null);
    const asked: number[] = [];
    for (let at = 0; at < 3; at++) asked.push((await ask('hi', withKey(text))).status);
    expect(asked).toEqual([200, 200, 429]);
    for (let at = 0; at < 5; at++) expect((await ask()).status).toBe(200);
  });

  test('of an account is shared by its keys', async () => {
    const id = await newAccount();
    const keys = [
      await moderated.world.createKey({ account_id: id }),
      await moderated.world.createKey({ account_id: id }),
    ];
    held.effects = ({ accountId }) => (accountId === id ? { ...NO_EFFECT, ratePercent: 25 } : null);
    const reasons: unknown[] = [];
    for (const at of [0, 1, 0, 1]) reasons.push((await ask('hi', withKey(keys[at]?.text ?? ''))).error['reason']);
    // Two get as far as the price, which nobody set; the account's two are used up then, whichever key asks.
    expect(reasons.slice(2)).toEqual(['request_rate', 'request_rate']);
    expect(reasons.slice(0, 2)).not.toContain('request_rate');
  });
});

describe('friction', () => {
  const at = (threshold: number) =>
    policy({ prompt: { rules: [{ label: 'hate', at: threshold, action: 'refuse', except: [] }] } });

  test('lowers the thresholds of the policy, and what it alone finds is held against nobody', async () => {
    // The word scores .9.
    moderated.judgeBy(at(0.95));
    expect((await ask('a grobblet')).text).not.toContain('content_refused');
    expect(0.95 * STRICTER).toBeLessThan(0.9);
    held.effects = effects({ friction: true });
    const refused = await ask('a grobblet');
    expect(refused.text).toContain('content_refused');
    expect(held.ended.at(-1)?.verdicts.flatMap(({ flagged }) => flagged)).toEqual([]);
    moderated.judgeBy(at(0.9));
    await ask('a grobblet');
    expect(held.ended.at(-1)?.verdicts.flatMap(({ flagged }) => flagged.map(({ label }) => label))).toEqual(['hate']);
  });

  test.each(PATHS)('holds a streamed reply until all of it was looked at (%s)', async (path) => {
    held.effects = effects({ friction: true });
    const words = Array.from({ length: 200 }, (_, word) => `w${word} `);
    moderated.says([...words, 'the grobblet']);
    const cut = await ask('weather', { stream: true }, path);
    expect(cut.text).toContain('content_cut');
    expect(cut.text).not.toContain('w0 ');
    moderated.says(words);
    const whole = await ask('weather', { stream: true }, path);
    for (const word of ['w0 ', 'w100 ', 'w199 ']) expect(whole.text).toContain(word);
    expect(whole.text).not.toContain('content_cut');
  });

  test('looks at replies of a policy that looks at none', async () => {
    moderated.judgeBy(policy({ reply: { mode: 'off' } }));
    moderated.says(['the grobblet']);
    expect((await ask()).text).toContain('grobblet');
    held.effects = effects({ friction: true });
    expect((await ask()).text).not.toContain('grobblet');
  });
});

describe('rules', () => {
  test('are asked when the prompt was looked at, and nothing goes upstream that they do not let pass', async () => {
    held.verdict = () => ({
      action: 'throttle',
      rule: 'burst@2',
      text: { en: 'Too much of the same.', zh: '同类请求过多。' },
      retryAfterMs: 30_000,
    });
    const before = moderated.upstream.requests.length;
    const refused = await ask('hi there', { body: { user: 'u7' } });
    expect(refused).toMatchObject({ status: 429, error: { reason: 'rule_throttled' } });
    expect(refused.error['message']).toContain('Too much of the same.');
    expect(refused.text).not.toContain('burst');
    expect(refused.headers.get('retry-after')).toBe('30');
    expect(moderated.upstream.requests).toHaveLength(before);
    const asked = held.asked.at(-1);
    expect(asked).toMatchObject({
      endpoint: 'chat.completions',
      model: 'm',
      streamed: false,
      owner: { accountId: 'acct_operator', app: 'test', endUser: 'u7', product: 'api' },
      prompt: { subject: 'prompt', flagged: [] },
    });
    const event = (await moderated.world.events()).find(({ id }) => id === asked?.requestId);
    expect(event).toMatchObject({ outcome: 'refused', reason: 'rule_throttled', status: 429, price_nano: 0 });
    const zh = await ask('hi', { headers: { 'accept-language': 'zh' } });
    expect(zh.error['message']).toBe('本服务的规则限制了此类请求的频率。同类请求过多。');
  });

  test.each([
    ['refuse', 403, 'rule_refused'],
    ['hold', 403, 'rule_held'],
  ] as const)('that %s are an error, also for embeddings', async (action, status, reason) => {
    held.verdict = () => ({ action, rule: 'x@1', text: { en: 'No.', zh: '不行。' }, retryAfterMs: null });
    for (const path of [...PATHS, 'embeddings'] as const) {
      expect(await ask('hi', {}, path)).toMatchObject({ status, error: { reason } });
    }
  });

  test('that break let nothing pass', async () => {
    held.verdict = () => {
      throw new Error('broken');
    };
    expect(await ask()).toMatchObject({ status: 503, error: { reason: 'review_unavailable' } });
    expect(moderated.world.log()).toContain('judge a request by the rules');
  });
});

describe('the end of a reviewed request', () => {
  test('is told with what was asked, and what is written of it is written with the settlement', async () => {
    held.statements = ({ requestId }) => [
      { sql: 'insert into heard_of (request_id) values (?)', parameters: [requestId], expectRows: 1 },
    ];
    const messages = [
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'first of all' },
      { role: 'assistant', content: 'yes?' },
      { role: 'user', content: 'and a quorvex' },
    ];
    await ask('', { body: { messages } });
    const ended = held.ended.at(-1);
    expect(ended).toMatchObject({ asked: 'and a quorvex', opening: 'first of all', owner: { app: 'test' } });
    expect(ended?.verdicts.map(({ subject }) => subject)).toContain('prompt');
    expect(held.durable.at(-1)).toBe(ended?.requestId ?? '');
    const rows = await moderated.world.app.storage.reader
      .withTables<{ heard_of: { request_id: string } }>()
      .selectFrom('heard_of')
      .selectAll()
      .execute();
    expect(rows.map(({ request_id }) => request_id)).toEqual([ended?.requestId ?? '']);
  });

  test('that enforcement breaks on is recorded all the same', async () => {
    held.statements = () => {
      throw new Error('broken');
    };
    expect((await ask()).status).toBe(200);
    expect(moderated.world.log()).toContain('hear of a reviewed request');
  });
});

describe('evidence', () => {
  const stateOf = async (requestId: string | undefined) => {
    for (let poll = 0; poll < 100; poll++) {
      const rows = await moderated.world.app.storage.reader
        .withTables<{ captured_content: { request_id: string; captured_at_ms: number; expires_at_ms: number } }>()
        .selectFrom('captured_content')
        .selectAll()
        .where('request_id', '=', requestId ?? '')
        .execute();
      const [row] = rows;
      if (row) return Math.round((row.expires_at_ms - row.captured_at_ms) / 86_400_000);
      await Bun.sleep(5);
    }
    return null;
  };

  test('of what was flagged is kept for as long as the configuration says, and of nothing else', async () => {
    await ask('a quorvex');
    expect(await stateOf(held.ended.at(-1)?.requestId)).toBe(7);
    await ask('weather');
    expect(await stateOf(held.ended.at(-1)?.requestId)).toBeNull();
  });

  test('is not kept of people in need', async () => {
    await ask('a marvoon');
    expect(held.ended.at(-1)?.verdicts[0]?.flagged[0]?.label).toBe('self-harm/intent');
    expect(await stateOf(held.ended.at(-1)?.requestId)).toBeNull();
  });

  test('lasts the longer time where the product captures too', async () => {
    const { text } = await moderated.world.createKey({ product: 'kept' });
    await ask('a quorvex', withKey(text));
    expect(await stateOf(held.ended.at(-1)?.requestId)).toBe(7);
    await ask('weather', withKey(text));
    expect(await stateOf(held.ended.at(-1)?.requestId)).toBe(1);
  });
});

describe('upstreams', () => {
  test('know people by a digest that is the same for one and another for the next, and never by name', async () => {
    const before = moderated.upstream.requests.length;
    for (const user of ['ann@example.com', 'ann@example.com', 'ben'])
      await ask('hi', { body: { user, model: 'known' } });
    await ask('hi', { body: { model: 'known' } });
    await ask('hi', { body: { user: 'ben', model: 'm' } });
    const sent = moderated.upstream.requests.slice(before);
    const identifiers = sent.map(({ body }) => body?.['safety_identifier']);
    for (const one of identifiers.slice(0, 4)) expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(identifiers[0]).toBe(identifiers[1]);
    expect(new Set(identifiers).size).toBe(4);
    // An upstream that was not said to want it is told nothing.
    expect(identifiers[4]).toBeUndefined();
    expect(sent.some(({ text }) => text.includes('ann@') || text.includes('ben'))).toBe(false);
    expect(await moderated.world.app.gateway.identified(String(identifiers[0]))).toEqual({
      accountId: 'acct_operator',
      endUser: 'ann@example.com',
    });
  });

  test.each([
    [400, { code: 'invalid_prompt', message: 'Your prompt was flagged.' }, 'refused'],
    [400, { code: 'content_filter', message: 'x' }, 'refused'],
    [403, { code: 'identifier_blocked', message: 'x' }, 'blocked'],
    [400, { code: 'invalid_prompt', message: 'Your prompt has no messages.' }, null],
    [400, { code: 'context_length_exceeded', message: 'too long, by policy' }, null],
    [500, { code: 'server_error', message: 'x' }, null],
  ])('%d with %j is heard as %p', async (status, error, kind) => {
    notices.length = 0;
    moderated.behaves((exchange) => exchange.send(status, {}, JSON.stringify({ error })));
    for (const stream of [false, true]) await ask('hi', { stream, body: { user: 'u9' } });
    const heard: (string | null)[] = notices.map((notice) => notice.kind);
    expect(heard).toEqual(kind === null ? [] : [kind, kind]);
    if (kind === null) return;
    expect(notices[0]).toMatchObject({
      provider: 'up',
      detail: error.code,
      owner: { accountId: 'acct_operator', endUser: 'u9', app: 'test' },
      requestId: expect.any(String),
    });
  });
});

describe('a report', () => {
  const report = async (body: Record<string, unknown>, key = moderated.world.key) => {
    const answer = await fetch(`${moderated.world.url}/v1/reports`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
    });
    const json = (await answer.json()) as { error?: Record<string, unknown> };
    return { status: answer.status, json, error: json.error ?? {} };
  };

  test('of an answer is taken from whoever got it, and from whoever uses the same product', async () => {
    const requestId = (await ask()).headers.get('x-request-id');
    filed.length = 0;
    const body = { request_id: requestId, category: 'hate_or_harassment', text: 'It insulted me.' };
    expect(await report(body)).toMatchObject({
      status: 200,
      json: { object: 'report', id: 'rep_1', request_id: requestId },
    });
    expect(filed).toEqual([
      {
        reporterId: 'acct_operator',
        accountId: 'acct_operator',
        personId: null,
        app: null,
        requestId,
        category: body.category,
        text: body.text,
      },
    ]);
    expect((await moderated.world.events()).at(-1)).toMatchObject({ endpoint: 'reports', outcome: 'completed' });
    const foreign = await newAccount();
    const sameProduct = await moderated.world.createKey({ account_id: foreign });
    expect((await report(body, sameProduct.text)).status).toBe(200);
    const otherProduct = await moderated.world.createKey({ account_id: foreign, product: 'kept' });
    const absent = await report({ ...body, request_id: 'req_none' }, otherProduct.text);
    const hidden = await report(body, otherProduct.text);
    expect([absent.status, hidden.status]).toEqual([404, 404]);
    expect(hidden.error['reason']).toBe('report_request_not_found');
    expect(filed).toHaveLength(2);
  });

  test.each([
    [{ category: 'other' }, 'missing_field', 'request_id'],
    [{ request_id: 'r', category: 'boring' }, 'invalid_field', 'category'],
    [{ request_id: 'r', category: 'other', text: 'x'.repeat(1_001) }, 'invalid_field', 'text'],
    [{ request_id: 'r', category: 'other', account: 'acct_1' }, 'unsupported_field', 'account'],
  ])('%j is refused', async (body, reason, param) => {
    expect(await report(body)).toMatchObject({ status: 400, error: { reason, param } });
  });
});

test('a key that a sanction stopped says which decision it was, until when, and where to contest it', async () => {
  const { key, text } = await moderated.world.createKey();
  const until = new Date(Date.now() + 90_000).toISOString();
  await moderated.world.app.control.fetch(
    new Request('http://control/control/v1/accounts/acct_operator/stops', {
      method: 'POST',
      body: JSON.stringify({ subject: { kind: 'key', key_id: key.id }, reason: 'x', until }),
    }),
  );
  const refused = await ask('hi', withKey(text));
  expect(refused).toMatchObject({
    status: 403,
    error: {
      reason: 'access_stopped',
      decision_id: 'dec_of_stop',
      contest_url: 'https://candor.example/contest/dec_of_stop',
    },
  });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(80);
  expect(refused.headers.get('x-should-retry')).toBe('false');
});
