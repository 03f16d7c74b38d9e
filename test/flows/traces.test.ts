import { expect, test } from 'bun:test';
import { startCandor } from '../world/candor.ts';
import { startUpstream } from '../world/upstream.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

test('the span of every request, served or refused, links to the trace its caller names', async () => {
  const collector = await startUpstream({ behaviour: (exchange) => exchange.send(200, {}, '{}') });
  const world = await startCandor({
    yaml: `telemetry: { otlp: { endpoint: "${collector.url}", sample_ratio: 1 } }`,
  });
  for (const [path, body] of [
    ['/v1/chat/completions', { model: 'demo', messages: [{ role: 'user', content: 'hi' }], max_tokens: 4 }],
    ['/v1/chat/completions', {}],
    ['/v1/models', null],
  ] as const) {
    const answer = await fetch(world.url + path, {
      method: body === null ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${world.key}`, traceparent: `00-${TRACE}-${SPAN}-01` },
      body: body === null ? null : JSON.stringify(body),
    });
    await answer.text();
  }
  await world.close();
  await collector.close();
  const sent = collector.requests.filter(({ path }) => path === '/v1/traces').map(({ text }) => text);
  expect(sent.join('').split(`"links":[{"traceId":"${TRACE}","spanId":"${SPAN}"}]`).length - 1).toBe(3);
});
