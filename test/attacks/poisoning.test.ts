import { beforeEach, describe, expect, test } from 'bun:test';
import { type FakeUpstream, startUpstream } from '../world/upstream.ts';
import { failWith } from '../world/upstream-faults.ts';
import { openAiDialect } from '../world/upstream-openai.ts';
import { play, textScript } from '../world/upstream-script.ts';
import { useAttackWorld } from './attack-world.ts';

const SAMPLES = 10;

let upstream: FakeUpstream;

const attack = useAttackWorld({
  async yaml() {
    upstream = await startUpstream();
    return `
providers: { up: { kind: openai, base_url: "${upstream.url}/v1" } }
models: { up: { targets: [{ provider: up, upstream_model: m }] } }
routing: { attempts_max: 1, breaker: { samples: ${SAMPLES}, open_ms: 60000 } }
`;
  },
  close: () => upstream.close(),
});

const CHAT = '/v1/chat/completions';
const healthy = play(openAiDialect, textScript(['hi']));
const ask = (more: object = {}) =>
  attack.ask(CHAT, { model: 'up', messages: [{ role: 'user', content: 'x' }], ...more });

async function expectServed(): Promise<void> {
  upstream.answer(healthy);
  expect((await ask()).status).toBe(200);
}

beforeEach(expectServed);

describe('one caller’s request takes the target from nobody else', () => {
  test('when the upstream refuses what its prompt says', async () => {
    upstream.answer(failWith(openAiDialect, 403, 'Your input was flagged'));
    expect((await ask()).status).toBe(503);
    await expectServed();
  });

  test('when the upstream repeats the words of a bill that was not paid', async () => {
    for (const said of ['credit balance is too low', 'Your credit balance is too low']) {
      upstream.answer(failWith(openAiDialect, 400, `Invalid value: '${said}'`));
      expect((await ask()).reason).toBe('upstream_rejected');
      await expectServed();
    }
  });

  test('when it asks for what no upstream gives, again and again', async () => {
    for (const status of [400, 404, 413, 422]) {
      upstream.answer(failWith(openAiDialect, status, 'no'));
      for (let at = 0; at < SAMPLES; at++) expect((await ask()).reason).toBe('upstream_rejected');
      await expectServed();
    }
  });

  test('when it hangs up, again and again, before and after the first token', async () => {
    upstream.answer(play(openAiDialect, textScript(Array.from({ length: 50 }, () => 'word ')), { gapMs: 20 }));
    for (const afterMs of [5, 60]) {
      const headers = { authorization: `Bearer ${attack.world.key}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ model: 'up', stream: true, messages: [{ role: 'user', content: 'x' }] });
      await Promise.all(
        Array.from({ length: 2 * SAMPLES }, () =>
          fetch(attack.world.url + CHAT, { method: 'POST', headers, body, signal: AbortSignal.timeout(afterMs) })
            .then((answer) => answer.text())
            .catch(() => undefined),
        ),
      );
    }
    await expectServed();
  });
});
