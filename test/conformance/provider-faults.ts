import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { Provider, ProviderFaultKind, StageTimeouts } from '../../src/providers/index.ts';
import { type Behaviour, type FakeUpstream, startUpstream } from '../world/upstream.ts';
import { startBlackHole } from '../world/upstream-black-hole.ts';
import { SELF_SIGNED } from '../world/upstream-certificate.ts';
import * as faults from '../world/upstream-faults.ts';
import { play, textScript } from '../world/upstream-script.ts';
import {
  answerOf,
  API_KEY,
  attemptOf,
  eventsOf,
  PATIENT,
  rejection,
  requestOf,
  SMALL_LIMITS,
  type WireSubject,
} from './provider-subject.ts';

const SCRIPT = textScript(['alpha', 'beta', 'gamma', 'delta']);

interface StatusCase {
  readonly status: number;
  readonly kind: ProviderFaultKind;
}

const STATUSES: readonly StatusCase[] = [
  { status: 400, kind: 'rejected' },
  { status: 401, kind: 'credential' },
  { status: 402, kind: 'credential' },
  { status: 403, kind: 'credential' },
  { status: 404, kind: 'rejected' },
  { status: 413, kind: 'rejected' },
  { status: 422, kind: 'rejected' },
  { status: 429, kind: 'rate_limited' },
  { status: 500, kind: 'upstream_error' },
  { status: 502, kind: 'upstream_error' },
  { status: 503, kind: 'unavailable' },
  { status: 529, kind: 'unavailable' },
];

/** Everything an upstream can do wrong, and that nothing of it is taken for an answer. */
export function describeFaults(subject: WireSubject): void {
  const { dialect, upstreamModel } = subject;
  let upstream: FakeUpstream;
  let provider: Provider;

  beforeEach(async () => {
    upstream = await startUpstream();
    provider = subject.create(dialect.baseUrl(upstream.url), SMALL_LIMITS);
  });
  afterEach(() => upstream.close());

  async function faultOf(
    behaviour: Behaviour,
    stream: boolean,
    timeouts: Partial<StageTimeouts> = {},
  ): Promise<unknown> {
    upstream.answer(behaviour);
    const attempt = attemptOf(upstreamModel, { timeouts: { ...PATIENT, ...timeouts } });
    return rejection(answerOf(provider, requestOf('hi'), attempt, stream));
  }

  for (const stream of [false, true]) {
    describe(`${subject.name}: faults, ${stream ? 'streamed' : 'whole'}`, () => {
      for (const { status, kind } of STATUSES) {
        test(`status ${status} is ${kind}`, async () => {
          const behaviour = faults.failWith(dialect, status, `no good, ${API_KEY}`, { 'retry-after': '7' });
          const fault = await faultOf(behaviour, stream);
          expect(fault).toMatchObject({ name: 'ProviderFault', kind, status, retryAfterMs: 7000 });
          expect(JSON.stringify(fault)).not.toContain(API_KEY);
          const expected = kind === 'rejected' ? 'no good, [removed]' : undefined;
          expect((fault as { upstreamMessage?: string }).upstreamMessage).toBe(expected);
        });
      }

      test('retry-after in milliseconds goes before seconds, and a date is understood', async () => {
        const both = { 'retry-after-ms': '1250', 'retry-after': '7' };
        expect(await faultOf(faults.failWith(dialect, 429, 'slow', both), stream)).toMatchObject({
          retryAfterMs: 1250,
        });
        const date = { 'retry-after': new Date(Date.now() + 30_000).toUTCString() };
        const { retryAfterMs } = (await faultOf(faults.failWith(dialect, 429, 'slow', date), stream)) as {
          retryAfterMs: number;
        };
        expect(retryAfterMs).toBeGreaterThan(27_000);
        expect(retryAfterMs).toBeLessThan(30_001);
      });

      test('a redirect is garbage, and the key goes nowhere', async () => {
        const elsewhere = await startUpstream();
        expect(await faultOf(faults.redirectTo(`${elsewhere.url}/v1`), stream)).toMatchObject({
          kind: 'garbage',
          status: 302,
        });
        expect(elsewhere.connections).toHaveLength(0);
        await elsewhere.close();
      });

      for (const times of [1, 50]) {
        test(`a body compressed ${times} times is garbage`, async () => {
          expect(await faultOf(faults.compressed(dialect, SCRIPT, times), stream)).toMatchObject({ kind: 'garbage' });
        });
      }

      test('endless headers are garbage, soon', async () => {
        expect(await faultOf(faults.endlessHeaders, stream)).toMatchObject({ kind: 'garbage' });
      });

      test('an endless body is garbage', async () => {
        expect(await faultOf(faults.endlessBody(dialect), stream)).toMatchObject({ kind: 'garbage' });
      });

      test('broken JSON is garbage', async () => {
        expect(await faultOf(faults.brokenJson(dialect, SCRIPT), stream)).toMatchObject({ kind: 'garbage' });
      });

      test('a web page is garbage', async () => {
        expect(await faultOf(faults.htmlPage, stream)).toMatchObject({ kind: 'garbage' });
      });

      test('what is not HTTP is garbage', async () => {
        const notHttp: Behaviour = async (exchange) => {
          await exchange.write('220 mail.example.com ESMTP ready\r\n\r\n');
        };
        expect(await faultOf(notHttp, stream)).toMatchObject({ kind: 'garbage' });
      });

      test('broken UTF-8 is replaced and the rest arrives', async () => {
        upstream.answer(faults.brokenUtf8(dialect, SCRIPT, 'beta'));
        const answer = await answerOf(provider, requestOf('hi'), attemptOf(upstreamModel), stream);
        expect(answer.choices[0]?.text).toBe('alphabe\uFFFD\uFFFDtagammadelta');
      });

      test('a connection closed before the headers died', async () => {
        expect(await faultOf((exchange) => exchange.destroy(), stream)).toMatchObject({ kind: 'died' });
        expect(await faultOf((exchange) => exchange.reset(), stream)).toMatchObject({ kind: 'died' });
      });

      test('no connection is a connect fault: refused, name not found, certificate not trusted', async () => {
        const attempt = attemptOf(upstreamModel);
        const self = await startUpstream({ tls: SELF_SIGNED, behaviour: play(dialect, SCRIPT) });
        const addresses = [
          await closedAddress(),
          'http://upstream.invalid',
          self.url,
          self.url.replace('127.0.0.1', 'localhost'),
        ];
        for (const address of addresses) {
          const asked = answerOf(subject.create(dialect.baseUrl(address)), requestOf('hi'), attempt, stream);
          expect(await rejection(asked)).toMatchObject({ kind: 'connect' });
        }
        expect(self.requests).toHaveLength(0);
        await self.close();
      });

      test('a certificate is checked even where the environment says otherwise', async () => {
        const self = await startUpstream({ tls: SELF_SIGNED, behaviour: play(dialect, SCRIPT) });
        process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
        try {
          const asked = answerOf(
            subject.create(dialect.baseUrl(self.url)),
            requestOf('hi'),
            attemptOf(upstreamModel),
            stream,
          );
          expect(await rejection(asked)).toMatchObject({ kind: 'connect' });
        } finally {
          delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
          await self.close();
        }
      });

      test('an address that swallows connections is a connect fault within its time', async () => {
        const hole = await startBlackHole();
        const timeouts = { ...PATIENT, connectMs: 300 };
        const started = performance.now();
        const asked = answerOf(
          subject.create(dialect.baseUrl(hole.url)),
          requestOf('hi'),
          attemptOf(upstreamModel, { timeouts }),
          stream,
        );
        expect(await rejection(asked)).toMatchObject({ kind: 'connect' });
        expect(performance.now() - started).toBeLessThan(600);
        hole.close();
      });

      test('a slow answer from an address that can be reached is waited for', async () => {
        upstream.answer(async (exchange) => {
          await exchange.pause(300);
          await play(dialect, SCRIPT)(exchange);
        });
        const attempt = attemptOf(upstreamModel, { timeouts: { ...PATIENT, connectMs: 100 } });
        expect((await answerOf(provider, requestOf('hi'), attempt, stream)).choices[0]?.finish).toBe('stop');
      });

      test('the whole attempt has a limit', async () => {
        expect(await faultOf(faults.silent, stream, { totalMs: 120 })).toMatchObject({ kind: 'total_timeout' });
        expect(await upstream.connections[0]?.closed).toBeUndefined();
      });

      test('an abort before the first token closes the connection within 50 ms and throws the reason', async () => {
        upstream.answer(faults.silent);
        const controller = new AbortController();
        const reason = new Error('caller gone');
        const attempt = attemptOf(upstreamModel, { signal: controller.signal });
        const asked = rejection(answerOf(provider, requestOf('hi'), attempt, stream));
        const { connection } = await upstream.requestAfter(0);
        const abortedMs = performance.now();
        controller.abort(reason);
        expect(await asked).toBe(reason);
        await connection.closed;
        expect((connection.closedMs ?? Infinity) - abortedMs).toBeLessThan(50);
      });
    });
  }

  describe(`${subject.name}: faults of a whole answer`, () => {
    test('a body shorter than announced died', async () => {
      expect(await faultOf(faults.shortBody(dialect, SCRIPT), false)).toMatchObject({ kind: 'died' });
    });

    test('an error where an answer was due is an error', async () => {
      const body = dialect.errorBody(500, 'internal');
      const fault = await faultOf((exchange) => exchange.send(200, {}, body), false);
      expect(fault).toMatchObject({ kind: 'upstream_error' });
    });

    test('an announced length over the limit is garbage before a byte of it is read', async () => {
      const behaviour: Behaviour = async (exchange) => {
        await exchange.write(
          `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000000000\r\n\r\n`,
        );
      };
      expect(await faultOf(behaviour, false)).toMatchObject({ kind: 'garbage' });
    });

    test('a body that stops in the middle stalled', async () => {
      const behaviour: Behaviour = async (exchange) => {
        await exchange.startStream({ 'content-type': 'application/json' });
        await exchange.chunk('{"a":');
      };
      expect(await faultOf(behaviour, false, { stallMs: 100 })).toMatchObject({ kind: 'stalled' });
    });
  });

  describe(`${subject.name}: faults of a stream`, () => {
    /** The text that was handed over before the fault, and the fault. */
    async function cutShort(behaviour: Behaviour, timeouts: Partial<StageTimeouts> = {}) {
      upstream.answer(behaviour);
      const attempt = attemptOf(upstreamModel, { timeouts: { ...PATIENT, ...timeouts } });
      let text = '';
      const fault = await rejection(
        (async () => {
          for await (const batch of provider.stream(requestOf('hi', { stream: true }), attempt)) {
            for (const event of batch) if (event.type === 'text') text += event.text;
          }
        })(),
      );
      return { text, fault };
    }

    test('silence before the first token', async () => {
      for (const behaviour of [faults.silent, faults.onlyKeepAlive]) {
        const { fault } = await cutShort(behaviour, { firstTokenMs: 150 });
        expect(fault).toMatchObject({ kind: 'first_token_timeout' });
      }
    });

    test('silence in the middle, noticed in its time and not before', async () => {
      const started = performance.now();
      const { text, fault } = await cutShort(faults.stallMidway(dialect, SCRIPT), { stallMs: 150 });
      expect(fault).toMatchObject({ kind: 'stalled' });
      expect(text).toBe('alphabeta');
      expect(performance.now() - started).toBeGreaterThan(149);
      expect(performance.now() - started).toBeLessThan(1000);
      await upstream.connections[0]?.closed;
    });

    test('a reader that takes its time is not the upstream falling silent', async () => {
      upstream.answer(play(dialect, SCRIPT, { gapMs: 20 }));
      const attempt = attemptOf(upstreamModel, { timeouts: { ...PATIENT, stallMs: 100 } });
      let batches = 0;
      for await (const batch of provider.stream(requestOf('hi', { stream: true }), attempt)) {
        batches += batch.length > 0 ? 1 : 0;
        if (batches < 3) await Bun.sleep(150);
      }
      expect(batches).toBeGreaterThan(1);
    });

    test('death in the middle, by FIN, by RST and behind a proper end of the body', async () => {
      const behaviours = [
        faults.dieMidway(dialect, SCRIPT, 'destroy'),
        faults.dieMidway(dialect, SCRIPT, 'reset'),
        faults.endMidway(dialect, SCRIPT),
      ];
      for (const behaviour of behaviours) {
        const { text, fault } = await cutShort(behaviour);
        expect(fault).toMatchObject({ kind: 'died' });
        expect(text).toBe('alphabeta');
      }
    });

    test('an error in band, behind output and instead of it', async () => {
      const { text, fault } = await cutShort(faults.errorInBand(dialect, SCRIPT));
      expect(fault).toMatchObject({ kind: 'in_band' });
      expect(text).toBe('alphabeta');
      const atOnce = await cutShort(faults.errorInBand(dialect, SCRIPT, true));
      expect(atOnce.fault).toMatchObject({ kind: expect.stringMatching(/^(in_band|upstream_error)$/) as string });
    });

    test('broken JSON behind output hands over the output first', async () => {
      const { text, fault } = await cutShort(faults.brokenJson(dialect, SCRIPT));
      expect(fault).toMatchObject({ kind: 'garbage' });
      expect(text).toBe('alphabeta');
    });

    test('a line of 100 MB is garbage, and memory stays flat', async () => {
      const before = process.memoryUsage().rss;
      const { fault } = await cutShort(faults.endlessLine(100 * 1024 * 1024));
      expect(fault).toMatchObject({ kind: 'garbage' });
      expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
    });

    test('a missing end is an end only where the format allows it', async () => {
      if (dialect.endOptional) {
        upstream.answer(faults.withoutEnd(dialect, SCRIPT));
        const answer = await answerOf(provider, requestOf('hi'), attemptOf(upstreamModel), true);
        expect(answer.choices[0]?.text).toBe('alphabetagammadelta');
        return;
      }
      const { text, fault } = await cutShort(faults.withoutEnd(dialect, SCRIPT));
      expect(fault).toMatchObject({ kind: 'died' });
      expect(text).toBe('alphabetagammadelta');
    });

    test('an end sent twice is one end', async () => {
      upstream.answer(faults.endTwice(dialect, SCRIPT));
      const events = await eventsOf(provider.stream(requestOf('hi', { stream: true }), attemptOf(upstreamModel)));
      expect(events.filter((event) => event.type === 'finish')).toHaveLength(1);
    });

    test('a connection left open behind the end does not hold the answer up, and is closed', async () => {
      if (dialect.endFrames === 0) return;
      upstream.answer(faults.neverClose(dialect, SCRIPT));
      const started = performance.now();
      const answer = await answerOf(provider, requestOf('hi'), attemptOf(upstreamModel), true);
      expect(answer.choices[0]?.text).toBe('alphabetagammadelta');
      expect(performance.now() - started).toBeLessThan(SMALL_LIMITS.drainMs);
      await upstream.connections[0]?.closed;
    });

    if (subject.name === 'openai') {
      test('an answer in one piece where a stream was asked for is that answer', async () => {
        upstream.answer((exchange) => exchange.send(200, {}, dialect.whole(SCRIPT)));
        const streamed = await answerOf(provider, requestOf('hi'), attemptOf(upstreamModel), true);
        const whole = await answerOf(provider, requestOf('hi'), attemptOf(upstreamModel), false);
        expect(streamed).toEqual(whole);
      });
    } else {
      test('an answer in one piece where a stream was asked for is garbage', async () => {
        const { fault } = await cutShort((exchange) => exchange.send(200, {}, dialect.whole(SCRIPT)));
        expect(fault).toMatchObject({ kind: 'garbage' });
      });
    }

    for (const how of ['abort while waiting', 'abort between reads', 'return', 'return while waiting'] as const) {
      test(`${how}: the connection closes within 50 ms`, async () => {
        upstream.answer(faults.stallMidway(dialect, SCRIPT));
        const controller = new AbortController();
        const reason = new Error('caller gone');
        const attempt = attemptOf(upstreamModel, { signal: controller.signal });
        const iterator = provider.stream(requestOf('hi', { stream: true }), attempt)[Symbol.asyncIterator]();
        await readUntil(iterator, 'beta');
        const pending = how.endsWith('waiting') ? iterator.next().catch((error: unknown) => error) : undefined;
        const connection = upstream.connections[0];
        const endedMs = performance.now();
        if (how.startsWith('abort')) controller.abort(reason);
        else await iterator.return?.();
        await connection?.closed;
        expect((connection?.closedMs ?? Infinity) - endedMs).toBeLessThan(50);
        if (how === 'abort while waiting') expect(await pending).toBe(reason);
        if (how === 'abort between reads') expect(await rejection(iterator.next())).toBe(reason);
        if (how === 'return while waiting') expect(await pending).toMatchObject({ done: true });
        expect((await iterator.next()).done).toBe(true);
      });
    }

    test('attempts leave nothing behind on a signal that lives on', async () => {
      const { signal } = new AbortController();
      let listeners = 0;
      const watched = new Proxy(signal, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name, target);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]) => {
            if (name === 'addEventListener') listeners++;
            if (name === 'removeEventListener') listeners--;
            return Reflect.apply(value, target, args) as unknown;
          };
        },
      });
      const attempt = attemptOf(upstreamModel, { signal: watched });
      upstream.answer(play(dialect, SCRIPT));
      await answerOf(provider, requestOf('hi'), attempt, true);
      await answerOf(provider, requestOf('hi'), attempt, false);
      upstream.answer(faults.failWith(dialect, 500, 'no'));
      await rejection(answerOf(provider, requestOf('hi'), attempt, true));
      await rejection(answerOf(provider, requestOf('hi'), attempt, false));
      expect(listeners).toBe(0);
    });
  });
}

async function readUntil(iterator: AsyncIterator<readonly { readonly type: string }[]>, text: string): Promise<void> {
  for (;;) {
    const { done, value } = await iterator.next();
    if (done || JSON.stringify(value).includes(text)) return;
  }
}

/** An address nobody listens on. */
async function closedAddress(): Promise<string> {
  const gone = await startUpstream();
  await gone.close();
  return gone.url;
}
