import { expect, test } from 'bun:test';
import { auditDatabase } from '../../src/app/audit.ts';
import { REFUSALS } from '../../src/gateway/refusal.ts';
import { startCandor } from '../world/candor.ts';

const YAML = `
providers:
  quick: { kind: demo, tokens_per_second: 1000000 }
models:
  quick: { targets: [{ provider: quick, upstream_model: quick }], max_output_tokens: 50 }
vesting:
  pace: { usd: 0.001, window_ms: 1800000 }
`;
/** Half an hour, and a thirtieth of it by which time is counted. */
const WAIT_S_MAX = 1_860;

test('sign-up credit is used only so fast, and says so in both languages; credit that was bought is not slowed', async () => {
  const world = await startCandor({ yaml: YAML });
  async function control(path: string, body: object): Promise<Record<string, unknown>> {
    const init = { method: 'POST', body: JSON.stringify(body) };
    const answer = await world.app.control.fetch(new Request(`http://control/control/v1/${path}`, init));
    return (await answer.json()) as Record<string, unknown>;
  }
  const { account_id: accountId } = await control('accounts', { name: 'someone' });
  await control(`accounts/${String(accountId)}/plan/start`, { plan: 'free' });
  const rates = { input_nano: '0', output_nano: '0', request_nano: '600000', image_nano: '0' };
  await control('prices', { prices: [{ kind: 'list', model: 'quick', rates, free: false }] });
  const { text: key } = await world.createKey({ app: 'test', account_id: String(accountId) });
  const ask = (language: string) =>
    fetch(`${world.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'accept-language': language },
      body: JSON.stringify({ model: 'quick', messages: [{ role: 'user', content: 'hello' }] }),
    });
  const answer = await ask('en');
  expect(answer.status).toBe(200);
  await answer.text();
  for (const language of ['en', 'zh'] as const) {
    const paced = await ask(language);
    const seconds = Number(paced.headers.get('retry-after'));
    expect([paced.status, seconds > 0 && seconds <= WAIT_S_MAX]).toEqual([429, true]);
    const { error } = (await paced.json()) as { error: Record<string, unknown> };
    expect(error).toMatchObject({ code: 'free_credit_paced', reason: 'free_credit_paced', type: 'rate_limit_error' });
    expect(error['message']).toBe(REFUSALS.free_credit_paced[language].replace('{seconds}', String(seconds)));
  }
  await control('credit/grants', { account_id: accountId, amount_nano: '1000000000', kind: 'paid', reason: 'a test' });
  expect((await ask('en')).status).toBe(200);
  expect(await world.leftLive()).toBe(0);
  expect(await auditDatabase(world.dataDir)).toMatchObject({ clean: true, findings: [] });
  await world.close();
});
