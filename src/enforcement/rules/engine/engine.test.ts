import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { RequestFacts } from '../../path.ts';
import type { CompiledRule } from '../compile/compiled-rule.ts';
import type { RuleDocument } from '../contract.ts';
import { PLAIN_EVENT, START_MS } from '../proving/events.ts';
import { compiledOf } from '../proving/rule.ts';
import { createEngine, type Engine } from './engine.ts';
import type { Hit, RuleCase, RuleSignal, StandingRule } from './engine-deps.ts';

const HOUR_MS = 3_600_000;

interface World {
  readonly engine: Engine;
  readonly hits: Hit[];
  readonly signals: RuleSignal[];
  readonly cases: RuleCase[];
  readonly paused: string[];
  readonly capped: string[];
  /** What one look at the clock takes, milliseconds. */
  tickMs: number;
}

function createWorld(): World {
  let nowMs = 0;
  const world: Omit<World, 'engine'> = { hits: [], signals: [], cases: [], paused: [], capped: [], tickMs: 0 };
  const engine = createEngine({
    clock: { monoMs: () => (nowMs += made.tickMs) },
    seeds: [3, 5],
    counterBytesMax: 16 * 1_048_576,
    onHit: (hit) => void world.hits.push(hit),
    onSignal: (signal) => void world.signals.push(signal),
    onCase: (asked) => void world.cases.push(asked),
    onPause: (rule, _version, reason) => void world.paused.push(`${rule} ${reason}`),
    onCapped: (rule) => void world.capped.push(rule),
  });
  const made: World = { ...world, engine };
  return made;
}

const standing = (rule: CompiledRule, mode: StandingRule['mode'] = 'live', canaryPercent = 5): StandingRule => {
  return { rule, mode, canaryPercent };
};
type Parts = Partial<Record<keyof RuleDocument, unknown>>;

const REQUEST: RequestFacts = {
  requestId: 'req_1',
  atMs: START_MS,
  owner: { accountId: 'acc_1', keyId: 'key_1', app: null, member: null, endUser: null, product: 'api' },
  endpoint: 'chat.completions',
  model: 'small',
  streamed: true,
  inputTokens: 10,
  networkPrefix: '10.0.0.0/24',
  clientClass: 'curl',
  prompt: null,
};
const inPath = (name: string, action: unknown, parts: Parts = {}) =>
  compiledOf({ name, on: 'request', when: "endpoint == 'chat.completions'", action, ...parts });

describe('modes', () => {
  test('only what is live acts; shadow leaves a mark; a draft and what is paused are not asked', () => {
    for (const mode of ['draft', 'shadow', 'live', 'paused'] as const) {
      const { engine, hits } = createWorld();
      engine.put([standing(inPath('one', { do: 'refuse' }), mode)]);
      const verdict = engine.judge(REQUEST);
      expect([mode, verdict.action]).toEqual([mode, mode === 'live' ? 'refuse' : 'allow']);
      const shown = hits.map((hit) => [hit.id, hit.mode, hit.acted]);
      const wanted = {
        draft: [],
        paused: [],
        shadow: [['one@1:req_1', 'shadow', null]],
        live: [['one@1:req_1', 'live', 'refuse']],
      };
      expect(shown).toEqual(wanted[mode] as typeof shown);
    }
  });

  test('a canary acts on about its share of accounts, always the same ones', () => {
    const { engine } = createWorld();
    engine.put([standing(inPath('one', { do: 'refuse' }, { actions_per_hour_max: 100_000 }), 'canary', 20)]);
    const refused = () =>
      Array.from({ length: 450 }, (_, nth) => {
        const owner = { ...REQUEST.owner, accountId: `acc_${nth}` };
        return engine.judge({ ...REQUEST, requestId: `req_${nth}`, owner }).action === 'refuse';
      });
    const first = refused();
    expect(first.filter(Boolean).length).toBeGreaterThan(60);
    expect(first.filter(Boolean).length).toBeLessThan(125);
    expect(refused()).toEqual(first);
  });

  test('after its end a rule is asked no more', () => {
    const { engine, paused } = createWorld();
    engine.put([standing(inPath('one', { do: 'refuse' }, { expires_at: '2026-11-20T00:00:01Z' }))]);
    expect(engine.judge(REQUEST).action).toBe('refuse');
    expect(engine.judge({ ...REQUEST, atMs: START_MS + 1_000 }).action).toBe('allow');
    expect(paused).toEqual(['one expired']);
  });
});

describe('several rules', () => {
  const ACTIONS = [
    { do: 'refuse' },
    { do: 'hold' },
    { do: 'throttle', retry_after_s: 5 },
    { do: 'throttle', retry_after_s: 60 },
  ];
  const SIGNAL = { do: 'signal', conduct: 'resale', confidence: 0.5 };
  const rules = [...ACTIONS, ...ACTIONS, SIGNAL, SIGNAL].map((action, nth) => inPath(`rule_${nth}`, action));

  test('what comes of them does not depend on their order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(rules, { minLength: 1 }), (some) => {
        const verdictOf = (order: readonly CompiledRule[]) => {
          const { engine, signals } = createWorld();
          engine.put(order.map((rule) => standing(rule)));
          return [engine.judge(REQUEST), signals.map(({ sourceVersion }) => sourceVersion).sort()];
        };
        expect(verdictOf(some)).toEqual(verdictOf(some.toSorted((a, b) => (a.name < b.name ? -1 : 1))));
      }),
      { numRuns: 200 },
    );
  });

  test('the gravest verdict wins, of two waits the longer', () => {
    const { engine } = createWorld();
    engine.put([inPath('a', ACTIONS[2]), inPath('b', ACTIONS[3])].map((rule) => standing(rule)));
    expect(engine.judge(REQUEST)).toMatchObject({ action: 'throttle', rule: 'b@1', retryAfterMs: 60_000 });
    engine.put(
      [inPath('a', ACTIONS[1]), inPath('b', ACTIONS[0]), inPath('c', ACTIONS[3])].map((rule) => standing(rule)),
    );
    expect(engine.judge(REQUEST)).toMatchObject({ action: 'refuse', rule: 'b@1', retryAfterMs: null });
  });
});

describe('a rule is paused and recorded, never passed', () => {
  test('where it comes to a fault', () => {
    const { engine, paused, hits } = createWorld();
    engine.put([standing(inPath('one', { do: 'refuse' }, { when: '10 / input_tokens > 1' }))]);
    expect(engine.judge({ ...REQUEST, inputTokens: 5 }).action).toBe('refuse');
    expect(engine.judge({ ...REQUEST, inputTokens: 0 }).action).toBe('allow');
    expect(paused).toEqual(['one fault']);
    expect(engine.judge({ ...REQUEST, inputTokens: 5 }).action).toBe('allow');
    // The request it broke on is on record as one nobody can say anything of.
    expect(hits).toMatchObject([
      { acted: 'refuse', unknown: false },
      { acted: null, unknown: true },
    ]);
  });

  test('where it throws, and its neighbours go on', () => {
    const { engine, paused } = createWorld();
    const good = inPath('good', { do: 'hold' });
    const bad: CompiledRule = {
      ...inPath('bad', { do: 'refuse' }),
      condition: {
        ...good.condition,
        evaluate: () => {
          throw new Error('broken');
        },
      },
    };
    engine.put([standing(bad), standing(good)]);
    expect(engine.judge(REQUEST).action).toBe('hold');
    expect(paused).toEqual(['bad fault']);
  });

  test('where most of its evaluations take too long, but not for a few slow ones', () => {
    const world = createWorld();
    world.engine.put([standing(inPath('one', { do: 'refuse' }, { when: "model == 'other'" }))]);
    const ask = (count: number) => {
      for (let nth = 0; nth < count; nth++) world.engine.judge(REQUEST);
    };
    ask(16 * 200);
    world.tickMs = 500;
    ask(16 * 40);
    expect(world.paused).toEqual([]);
    ask(16 * 256);
    expect(world.paused).toEqual(['one too_slow']);
  });

  test('where it fires on most of what it sees', () => {
    const { engine, paused } = createWorld();
    engine.put([standing(compiledOf({ when: 'status == 200' }))]);
    for (let nth = 0; nth < 1_100; nth++) engine.ended({ ...PLAIN_EVENT, id: `req_${nth}` });
    expect(paused).toEqual(['tried fire_rate']);
  });

  test('where it fires ten times as often as before', () => {
    const { engine, paused } = createWorld();
    engine.put([standing(compiledOf({ when: 'status == 403' }), 'shadow')]);
    const hour = (nth: number, refused: number) => {
      for (let at = 0; at < 500; at++) {
        const atMs = START_MS + nth * 600_000 + at * 1_000;
        engine.ended({ ...PLAIN_EVENT, id: `req_${nth}_${at}`, atMs, status: at < refused ? 403 : 200 });
      }
    };
    for (let nth = 0; nth < 12; nth++) hour(nth, 4);
    expect(paused).toEqual([]);
    hour(12, 100);
    expect(paused).toEqual(['tried fire_rate']);
  });
});

describe('what is unknown', () => {
  const parts = {
    when: "model == 'small' && count.seen > 1",
    counters: { seen: { kind: 'count', of: 'ended', by: ['account', 'end_user'], window: '1h' } },
  };

  test.each(['skip', 'case', 'act'] as const)('%s', (onUnknown) => {
    const { engine, cases, hits } = createWorld();
    engine.put([standing(inPath('one', { do: 'refuse' }, { ...parts, on_unknown: onUnknown }))]);
    const verdict = engine.judge(REQUEST);
    expect(verdict.action).toBe(onUnknown === 'act' ? 'refuse' : 'allow');
    expect(cases.map(({ why }) => why)).toEqual(onUnknown === 'case' ? ['unknown'] : []);
    expect(hits.map(({ unknown }) => unknown)).toEqual(onUnknown === 'skip' ? [] : [true]);
    expect(engine.figuresOf('one')?.unknown).toBe(1);
  });
});

describe('how much a rule may do', () => {
  test('on so many different ones an hour, and no more; it is told once', () => {
    const { engine, signals, capped } = createWorld();
    engine.put([standing(compiledOf({ when: 'status == 200', actions_per_hour_max: 3 }))]);
    const seen = (nth: number, atMs: number) =>
      engine.ended({ ...PLAIN_EVENT, id: `req_${nth}_${atMs}`, accountId: `acc_${nth}`, atMs });
    for (let nth = 0; nth < 6; nth++) seen(nth, START_MS);
    expect(signals.map(({ owner }) => owner.accountId)).toEqual(['acc_0', 'acc_1', 'acc_2']);
    expect(capped).toEqual(['tried']);
    expect(engine.figuresOf('tried')?.capped).toBe(3);
    seen(0, START_MS + 60_000);
    expect(signals.length).toBe(3);
    seen(0, START_MS + 16 * 60_000);
    expect(signals.length).toBe(4);
    seen(5, START_MS + HOUR_MS);
    expect(signals.length).toBe(5);
  });

  test('nobody uses up its hour with names of end users', () => {
    const { engine, signals, capped } = createWorld();
    engine.put([standing(compiledOf({ when: 'status == 200', actions_per_hour_max: 3 }))]);
    for (let nth = 0; nth < 20; nth++) engine.ended({ ...PLAIN_EVENT, id: `req_${nth}`, endUser: `made up ${nth}` });
    engine.ended({ ...PLAIN_EVENT, id: 'req_other', accountId: 'acc_other' });
    expect(signals.at(-1)?.owner.accountId).toBe('acc_other');
    expect([signals.length, capped]).toEqual([21, []]);
  });
});

describe('counters', () => {
  const counted = (window: string, parts: Parts = {}) =>
    compiledOf({
      counters: { all: { kind: 'count', of: 'ended', by: ['account'], window } },
      when: 'count.all >= 3',
      ...parts,
    });

  test('keep their counts over a change of the rules, as long as any rule declares them', () => {
    const { engine, hits } = createWorld();
    engine.put([standing(counted('1h'))]);
    engine.ended({ ...PLAIN_EVENT, id: 'req_1' });
    engine.ended({ ...PLAIN_EVENT, id: 'req_2' });
    engine.put([standing(counted('1h', { name: 'other', when: 'count.all == 3' }))]);
    engine.ended({ ...PLAIN_EVENT, id: 'req_3' });
    expect(hits.map(({ id }) => id)).toEqual(['other@1:req_3']);
    expect(engine.counters()).toMatchObject({ counters: 1, evicted: 0 });
    engine.put([]);
    expect(engine.counters()).toMatchObject({ counters: 0, bytes: 0 });
  });

  test('say why with values, and with the fewest parts', () => {
    const { engine, hits } = createWorld();
    engine.put([standing(counted('1h', { when: "count.all >= 2 && status == 200 || outcome == 'failed'" }))]);
    engine.ended(PLAIN_EVENT);
    engine.ended({ ...PLAIN_EVENT, id: 'req_2' });
    const texts = hits[0]?.clauses.map(({ text, values }) => [text, values.map(({ value }) => value).join()]);
    expect(texts).toEqual([
      ['count.all >= 2', '2'],
      ['status == 200', '200'],
    ]);
  });
});
