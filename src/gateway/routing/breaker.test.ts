import { describe, expect, test } from 'bun:test';
import { createHeldTime } from '../../../test/world/time.ts';
import { ProviderFault, type ProviderFaultKind } from '../../providers/index.ts';
import { createBreaker } from './breaker.ts';

const SETTINGS = { samples: 4, failureRatio: 0.5, openMs: 1_000 };

function start() {
  const time = createHeldTime();
  return { time, breaker: createBreaker(SETTINGS, time.clock) };
}

function fault(kind: ProviderFaultKind, retryAfterMs?: number): ProviderFault {
  return new ProviderFault(kind, 'test', { retryAfterMs });
}

/** A breaker that has just opened by its ratio. */
function startOpen() {
  const started = start();
  for (let i = 0; i < SETTINGS.samples; i++) started.breaker.begin().fail(fault('died'));
  return started;
}

describe('opening', () => {
  test('takes the ratio of failures over as many outcomes as are looked at, and not one less', () => {
    const few = start();
    for (let i = 0; i < SETTINGS.samples - 1; i++) few.breaker.begin().fail(fault('died'));
    expect(few.breaker.state()).toBe('closed');

    const { breaker } = start();
    for (let i = 0; i < 3; i++) breaker.begin().succeed();
    breaker.begin().fail(fault('connect'));
    expect(breaker.state()).toBe('closed');
    breaker.begin().fail(fault('upstream_error'));
    expect(breaker.state()).toBe('open');
    expect(breaker.waitMs()).toBe(SETTINGS.openMs);
  });

  test('never follows from what callers did wrong', () => {
    const { breaker } = start();
    for (let i = 0; i < 50; i++) breaker.begin().fail(fault('rejected', 5_000));
    expect(breaker.state()).toBe('closed');
    expect(breaker.waitMs()).toBe(0);
  });

  test('never follows from callers that left', () => {
    const { breaker } = start();
    for (let i = 0; i < 50; i++) breaker.begin().abandon();
    expect(breaker.waitMs()).toBe(0);
  });

  test('follows at once from a refused credential, and from a stated wait, which is obeyed up to two minutes', () => {
    const credential = start();
    credential.breaker.begin().fail(fault('credential'));
    expect(credential.breaker.waitMs()).toBe(60_000);
    const limited = start();
    limited.breaker.begin().fail(fault('rate_limited', 7_500));
    expect(limited.breaker.waitMs()).toBe(7_500);
    const greedy = start();
    greedy.breaker.begin().fail(fault('rate_limited', 86_400_000));
    expect(greedy.breaker.waitMs()).toBe(120_000);
  });

  test('a limit without a stated wait is a failure like others', () => {
    const { breaker } = start();
    breaker.begin().fail(fault('rate_limited'));
    expect(breaker.waitMs()).toBe(0);
  });
});

describe('closing', () => {
  test('takes one probe at a time, and its first answer', async () => {
    const { breaker, time } = startOpen();
    await time.advance(SETTINGS.openMs - 1);
    expect(breaker.waitMs()).toBe(1);
    await time.advance(1);
    expect(breaker.state()).toBe('probing');
    expect(breaker.waitMs()).toBe(0);
    const probe = breaker.begin();
    expect(breaker.waitMs()).toBeGreaterThan(0);
    probe.answer();
    expect(breaker.state()).toBe('closed');
    expect(breaker.waitMs()).toBe(0);
    probe.fail(fault('died'));
    expect(breaker.state()).toBe('closed');
  });

  test('a probe that fails opens it again', async () => {
    const { breaker, time } = startOpen();
    await time.advance(SETTINGS.openMs);
    breaker.begin().fail(fault('unavailable', 3_000));
    expect(breaker.waitMs()).toBe(3_000);
  });

  test('a probe that says nothing about the upstream leaves its place to the next one', async () => {
    const { breaker, time } = startOpen();
    await time.advance(SETTINGS.openMs);
    breaker.begin().abandon();
    expect(breaker.waitMs()).toBe(0);
    breaker.begin().fail(fault('rejected'));
    expect(breaker.state()).toBe('probing');
    expect(breaker.waitMs()).toBe(0);
    breaker.begin().succeed();
    expect(breaker.state()).toBe('closed');
  });

  test('requests from before it opened neither close it, nor keep it open, nor free the place of the probe', async () => {
    const { breaker, time } = start();
    const early = Array.from({ length: 3 }, () => breaker.begin());
    for (let i = 0; i < SETTINGS.samples; i++) breaker.begin().fail(fault('died'));
    await time.advance(SETTINGS.openMs - 100);
    early[0]?.fail(fault('first_token_timeout'));
    expect(breaker.waitMs()).toBe(100);
    await time.advance(100);
    const probe = breaker.begin();
    early[1]?.succeed();
    early[2]?.abandon();
    expect(breaker.state()).toBe('probing');
    expect(breaker.waitMs()).toBeGreaterThan(0);
    probe.succeed();
    expect(breaker.state()).toBe('closed');
  });

  test('forgets what was before', async () => {
    const { breaker, time } = startOpen();
    await time.advance(SETTINGS.openMs);
    breaker.begin().succeed();
    breaker.begin().fail(fault('died'));
    breaker.begin().fail(fault('died'));
    expect(breaker.state()).toBe('closed');
  });
});
