import { beforeEach, expect, test } from 'bun:test';
import type { UpstreamNotice } from './notice.ts';
import { upstreamNoticeRoutes } from './routes.ts';

const IDENTIFIER = 'ab'.repeat(32);
const heard: UpstreamNotice[] = [];
beforeEach(() => {
  heard.length = 0;
});
const routes = upstreamNoticeRoutes({
  clock: { wallMs: () => 5, monoMs: () => 0 },
  providers: ['openai'],
  resolve: (identifier) => Promise.resolve(identifier === IDENTIFIER ? { accountId: 'acct_1', endUser: 'u 1' } : null),
  heard: (notice) => {
    heard.push(notice);
    return Promise.resolve();
  },
});

async function post(change: Record<string, unknown> = {}) {
  const notice = { provider: 'openai', safety_identifier: IDENTIFIER, kind: 'warned', detail: 'safety.warning_issued' };
  const answer = await routes.request('/control/v1/enforcement/upstream-notices', {
    method: 'POST',
    body: JSON.stringify({ ...notice, ...change }),
  });
  return { status: answer.status, json: await answer.json() };
}

test('what an upstream says of an identifier is heard of the one it was sent for', async () => {
  expect(await post()).toEqual({ status: 202, json: { account_id: 'acct_1', end_user: 'u 1' } });
  expect(heard).toEqual([
    {
      atMs: 5,
      provider: 'openai',
      kind: 'warned',
      detail: 'safety.warning_issued',
      conduct: null,
      owner: { accountId: 'acct_1', endUser: 'u 1', keyId: null, app: null, member: null, product: null },
      requestId: null,
    },
  ]);
});

test.each([
  [{ safety_identifier: 'cd'.repeat(32) }, 404, 'identifier_not_found'],
  [{ safety_identifier: 'u 1' }, 400, 'invalid_field'],
  [{ provider: 'nobody' }, 400, 'invalid_field'],
  [{ kind: 'guilty' }, 400, 'invalid_field'],
  [{ detail: 'two\nlines' }, 400, 'invalid_field'],
])('%j is refused, and nobody is held to anything', async (change, status, reason) => {
  expect(await post(change)).toMatchObject({ status, json: { error: { reason } } });
  expect(heard).toEqual([]);
});
