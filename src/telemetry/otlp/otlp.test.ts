import { afterEach, describe, expect, test } from 'bun:test';
import { systemClock } from '../../base/clock.ts';
import { createTelemetry, type RunningTelemetry } from '../create.ts';
import { type Collector, type RawAttribute, readAttributes, startCollector } from '../proving/collector.ts';
import { readScrape } from '../proving/scrape.ts';
import { refusedRequest, testAttempt, testConfig, testRequest } from '../proving/summaries.ts';
import { isSampled, placeOf } from './spans.ts';

const FAST = { flushMs: 5, metricsMs: 60_000, timeoutMs: 200, pauseMsMax: 20 };
const open: { close(): unknown }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function collectorWith(...args: Parameters<typeof startCollector>): Promise<Collector> {
  const collector = await startCollector(...args);
  open.push(collector);
  return collector;
}

function telemetryTo(endpoint: string, more: { sampleRatio?: number; lines?: string[] } = {}): RunningTelemetry {
  const otlp = { endpoint, headers: { 'x-team': 'one' }, sampleRatio: more.sampleRatio ?? 1 };
  return createTelemetry({
    config: testConfig({ otlp }),
    write: (line) => more.lines?.push(line),
    clock: systemClock,
    build: { version: '1.2.3', runtime: 'test' },
    epoch: 'boot_1',
    format: 'json',
    otlpTiming: FAST,
  });
}

async function dropped(telemetry: RunningTelemetry): Promise<number> {
  return readScrape(await telemetry.metricsText()).values.get('candor_otlp_spans_dropped_total{}') ?? -1;
}

interface ReceivedMetrics {
  readonly resource: { readonly attributes: readonly RawAttribute[] };
  readonly scopeMetrics: readonly { readonly metrics: readonly ReceivedMetric[] }[];
}

interface ReceivedMetric {
  readonly name: string;
  readonly unit: string;
  readonly histogram: {
    readonly aggregationTemporality: number;
    readonly dataPoints: readonly {
      readonly attributes: readonly RawAttribute[];
      readonly count: string;
      readonly sum: number;
      readonly bucketCounts: readonly string[];
      readonly explicitBounds: readonly number[];
    }[];
  };
}

function metricsOf(collector: Collector): readonly ReceivedMetrics[] {
  return collector.received.flatMap(({ document }) => document['resourceMetrics'] as ReceivedMetrics[]);
}

describe('spans', () => {
  test('one per request, with a child per attempt', async () => {
    const collector = await collectorWith();
    const telemetry = telemetryTo(`${collector.endpoint}/`);
    telemetry.attemptEnded(testAttempt({ outcome: 'connect', target: 'small/0', durationMs: 10 }));
    telemetry.attemptEnded(testAttempt({ provider: 'spare', target: 'small/1' }));
    telemetry.requestEnded(testRequest({ provider: 'spare', target: 'small/1', attempts: 2, totalMs: 1_500.25 }));
    await telemetry.close();

    const [first, second, root] = collector.spans();
    expect(collector.spans()).toHaveLength(3);
    expect(collector.received[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'x-team': 'one' });
    expect(root).toMatchObject({
      name: 'chat small',
      kind: 2,
      startTimeUnixNano: '1764000000000000000',
      endTimeUnixNano: '1764000001500250000',
      status: {},
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'candor.demo',
        'gen_ai.request.model': 'small',
        'gen_ai.response.model': 'upstream-1',
        'gen_ai.usage.input_tokens': 100,
        'gen_ai.usage.output_tokens': 20,
        'http.response.status_code': 200,
        'candor.request_id': 'req_01KAMF0000000000000000000A',
        'candor.outcome': 'completed',
        'candor.attempts': 2,
        'candor.streamed': true,
      },
    });
    expect(root?.parentSpanId).toBeUndefined();
    expect(root?.attributes).not.toHaveProperty('error.type');
    expect(first).toMatchObject({
      name: 'attempt small/0',
      kind: 3,
      status: { code: 2 },
      attributes: {
        'error.type': 'connect',
        'gen_ai.provider.name': 'gcp.gemini',
        'gen_ai.request.model': 'upstream-1',
      },
    });
    expect(second).toMatchObject({ name: 'attempt small/1', status: {} });
    for (const child of [first, second]) {
      expect(child?.traceId).toBe(root?.traceId ?? '');
      expect(child?.parentSpanId).toBe(root?.spanId ?? '');
    }
    expect(root?.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(collector.spans().map(({ spanId }) => spanId)).size).toBe(3);
  });

  test('say why a request failed or was refused, and show no name a stranger made up', async () => {
    const collector = await collectorWith();
    const telemetry = telemetryTo(collector.endpoint);
    telemetry.requestEnded(testRequest({ outcome: 'failed', reason: 'upstream_died' }));
    telemetry.requestEnded(refusedRequest({ modelRequested: 'my prompt, as a model name' }));
    telemetry.requestEnded(testRequest({ outcome: 'disconnected', reason: 'client_gone', status: 499 }));
    telemetry.requestEnded(refusedRequest({ endpoint: 'models', modelRequested: null }));
    await telemetry.close();
    const [failed, refused, left, models] = collector.spans();
    expect(failed).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': 'upstream_died' } });
    expect(refused).toMatchObject({ name: 'chat other', status: {}, attributes: { 'error.type': 'invalid_key' } });
    expect(left?.attributes).not.toHaveProperty('error.type');
    expect(models?.name).toBe('models');
    expect(JSON.stringify(collector.received)).not.toContain('my prompt');
  });

  test('link to the trace of a caller and are no part of it', async () => {
    const collector = await collectorWith();
    const telemetry = telemetryTo(collector.endpoint);
    const theirs = '0af7651916cd43dd8448eb211c80319c';
    telemetry.requestEnded(testRequest(), `00-${theirs}-b7ad6b7169203331-01`);
    telemetry.requestEnded(testRequest(), '00-00000000000000000000000000000000-b7ad6b7169203331-01');
    await telemetry.close();
    const [linked, unlinked] = collector.spans();
    expect(linked?.links).toEqual([{ traceId: theirs, spanId: 'b7ad6b7169203331' }]);
    expect(linked?.traceId).not.toBe(theirs);
    expect(unlinked?.links).toBeUndefined();
  });

  test('are sent for the share of requests that is asked for, attempts with their requests', async () => {
    const collector = await collectorWith();
    const telemetry = telemetryTo(collector.endpoint, { sampleRatio: 0.25 });
    for (let nth = 0; nth < 4_000; nth++) {
      telemetry.attemptEnded(testAttempt({ requestId: `req_${nth}` }));
      telemetry.requestEnded(testRequest({ id: `req_${nth}` }));
    }
    await telemetry.close();
    const roots = collector.spans().filter(({ parentSpanId }) => parentSpanId === undefined);
    expect(roots.length).toBeGreaterThan(850);
    expect(roots.length).toBeLessThan(1_150);
    expect(collector.spans().length).toBe(2 * roots.length);
    const ids = new Set(roots.map(({ attributes }) => attributes['candor.request_id']));
    expect(collector.spans().every(({ attributes }) => ids.has(attributes['candor.request_id']))).toBe(true);
  });

  test('a ratio of 0 sends none', () => {
    expect([1, 2, 3, 4].map((nth) => isSampled(`req_${nth}`, 0))).toEqual([false, false, false, false]);
    expect(placeOf('req_1').traceId).not.toBe(placeOf('req_2').traceId);
  });
});

describe('metrics', () => {
  test('are the histograms of the conventions', async () => {
    const collector = await collectorWith();
    const telemetry = telemetryTo(collector.endpoint, { sampleRatio: 0 });
    telemetry.requestEnded(testRequest());
    telemetry.requestEnded(testRequest({ usageSource: 'estimated', outcome: 'failed', reason: 'upstream_died' }));
    telemetry.requestEnded(refusedRequest());
    await telemetry.close();
    expect(collector.received.map(({ path }) => path)).toEqual(['/v1/metrics']);
    const resourceMetrics = metricsOf(collector);
    expect(readAttributes(resourceMetrics[0]?.resource.attributes ?? [])).toEqual({
      'service.name': 'candor',
      'service.version': '1.2.3',
      'service.instance.id': 'boot_1',
    });
    const metrics = resourceMetrics[0]?.scopeMetrics[0]?.metrics ?? [];
    expect(metrics.map(({ name, unit }) => [name, unit])).toEqual([
      ['gen_ai.client.operation.duration', 's'],
      ['gen_ai.client.token.usage', '{token}'],
      ['gen_ai.server.time_to_first_token', 's'],
    ]);
    const points: unknown = metrics.map(({ histogram }) =>
      histogram.dataPoints.map((point) => ({
        ...readAttributes(point.attributes),
        count: point.count,
        sum: point.sum,
      })),
    );
    const common = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'gcp.gemini',
      'gen_ai.request.model': 'small',
    };
    expect(points).toEqual([
      [
        { ...common, count: '1', sum: 1.5 },
        { ...common, 'error.type': 'upstream_died', count: '1', sum: 1.5 },
      ],
      [
        { ...common, 'gen_ai.token.type': 'input', count: '1', sum: 100 },
        { ...common, 'gen_ai.token.type': 'output', count: '1', sum: 20 },
      ],
      [{ ...common, count: '2', sum: 0.5 }],
    ]);
    for (const { histogram } of metrics) {
      expect(histogram.aggregationTemporality).toBe(2);
      for (const { bucketCounts, explicitBounds, count } of histogram.dataPoints) {
        expect(bucketCounts.length).toBe(explicitBounds.length + 1);
        expect(bucketCounts.reduce((sum, each) => sum + Number(each), 0)).toBe(Number(count));
      }
    }
  });
});

describe('a collector in trouble', () => {
  test('that never answers slows nothing, costs a bounded queue and one line', async () => {
    const collector = await collectorWith(() => {});
    const lines: string[] = [];
    const telemetry = telemetryTo(collector.endpoint, { lines });
    const many = 30_000;
    const startMs = performance.now();
    for (let nth = 0; nth < many; nth++) telemetry.requestEnded(testRequest({ id: `req_${nth}` }));
    expect((performance.now() - startMs) / many).toBeLessThan(0.05);
    await Bun.sleep(700);
    expect(collector.received.length).toBeGreaterThan(1);
    expect(collector.received.length).toBeLessThan(10);
    expect(await dropped(telemetry)).toBe(many - 8_192);
    expect(lines.filter((line) => line.includes('collector'))).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', why: 'TimeoutError' });
    const closeMs = performance.now();
    await telemetry.close();
    expect(performance.now() - closeMs).toBeLessThan(3_500);
  });

  test('that is not there is told of once, without its address', async () => {
    const gone = await startCollector();
    gone.close();
    const lines: string[] = [];
    const telemetry = telemetryTo(gone.endpoint, { lines });
    open.push(telemetry);
    telemetry.requestEnded(testRequest());
    await Bun.sleep(150);
    const { values } = readScrape(await telemetry.metricsText());
    expect(values.get('candor_otlp_failures_total{}')).toBeGreaterThan(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain(gone.endpoint);
  });

  test('that is busy gets the same again', async () => {
    const collector = await collectorWith((response, nth) => {
      response.statusCode = nth < 3 ? 503 : 200;
      response.end();
    });
    const telemetry = telemetryTo(collector.endpoint);
    open.push(telemetry);
    telemetry.requestEnded(testRequest());
    await Bun.sleep(200);
    const spans = collector.spans();
    expect(spans.length).toBe(3);
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(1);
    expect(await dropped(telemetry)).toBe(0);
  });

  test('that refuses or points elsewhere gets nothing twice', async () => {
    const elsewhere = await collectorWith();
    const collector = await collectorWith((response) => {
      response.writeHead(307, { location: `${elsewhere.endpoint}/v1/traces` }).end();
    });
    const telemetry = telemetryTo(collector.endpoint);
    open.push(telemetry);
    telemetry.requestEnded(testRequest());
    await Bun.sleep(100);
    expect(collector.received).toHaveLength(1);
    expect(elsewhere.received).toHaveLength(0);
    expect(await dropped(telemetry)).toBe(1);
  });
});
