import { describe, expect, test } from 'bun:test';
import { refusedRequest, testAttempt, testConfig, testRequest } from '../proving/summaries.ts';
import { readScrape } from '../proving/scrape.ts';
import { exposeMetrics } from './exposition.ts';
import { createLabelNames } from './names.ts';
import { createRequestMetrics } from './request-metrics.ts';

const names = createLabelNames(testConfig());

describe('createRequestMetrics', () => {
  test('counts what happened', () => {
    const metrics = createRequestMetrics(names);
    for (let nth = 0; nth < 3; nth++) metrics.noteRequest(testRequest());
    metrics.noteRequest(refusedRequest());
    metrics.noteAttempt(testAttempt({ outcome: 'connect', durationMs: 10 }));
    metrics.noteAttempt(testAttempt({ provider: 'spare', target: 'small/1' }));
    const { values } = readScrape(exposeMetrics(metrics.families));
    const served = 'endpoint="chat.completions",model="small",provider="main"';
    const done = `${served},outcome="completed",reason="none",status="200",usage_source="reported"`;
    const refused = 'outcome="refused",reason="invalid_key",status="401",usage_source="none"';
    const tokens = (kind: string) =>
      `candor_tokens_total{class="${kind}",model="small",provider="main",usage_source="reported"}`;
    expect(Object.fromEntries(values)).toMatchObject({
      [`candor_requests_total{${done}}`]: 3,
      [`candor_requests_total{endpoint="chat.completions",model="small",provider="none",${refused}}`]: 1,
      [tokens('input')]: 300,
      [tokens('cached_input')]: 120,
      [tokens('cache_write')]: 0,
      [tokens('output')]: 60,
      [tokens('reasoning')]: 15,
      [`candor_request_duration_seconds_sum{${served},outcome="completed"}`]: 4.5,
      [`candor_request_duration_seconds_bucket{${served},outcome="completed",le="1"}`]: 0,
      [`candor_request_duration_seconds_bucket{${served},outcome="completed",le="2.5"}`]: 3,
      [`candor_first_token_seconds_sum{${served}}`]: 0.75,
      ['candor_queue_seconds_sum{endpoint="chat.completions",model="small"}']: 0.006,
      ['candor_upstream_attempts_total{provider="main",target="small/0",outcome="connect"}']: 1,
      ['candor_upstream_attempts_total{provider="spare",target="small/1",outcome="ok"}']: 1,
      ['candor_upstream_attempt_seconds_sum{provider="main",target="small/0",outcome="connect"}']: 0.01,
    });
  });

  test('a request without tokens or a first token makes no such series', () => {
    const metrics = createRequestMetrics(names);
    metrics.noteRequest(refusedRequest());
    const { types } = readScrape(exposeMetrics(metrics.families));
    expect([...types.keys()]).toEqual(['candor_requests_total', 'candor_request_duration_seconds']);
  });

  test('strangers cannot make series: models nobody configured are other', () => {
    const metrics = createRequestMetrics(names);
    for (let nth = 0; nth < 20_000; nth++) {
      metrics.noteRequest(
        refusedRequest({ id: `req_${nth}`, modelRequested: `stranger-${nth}`, reason: 'model_not_found' }),
      );
      metrics.noteRequest(testRequest({ app: `app ${nth}`, keyId: `key${nth}`, product: `p${nth}` }));
    }
    const { samples } = readScrape(exposeMetrics(metrics.families));
    const models = new Set(samples.flatMap(({ labels }) => labels['model'] ?? []));
    expect([...models].sort()).toEqual(['other', 'small']);
    expect(samples.length).toBeLessThan(120);
  });

  test('whatever else varies, the number of series is capped and nothing is lost', () => {
    const metrics = createRequestMetrics(names, 50);
    for (let nth = 0; nth < 5_000; nth++) {
      metrics.noteRequest(testRequest({ reason: `reason ${nth}`, outcome: `outcome ${nth}` }));
      metrics.noteAttempt(testAttempt({ outcome: `outcome ${nth}`, target: `target ${nth}` }));
    }
    const { samples } = readScrape(exposeMetrics(metrics.families));
    for (const name of [
      'candor_requests_total',
      'candor_upstream_attempts_total',
      'candor_request_duration_seconds_count',
    ]) {
      const found = samples.filter((sample) => sample.name === name);
      expect(found.length).toBe(51);
      expect(found.reduce((sum, { value }) => sum + value, 0)).toBe(5_000);
    }
  });

  test('no label names a key, an account, an app or an end user', () => {
    const metrics = createRequestMetrics(names);
    metrics.noteRequest(testRequest());
    metrics.noteAttempt(testAttempt());
    const labels = new Set(metrics.families.flatMap(({ info }) => info.labels));
    expect([...labels].sort()).toEqual([
      'class',
      'endpoint',
      'model',
      'outcome',
      'provider',
      'reason',
      'status',
      'target',
      'usage_source',
    ]);
    expect(exposeMetrics(metrics.families)).not.toMatch(/abcd1234|demo/);
  });
});
