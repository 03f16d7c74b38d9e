import { afterEach, describe, expect, test } from 'bun:test';
import { createTelemetry, type RunningTelemetry } from './create.ts';
import { readScrape } from './proving/scrape.ts';
import { testAttempt, testConfig, testRequest } from './proving/summaries.ts';

const open: RunningTelemetry[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

function start() {
  const lines: string[] = [];
  const now = { ms: 0 };
  const telemetry = createTelemetry({
    config: testConfig(),
    write: (line) => lines.push(line),
    clock: { wallMs: () => 1_764_000_000_000 + now.ms, monoMs: () => now.ms },
    build: { version: '1.2.3', runtime: 'bun 1' },
    epoch: 'boot_1',
    format: 'json',
  });
  open.push(telemetry);
  const said = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { telemetry, lines, now, said };
}

describe('createTelemetry', () => {
  test('one call counts, and leaves no line at the default level', async () => {
    const { telemetry, lines } = start();
    telemetry.requestEnded(testRequest());
    telemetry.attemptEnded(testAttempt());
    const { types, samples } = readScrape(await telemetry.metricsText());
    expect(samples.filter(({ name }) => name === 'candor_requests_total').map(({ value }) => value)).toEqual([1]);
    expect(types.get('candor_request_duration_seconds')).toBe('histogram');
    expect(types.get('process_resident_memory_bytes')).toBe('gauge');
    expect(samples.find(({ name }) => name === 'candor_build_info')?.labels).toEqual({
      version: '1.2.3',
      runtime: 'bun 1',
    });
    expect(types.has('candor_otlp_failures_total')).toBe(false);
    expect(lines).toEqual([]);
  });

  test('shows each request to a person', () => {
    const lines: string[] = [];
    const telemetry = createTelemetry({
      config: testConfig(),
      write: (line) => lines.push(line),
      clock: { wallMs: () => 0, monoMs: () => 0 },
      build: { version: '1.2.3', runtime: 'bun 1' },
      epoch: 'boot_1',
      format: 'text',
    });
    open.push(telemetry);
    telemetry.requestEnded(testRequest());
    expect(lines.join('')).toContain('INFO  200 chat.completions small completed');
  });

  test('asks gauges at a scrape; one that fails is left out and told of', async () => {
    const { telemetry, said } = start();
    expect(await telemetry.metricsText()).not.toContain('candor_live_generations');
    telemetry.addGauges({ liveGenerations: () => 3, writerQueueDepth: () => 4 });
    telemetry.addGauges({
      openStreams: () => {
        throw new Error('gone');
      },
      targets: () => [{ target: 'small/0', provider: 'main', breaker: 'open', inFlight: 2 }],
    });
    const { values } = readScrape(await telemetry.metricsText());
    expect(Object.fromEntries(values)).toMatchObject({
      'candor_live_generations{}': 3,
      'candor_writer_queue_depth{}': 4,
      'candor_target_in_flight{provider="main",target="small/0"}': 2,
      'candor_target_breaker_state{provider="main",target="small/0",state="open"}': 1,
      'candor_target_breaker_state{provider="main",target="small/0",state="closed"}': 0,
    });
    expect([...values.keys()].join()).not.toContain('candor_open_streams');
    expect(said()[0]).toMatchObject({ level: 'error', msg: 'failed to read a gauge' });
  });

  test('a fault leads from the request id to its cause', async () => {
    const { telemetry, said } = start();
    telemetry.fault('record an answer', new Error('no', { cause: new Error('disk full') }), 'req_1');
    expect(said()[0]).toMatchObject({
      level: 'error',
      msg: 'failed to record an answer',
      request_id: 'req_1',
      error: { name: 'Error', message: 'no', cause: { message: 'disk full' } },
    });
    const { values } = readScrape(await telemetry.metricsText());
    expect(values.get('candor_faults_total{where="record an answer"}')).toBe(1);
  });

  test('the same fault again and again is a few lines that say how many were left out', async () => {
    const { telemetry, said, now } = start();
    const fail = () => telemetry.fault('record an answer', new Error('disk full'));
    for (let nth = 0; nth < 1_000; nth++) fail();
    telemetry.fault('record an answer', new Error('something else'));
    expect(said()).toHaveLength(6);
    now.ms = 60_000;
    fail();
    expect(said()[6]).toMatchObject({ left_out: 995 });
    for (let nth = 0; nth < 10; nth++) fail();
    await telemetry.close();
    expect(said().at(-1)).toMatchObject({ level: 'warn', msg: 'repeated lines were left out', left_out: 6 });
    const { values } = readScrape(await telemetry.metricsText());
    expect(values.get('candor_faults_total{where="record an answer"}')).toBe(1_012);
  });

  test('no secret gets out by any way', async () => {
    const { telemetry, lines } = start();
    const key = 'cd_live_abCD1234_s3cr3ts3cr3t_9fK2';
    telemetry.fault('x', new Error(`for ${key}`, { cause: 'jane@example.com' }));
    telemetry.notice('warn', `for ${key}`, { who: 'jane@example.com' });
    telemetry.requestEnded(testRequest({ modelRequested: key, app: 'jane@example.com' }));
    expect(lines.join('') + (await telemetry.metricsText())).not.toMatch(/s3cr3t|jane/);
  });

  test('counting never throws', () => {
    const { telemetry, said } = start();
    const broken = new Proxy(testRequest(), {
      get() {
        throw new Error('broken summary');
      },
    });
    expect(() => telemetry.requestEnded(broken)).not.toThrow();
    expect(said()[0]).toMatchObject({ msg: 'failed to count a request' });
  });

  test('costs a few microseconds per request', () => {
    const { telemetry } = start();
    const many = 50_000;
    let bestUs = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 5; round++) {
      const startMs = performance.now();
      for (let nth = 0; nth < many; nth++) {
        telemetry.attemptEnded(testAttempt());
        telemetry.requestEnded(testRequest());
      }
      bestUs = Math.min(bestUs, ((performance.now() - startMs) * 1_000) / many);
    }
    expect(bestUs).toBeLessThan(5);
  });
});
