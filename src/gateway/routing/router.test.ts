import { describe, expect, test } from 'bun:test';
import { createHeldTime, type HeldTime } from '../../../test/world/time.ts';
import type { Config, TargetConfig } from '../../config/config.ts';
import { type Provider, type ProviderAbilities, ProviderFault, type ProviderFaultKind } from '../../providers/index.ts';
import { createRouter, type Model, type Router } from './router.ts';
import type { Target } from './target.ts';

const ABLE: ProviderAbilities = {
  embeddings: true,
  tools: true,
  images: true,
  structuredOutput: true,
  logprobs: true,
  choices: true,
};
const UNUSED = () => {
  throw new Error('routing calls no provider itself');
};

interface World {
  readonly time: HeldTime;
  readonly router: Router;
  model(alias?: string): Model;
}

interface WorldParts {
  /** Targets by alias. */
  readonly models: Readonly<Record<string, readonly Partial<TargetConfig>[]>>;
  readonly fallbacks?: Readonly<Record<string, readonly string[]>>;
  readonly abilities?: Readonly<Record<string, Partial<ProviderAbilities>>>;
  readonly routing?: Partial<Config['routing']>;
  readonly unit?: () => number;
}

function createWorld(parts: WorldParts): World {
  const time = createHeldTime();
  const models: Record<string, unknown> = {};
  const providers = new Map<string, Provider>();
  for (const [alias, targets] of Object.entries(parts.models)) {
    models[alias] = { targets: targets.map(targetOf), fallbacks: parts.fallbacks?.[alias] ?? [] };
    for (const { provider = 'p' } of targets) {
      const abilities = { ...ABLE, ...parts.abilities?.[provider] };
      providers.set(provider, { kind: 'test', abilities, complete: UNUSED, stream: UNUSED, embed: UNUSED });
    }
  }
  const breaker = { samples: 4, failureRatio: 0.5, openMs: 5_000 };
  const routing = { attemptsMax: 3, retryRatio: 0.1, breaker, ...parts.routing };
  // Routing reads only these two members of the configuration.
  const config = { models, routing } as unknown as Config;
  const random = { unit: parts.unit ?? seeded(1) };
  const router = createRouter(config, providers, { clock: time.clock, random, sleep: time.sleep });
  return {
    time,
    router,
    model(alias = 'm') {
      const model = router.models.get(alias);
      if (!model) throw new Error(`no model ${alias}`);
      return model;
    },
  };
}

function targetOf(target: Partial<TargetConfig>): TargetConfig {
  const timeouts = { connectMs: 1, firstTokenMs: 1, stallMs: 1, totalMs: 1 };
  const rest = { provider: 'p', upstreamModel: 'u', weight: 1, passFields: [], concurrencyMax: 1_000 };
  return { ...rest, timeouts, ...target };
}

/** mulberry32, so that a failure can be repeated. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function fault(kind: ProviderFaultKind, retryAfterMs?: number): ProviderFault {
  return new ProviderFault(kind, 'test', { retryAfterMs });
}

/** Attempts that end as the script says, in order; `'ok'` once it has run out. */
function scripted(...script: (ProviderFault | 'ok')[]) {
  const asked: string[] = [];
  return {
    asked,
    attempt: async (target: Target): Promise<string> => {
      const step = script[asked.length] ?? 'ok';
      asked.push(target.name);
      if (step !== 'ok') throw step;
      return target.name;
    },
  };
}

async function routeUntilDone(
  world: World,
  attempt: (target: Target) => Promise<string>,
  needs: (keyof ProviderAbilities)[] = [],
) {
  const routed = world.router.route(world.model(), needs, attempt);
  await world.time.advance(10_000);
  return routed;
}

describe('choosing', () => {
  test('follows the weights', async () => {
    const weights = [1, 2, 5];
    const world = createWorld({ models: { m: weights.map((weight) => ({ weight })) } });
    const counts = new Map<string, number>();
    const draws = 8_000;
    for (let i = 0; i < draws; i++) {
      const routed = await world.router.route(world.model(), [], async (target) => target.name);
      if (!routed.ok) throw new Error('a target was ready');
      routed.value.lease.succeed(1);
      counts.set(routed.value.value, (counts.get(routed.value.value) ?? 0) + 1);
    }
    let chiSquare = 0;
    weights.forEach((weight, position) => {
      const expected = (draws * weight) / 8;
      chiSquare += ((counts.get(`m/${position}`) ?? 0) - expected) ** 2 / expected;
    });
    // 13.8 is passed once in a thousand runs of a fair draw with two degrees of freedom.
    expect(chiSquare).toBeLessThan(13.8);
  });

  test('gives somebody the rest that rounding leaves', async () => {
    const world = createWorld({ models: { m: [{ weight: 0.1 }, { weight: 0.2 }, { weight: 0.3 }] }, unit: () => 1 });
    expect((await routeUntilDone(world, scripted().attempt)).ok).toBe(true);
  });

  test('skips targets that cannot do what is asked', async () => {
    const models = { m: [{ provider: 'plain' }, { provider: 'rich' }, { provider: 'plain' }] };
    const world = createWorld({ models, abilities: { plain: { tools: false } } });
    for (let i = 0; i < 20; i++) {
      const routed = await world.router.route(world.model(), ['tools'], async (target) => target.name);
      expect(routed.ok && routed.value.value).toBe('m/1');
    }
  });

  test('goes to fallbacks in order once a tier has nobody left', async () => {
    const models = { m: [{}, {}], second: [{}], third: [{}] };
    const world = createWorld({ models, fallbacks: { m: ['second', 'third'] }, routing: { attemptsMax: 9 } });
    const script = scripted(fault('died'), fault('upstream_error'), fault('garbage'));
    const routed = await routeUntilDone(world, script.attempt);
    expect(script.asked.slice(0, 2).sort()).toEqual(['m/0', 'm/1']);
    expect(script.asked.slice(2)).toEqual(['second/0', 'third/0']);
    expect(routed.ok && routed.value.attempts).toBe(4);
  });

  test('shares health between an alias and those that fall back on it', async () => {
    const models = { m: [{}], other: [{}] };
    const world = createWorld({ models, fallbacks: { m: ['other'] } });
    await world.router.route(world.model('other'), [], scripted(fault('credential')).attempt);
    const routed = await world.router.route(world.model(), [], scripted(fault('credential')).attempt);
    expect(routed.ok).toBe(false);
    expect(world.router.health().map((one) => [one.target, one.failed, one.breaker])).toEqual([
      ['m/0', 1, 'open'],
      ['other/0', 1, 'open'],
    ]);
  });
});

describe('trying again', () => {
  test('never follows a request the upstream refuses as wrong', async () => {
    const world = createWorld({ models: { m: [{}, {}], n: [{}] }, fallbacks: { m: ['n'] } });
    const script = scripted(fault('rejected'));
    const routed = await routeUntilDone(world, script.attempt);
    expect(script.asked.length).toBe(1);
    expect(!routed.ok && routed.refusal.fault?.kind).toBe('rejected');
  });

  for (const kind of ['connect', 'unavailable', 'rate_limited'] as const) {
    test(`asks the same target again after ${kind}`, async () => {
      const world = createWorld({ models: { m: [{}] } });
      const script = scripted(fault(kind));
      const routed = await routeUntilDone(world, script.attempt);
      expect(script.asked).toEqual(['m/0', 'm/0']);
      expect(routed.ok && routed.value.attempts).toBe(2);
    });
  }

  for (const kind of ['upstream_error', 'credential', 'first_token_timeout', 'died', 'garbage', 'in_band'] as const) {
    test(`asks only others after ${kind}`, async () => {
      const world = createWorld({ models: { m: [{}] } });
      const script = scripted(fault(kind));
      expect((await routeUntilDone(world, script.attempt)).ok).toBe(false);
      expect(script.asked.length).toBe(1);
    });
  }

  for (const kind of ['unavailable', 'rate_limited'] as const) {
    test(`waits as long as the upstream says after ${kind} when that is short, and not at all when it is long`, async () => {
      const world = createWorld({ models: { m: [{}] } });
      const short = scripted(fault(kind, 1_500));
      const routing = world.router.route(world.model(), [], short.attempt);
      await world.time.advance(1_499);
      expect(short.asked.length).toBe(1);
      await world.time.advance(10);
      expect(short.asked.length).toBe(2);
      const routed = await routing;
      if (routed.ok) routed.value.lease.succeed(1);
      expect(routed.ok).toBe(true);

      const long = scripted(fault(kind, 30_000));
      const refused = await world.router.route(world.model(), [], long.attempt);
      expect(long.asked.length).toBe(1);
      expect(!refused.ok && refused.refusal.retryAfterMs).toBe(30_000);
    });
  }

  test('does not ask a target that was filled or given up while it waited', async () => {
    const world = createWorld({ models: { m: [{ concurrencyMax: 1 }] } });
    const script = scripted(fault('connect'));
    const routing = world.router.route(world.model(), [], script.attempt);
    await Promise.resolve();
    const other = await world.router.route(world.model(), [], async () => 'other');
    await world.time.advance(5_000);
    expect((await routing).ok).toBe(false);
    expect(script.asked.length).toBe(1);
    expect(other.ok).toBe(true);
  });

  test('ends with the attempts allowed', async () => {
    const world = createWorld({ models: { m: Array.from({ length: 9 }, () => ({})) } });
    const script = scripted(...Array.from({ length: 9 }, () => fault('died')));
    const routed = await routeUntilDone(world, script.attempt);
    expect(script.asked.length).toBe(3);
    expect(new Set(script.asked).size).toBe(3);
    expect(!routed.ok && routed.refusal.attempts).toBe(3);
  });

  test('ends with the budget of the provider', async () => {
    const breaker = { samples: 1_000, failureRatio: 1, openMs: 1 };
    const world = createWorld({ models: { m: [{}, {}] }, routing: { attemptsMax: 2, retryRatio: 0, breaker } });
    let attempts = 0;
    for (let i = 0; i < 40; i++) {
      await world.router.route(world.model(), [], async () => {
        attempts++;
        throw fault('died');
      });
    }
    expect(attempts).toBe(40 + 10);
  });
});

describe('what comes back', () => {
  test('an error that is no fault of a provider passes through, and the place is free again', async () => {
    const world = createWorld({ models: { m: [{ concurrencyMax: 1 }] } });
    const gone = new Error('the caller left');
    const attempt = () => Promise.reject(gone);
    expect(world.router.route(world.model(), [], attempt)).rejects.toBe(gone);
    await world.time.advance(0);
    expect(world.router.health()[0]).toMatchObject({ inFlight: 0, failed: 0, breaker: 'closed' });
    expect((await routeUntilDone(world, scripted().attempt)).ok).toBe(true);
  });

  test('a full target refuses soon-ness, and its place comes back with the lease', async () => {
    const world = createWorld({ models: { m: [{ concurrencyMax: 2 }] } });
    const first = await routeUntilDone(world, scripted().attempt);
    await routeUntilDone(world, scripted().attempt);
    const refused = await routeUntilDone(world, scripted().attempt);
    expect(refused).toEqual({ ok: false, refusal: { fault: null, retryAfterMs: 1_000, attempts: 0 } });
    if (first.ok) first.value.lease.succeed(120);
    expect((await routeUntilDone(world, scripted().attempt)).ok).toBe(true);
    expect(world.router.health()[0]).toMatchObject({ inFlight: 2, succeeded: 1, firstTokenMs: 120 });
  });

  test('when every breaker is open, the wait is that of the first target that may and can', async () => {
    const models = { m: [{ provider: 'a' }, { provider: 'b' }], n: [{ provider: 'plain' }] };
    const world = createWorld({ models, fallbacks: { m: ['n'] }, abilities: { plain: { tools: false } } });
    for (const ms of [9_000, 30_000]) {
      await world.router.route(world.model(), ['tools'], async () => {
        throw fault('rate_limited', ms);
      });
      await world.router.route(world.model(), ['tools'], async () => {
        throw fault('rate_limited', ms);
      });
    }
    const refused = await world.router.route(world.model(), ['tools'], scripted().attempt);
    expect(refused).toEqual({ ok: false, refusal: { fault: null, retryAfterMs: 9_000, attempts: 0 } });
    await world.time.advance(9_000);
    expect((await world.router.route(world.model(), ['tools'], scripted().attempt)).ok).toBe(true);
  });

  test('needs that nobody meets never come with a time to come back', async () => {
    const world = createWorld({ models: { m: [{}] }, abilities: { p: { images: false } } });
    const refused = await world.router.route(world.model(), ['images'], scripted().attempt);
    expect(!refused.ok && refused.refusal.retryAfterMs).toBe(null);
  });

  test('a probe opens the way for others with its first answer, not with its last', async () => {
    const world = createWorld({ models: { m: [{}] } });
    await world.router.route(world.model(), [], scripted(fault('rate_limited', 4_000)).attempt);
    await world.time.advance(4_000);
    const probe = await world.router.route(world.model(), [], scripted().attempt);
    const next = await world.router.route(world.model(), [], scripted().attempt);
    expect([probe.ok, next.ok]).toEqual([true, true]);
  });
});
