import { describe, expect, test } from 'bun:test';
import { ProviderFault, type ProviderFaultKind } from '../../providers/index.ts';
import { StorageFault } from '../../storage/sql/writer.ts';
import { REFUSALS, type Refusal, refusalMessage } from '../refusal.ts';
import { CutError, type CutReason } from '../streaming/live.ts';
import { explainError, explainLimit, explainNoTarget, mayHaveCost } from './explain.ts';
import { outcomeOf } from './failure.ts';

const KINDS: readonly ProviderFaultKind[] = [
  'connect',
  'rate_limited',
  'unavailable',
  'upstream_error',
  'rejected',
  'credential',
  'first_token_timeout',
  'stalled',
  'total_timeout',
  'died',
  'garbage',
  'in_band',
];
const CUTS: readonly CutReason[] = ['access_revoked', 'cancelled', 'client_gone', 'reader_stalled', 'draining'];

/** Both sentences are whole: no `{name}` was left open. */
function expectWhole(refused: Refusal): void {
  for (const language of ['en', 'zh'] as const) expect(refusalMessage(refused, language)).not.toMatch(/[{}]|undefined/);
}

describe('errors', () => {
  test('of upstreams become a sentence each, with the model as the caller named it', () => {
    for (const kind of KINDS) {
      const refused = explainError(new ProviderFault(kind, 'internal words'), 'gpt-x');
      expectWhole(refused);
      expect(refused.reason).toStartWith('upstream_');
      expect(refusalMessage(refused, 'en')).toContain('"gpt-x"');
      expect(refusalMessage(refused, 'en')).not.toContain('internal words');
      expect(outcomeOf(refused)).toBe('failed');
    }
  });

  test('of upstreams pass on the wait, the field and the words about a wrong request', () => {
    const limited = explainError(new ProviderFault('rate_limited', '', { retryAfterMs: 1_500 }), 'm');
    expect(limited).toMatchObject({ reason: 'upstream_rate_limited', retryAfterMs: 1_500 });
    const rejected = explainError(
      new ProviderFault('rejected', '', { upstreamMessage: 'n is too big', param: 'n' }),
      'm',
    );
    expect(rejected).toMatchObject({ reason: 'upstream_rejected', param: 'n' });
    expect(refusalMessage(rejected, 'zh')).toEndWith('n is too big');
    expect(REFUSALS[rejected.reason].retry).toBe('no');
  });

  test('of our own cutting become whole sentences, and are recorded as what they are', () => {
    const outcomes = CUTS.map((reason) => {
      const refused = explainError(new CutError(reason), 'm');
      expectWhole(refused);
      expect(refused.reason).toBe(reason);
      return outcomeOf(refused);
    });
    expect(outcomes).toEqual(['cut', 'cancelled', 'disconnected', 'disconnected', 'cut']);
  });

  test('of the store and of nobody knows what', () => {
    expect(explainError(new StorageFault('queue_full', 'x'), 'm').reason).toBe('storage_unavailable');
    for (const error of [new Error('boom'), 'text', null, undefined])
      expect(explainError(error, 'm').reason).toBe('internal');
  });
});

test('no target: the last fault, or when one may be ready', () => {
  const fault = new ProviderFault('died', '');
  expect(explainNoTarget({ fault, retryAfterMs: null, attempts: 1 }, 'm').reason).toBe('upstream_died');
  const waiting = explainNoTarget({ fault: null, retryAfterMs: 700, attempts: 0 }, 'm');
  expect(waiting).toMatchObject({ reason: 'upstream_unavailable', retryAfterMs: 700 });
  expect(explainNoTarget({ fault: null, retryAfterMs: null, attempts: 0 }, 'm').retryAfterMs).toBeUndefined();
});

test('only an upstream that may have read the prompt may charge for it', () => {
  const costly = KINDS.filter((kind) => mayHaveCost(new ProviderFault(kind, '')));
  expect(costly).toEqual(['first_token_timeout', 'stalled', 'total_timeout', 'died', 'garbage', 'in_band']);
});

describe('limits', () => {
  const subjects = ['key', 'app', 'account', 'model'] as const;

  test('become whole sentences in the language asked for, with the number and the time', () => {
    for (const subject of subjects) {
      for (const limit of ['requests', 'tokens', 'concurrency'] as const) {
        for (const retryAfterMs of [1_200, Number.POSITIVE_INFINITY]) {
          for (const language of ['en', 'zh'] as const) {
            const message = refusalMessage(
              explainLimit({ limit, subject, max: 60, retryAfterMs }, 500, language),
              language,
            );
            expect(message).not.toMatch(/[{}]|undefined|null/);
            expect(message).toContain('60');
          }
        }
      }
    }
    const refused = explainLimit({ limit: 'requests', subject: 'app', max: 60, retryAfterMs: 1_200 }, 0, 'zh');
    expect(refusalMessage(refused, 'zh')).toContain('此应用每分钟最多 60 次。请在 2 秒后重试');
    expect(refused.retryAfterMs).toBe(1_200);
  });

  test('that a request can never meet ask for no retry', () => {
    const never = explainLimit(
      { limit: 'tokens', subject: 'key', max: 60, retryAfterMs: Number.POSITIVE_INFINITY },
      99,
      'en',
    );
    expect(never.reason).toBe('token_rate_never');
    expect(never.retryAfterMs).toBeUndefined();
    expect(refusalMessage(never, 'en')).toContain('about 99 tokens');
  });
});
