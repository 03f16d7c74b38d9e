/** Case 78: somebody of the staff reads what a person wrote. It takes a reason, where the policy says so two people, and is told. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { Hono } from 'hono';
import { systemClock } from '../../src/base/clock.ts';
import { createMintId } from '../../src/base/ids.ts';
import { systemRandom } from '../../src/base/random.ts';
import { createReadingAlone } from '../../src/enforcement/cases/reading-alone.ts';
import type { ReviewPolicy } from '../../src/enforcement/cases/policy.ts';
import { openCaseWorld, type CaseWorld } from '../../src/enforcement/proving/case-world.ts';
import type { ControlVariables } from '../../src/http/control-api.ts';
import { contentRoutes, createContent } from '../../src/metering/index.ts';
import { type ConsoleWorld, startConsole } from '../console/console-world.ts';

const COMING_IN_MS = 60_000;
const SECRET = 'zanzibar-7431';
const REASON = 'a complaint of the caller';

describe('case 78: in the monitor', () => {
  let console: ConsoleWorld;
  let requestId: string;
  beforeAll(async () => {
    console = await startConsole({
      yaml: `
providers: { demo: { kind: demo, tokens_per_second: 100000 } }
models: { m: { targets: [{ provider: demo, upstream_model: demo }] } }
products: { api: { capture: { retention_days: 2, bytes_max: 300 } } }
monitor: { enabled: false }
`,
    });
    const answer = await fetch(`${console.world.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${console.world.key}` },
      body: JSON.stringify({ model: 'm', max_tokens: 3, messages: [{ role: 'user', content: SECRET }] }),
    });
    await answer.text();
    requestId = answer.headers.get('x-request-id') ?? '';
    // Passwords take a while, and whoever may not read comes in too.
    for (const role of ['owner', 'viewer'] as const) await console.as(role);
  }, COMING_IN_MS);
  afterAll(() => console.close());

  const path = () => `/control/v1/usage/events/${requestId}/content`;
  const accesses = async () => {
    const answer = await (await console.as('owner')).ask('GET', '/control/v1/content-accesses');
    return (answer.json as { data: { request_id: string; actor_name: string; reason: string }[] }).data;
  };

  test('nobody reads without the permission, nor without a reason, and neither is on record as if they had', async () => {
    const viewer = await (await console.as('viewer')).ask('POST', path(), { body: { reason: REASON } });
    expect([viewer.status, viewer.text.includes(SECRET)]).toEqual([403, false]);
    const owner = await console.as('owner');
    for (const body of [{}, { reason: '' }, { reason: 'why not' }, { reason: REASON, by: 'somebody else' }]) {
      const answer = await owner.ask('POST', path(), { body });
      expect([answer.status, answer.text.includes(SECRET)]).toEqual([400, false]);
    }
    expect((await owner.ask('GET', path())).text).not.toContain(SECRET);
    expect(await accesses()).toEqual([]);
  });

  test('whoever reads is on record by name, with the reason, and no console page lists a word of it', async () => {
    const owner = await console.as('owner');
    let answer = await owner.ask('POST', path(), { body: { reason: REASON } });
    for (let tries = 0; answer.status === 404 && tries < 200; tries++) {
      await Bun.sleep(10);
      answer = await owner.ask('POST', path(), { body: { reason: REASON } });
    }
    expect([answer.status, answer.text.includes(SECRET)]).toEqual([200, true]);
    expect(await accesses()).toMatchObject([{ request_id: requestId, actor_name: 'Olga Owner', reason: REASON }]);
    const shown = await owner.ask('GET', `/control/v1/usage/events/${requestId}`);
    expect(shown.text).not.toContain(SECRET);
    expect(console.world.log()).not.toContain(SECRET);
  });
});

describe('case 78: in a case', () => {
  let world: CaseWorld;
  afterEach(() => world.close());

  async function begin(policy: Partial<ReviewPolicy> = {}) {
    world = await openCaseWorld(policy);
    const opened = await world.cases.open(world.opening({ severity: 3, conduct: 'threats' }));
    if (!opened.ok) throw new Error(opened.refusal);
    const requestId = opened.value.requestIds[0] ?? '';
    await world.capture(requestId, opened.value.owner.accountId);
    const { accountId } = opened.value.owner;
    const { storage } = world;
    const content = createContent({
      storage,
      clock: systemClock,
      random: systemRandom,
      mintId: createMintId(systemClock, systemRandom),
      onKeyLost: () => undefined,
    });
    return {
      id: opened.value.id,
      requestId,
      accountId,
      content,
      takesTwo: policy.revealTakesTwo ?? [],
    };
  }
  type Begun = Awaited<ReturnType<typeof begin>>;

  const told = ({ content, accountId }: Begun) => content.accessesOf(accountId, { after: null, limit: 10 });
  const ask = (who: string, path: string, body?: object) => world.ask<Record<string, unknown>>(who, 'POST', path, body);
  const reveal = (who: string, { id, requestId }: Begun, body: object = {}) =>
    ask(who, `cases/${id}/reveal`, { request_id: requestId, reason: REASON, ...body });

  test('reading takes a reason, is of the case alone, and the person it is about is told', async () => {
    const begun = await begin();
    for (const body of [{ reason: '' }, { reason: 'why' }, { reason: undefined }]) {
      expect((await reveal('staff_a', begun, body)).status).toBe(400);
    }
    expect((await reveal('staff_a', begun, { request_id: 'req_of_somebody_else' })).status).toBe(404);
    expect(await told(begun)).toEqual([]);
    expect((await reveal('staff_a', begun)).body).toMatchObject({ content: { prompt: expect.any(String) } });
    expect(await told(begun)).toMatchObject([{ requestId: begun.requestId, actor: 'staff_a', reason: REASON }]);
    expect(await begun.content.accessesOf('acct_of_somebody_else', { after: null, limit: 10 })).toEqual([]);
  });

  test('what takes two people is read by nobody alone, by no other door either, and once for each agreement', async () => {
    const begun = await begin({ revealTakesTwo: [3] });
    const asked = await reveal('staff_a', begun);
    expect(asked.body).toMatchObject({ content: null, state: 'awaits_second' });
    const allow = (who: string) => ask(who, `cases/${begun.id}/reveals/${String(asked.body['reveal_id'])}/allow`);
    expect((await allow('staff_a')).status).toBe(403);
    const byTheSide = async () => {
      const mayReadAlone = createReadingAlone({
        reader: world.storage.reader,
        policy: { revealTakesTwo: begun.takesTwo },
        accountOf: () => Promise.resolve(begun.accountId),
      });
      const app = new Hono<{ Variables: ControlVariables }>();
      app.use('*', async (context, next) => {
        context.set('actor', { kind: 'staff', id: 'staff_a', name: 'A', role: 'trust_safety', networkPrefix: null });
        await next();
      });
      app.route(
        '/',
        contentRoutes(begun.content, () => true, mayReadAlone),
      );
      const body = JSON.stringify({ reason: REASON });
      const answer = await app.request(`/control/v1/usage/events/${begun.requestId}/content`, { method: 'POST', body });
      return [answer.status, ((await answer.json()) as { error?: { reason: string } }).error?.reason ?? null];
    };
    expect(await byTheSide()).toEqual([403, 'content_takes_two']);
    expect(await told(begun)).toEqual([]);
    expect((await allow('staff_b')).status).toBe(200);
    expect((await reveal('staff_a', begun)).body).toMatchObject({ content: { reply: 'an answer' } });
    expect(await told(begun)).toMatchObject([{ actor: 'staff_a', reason: REASON }]);
    expect((await reveal('staff_a', begun)).body).toMatchObject({ content: null, state: 'awaits_second' });
    expect(await byTheSide()).toEqual([403, 'content_takes_two']);
  });

  test('what takes one person is read in the monitor as well', async () => {
    const begun = await begin();
    const mayReadAlone = createReadingAlone({
      reader: world.storage.reader,
      policy: { revealTakesTwo: ['terminal'] },
      accountOf: () => Promise.resolve(begun.accountId),
    });
    expect(await mayReadAlone(begun.requestId)).toBe(true);
    expect(await mayReadAlone('req_of_no_case')).toBe(true);
  });
});
