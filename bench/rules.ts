/** `npm run bench -- rules`: what the rules in the path of a request cost it, by how many there are. */
import { systemClock } from '../src/base/clock.ts';
import type { RequestFacts } from '../src/enforcement/index.ts';
import { compileRule } from '../src/enforcement/rules/compile/compile-rule.ts';
import { ruleDocument } from '../src/enforcement/rules/contract.ts';
import { createEngine, type Engine } from '../src/enforcement/rules/engine/engine.ts';
import type { StandingRule } from '../src/enforcement/rules/engine/engine-deps.ts';
import { describeMachine } from './machine.ts';
import { ROOT } from './processes.ts';

const GOAL_US = 50;
const GOAL_RULES = 200;
const WARM = 20_000;
const ASKED = 100_000;
const START_MS = Date.UTC(2026, 10, 22);
const COUNTER_BYTES = 256 * 1_048_576;

const WHENS = [
  "endpoint == 'embeddings' && input_tokens > 5000",
  "count.seen > 1000000 && model == 'small'",
  "client == 'curl' && network != null && network.startsWith('192.168.')",
  "prompt.harm > 0.9 && prompt.labels.exists(label, label == 'hate')",
  'account in lists.known',
  "re2('evil', model)",
];
const KEYS = [['account'], ['account', 'key'], ['account', 'network']];

/** Prints the figures; false when the goal is missed. */
export function benchRules(): boolean {
  const machine = describeMachine(ROOT);
  console.log(`${machine.processor}, ${machine.cores} cores, commit ${machine.commit}, load ${machine.loadBefore}`);
  let met = true;
  for (const count of [50, GOAL_RULES, 500]) {
    const { engine, counters } = engineOf(count);
    const [median, high] = measure(engine);
    console.log(
      `${count} rules, ${counters} counters: ${median.toFixed(1)} us at the median, ${high.toFixed(1)} at the 99th`,
    );
    if (count === GOAL_RULES) met = median <= GOAL_US;
  }
  console.log(`goal: ${GOAL_RULES} rules in ${GOAL_US} us at the median: ${met ? 'met' : 'missed'}`);
  return met;
}

function engineOf(count: number): { engine: Engine; counters: number } {
  const ignore = () => undefined;
  const heard = { onHit: ignore, onSignal: ignore, onCase: ignore, onCapped: ignore };
  const onPause = (rule: string, _version: number, reason: string) =>
    console.error(`bench: ${rule} was paused: ${reason}`);
  const engine = createEngine({ clock: systemClock, seeds: [1, 2], counterBytesMax: COUNTER_BYTES, ...heard, onPause });
  engine.put(Array.from({ length: count }, (_, nth) => ruleOf(nth)));
  return { engine, counters: engine.counters().counters };
}

function ruleOf(nth: number): StandingRule {
  const by = KEYS[nth % KEYS.length];
  const window = `${1 + (nth % 8)}h`;
  const distinct = { kind: 'distinct', of: 'request', by, window, field: 'end_user' };
  const compiled = compileRule(
    ruleDocument.parse({
      name: `rule-${nth}`,
      title: { en: 'One of many', zh: '众多之一' },
      owner: 'the bench',
      on: 'request',
      when: WHENS[nth % WHENS.length],
      counters: { seen: nth % 3 === 0 ? { kind: 'count', of: 'request', by, window } : distinct },
      lists: { known: { type: 'account', entries: Array.from({ length: 100 }, (_, entry) => `acc_x${entry}`) } },
      patterns: { evil: '(a+)+b' },
      action: { do: 'refuse' },
      reason: { en: 'Tried by the bench.', zh: '由基准测试使用。' },
    }),
    1,
  );
  if (!compiled.ok) throw new Error(compiled.refusal[0]?.message ?? 'a rule of the bench is not admitted');
  return { rule: compiled.value, mode: 'live', canaryPercent: 5 };
}

function measure(engine: Engine): [median: number, high: number] {
  const requests = Array.from({ length: 4_096 }, (_, nth) => requestOf(nth));
  const next = (nth: number) => requests[nth % requests.length] ?? requestOf(nth);
  for (let nth = 0; nth < WARM; nth++) engine.judge(next(nth));
  const times = new Float64Array(ASKED);
  for (let nth = 0; nth < ASKED; nth++) {
    const startedMs = performance.now();
    engine.judge(next(nth));
    times[nth] = (performance.now() - startedMs) * 1_000;
  }
  times.sort();
  return [times[ASKED / 2] ?? 0, times[ASKED * 0.99] ?? 0];
}

function requestOf(nth: number): RequestFacts {
  return {
    requestId: `req_${nth}`,
    atMs: START_MS + nth,
    owner: {
      accountId: `acc_${nth % 997}`,
      keyId: `key_${nth % 1_999}`,
      app: null,
      member: null,
      endUser: `user ${nth % 301}`,
      product: 'api',
    },
    endpoint: 'chat.completions',
    model: 'small',
    streamed: true,
    inputTokens: 10,
    networkPrefix: `10.0.${nth % 211}.0/24`,
    clientClass: 'curl',
    prompt: null,
  };
}
