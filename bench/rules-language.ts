/** `npm run bench -- language`: what 200 conditions cost for one event, against the limit we set ourselves. */
import { type Condition, compileCondition } from '../src/enforcement/rules/language/language.ts';
import type { Env, Schema } from '../src/enforcement/rules/language/schema.ts';
import { NOT_YET } from '../src/enforcement/rules/language/value.ts';
import { seededRandom } from './load/seeded-random.ts';
import { describeMachine } from './machine.ts';
import { ROOT } from './processes.ts';
import { spreadOf } from './spread.ts';

const RULES = 200;
const LIMIT_MICROS = 50;
const EVENTS = 20_000;
const PROMPT_CHARACTERS = 400;

const SCHEMA: Schema = {
  fields: (
    [
      ['request.tokens', 'int'],
      ['request.model', 'string'],
      ['request.streamed', 'bool'],
      ['request.at', 'timestamp'],
      ['request.text', 'string'],
      ['prompt.score', 'double'],
      ['prompt.labels', { list: 'string' }],
      ['client.network', 'string'],
      ['account.age', 'duration'],
      ['count.requests_1h', 'int'],
      ['count.accounts_30d', 'int'],
      ['count.burst', 'double'],
      ['lists.blocked', { map: ['string', 'bool'] }],
    ] as const
  ).map(([name, type]) => ({ name, type, nullable: true, told: false })),
  patterns: { coin: '(?i)\\b(?:bitcoin|ethereum|seed phrase)\\b' },
};

/** Kinds of rules people write, each with numbers of its own; shares in percent. */
const KINDS: readonly { readonly share: number; readonly text: (number: number) => string }[] = [
  { share: 25, text: (n) => `count.requests_1h > ${n * 10} && account.age < duration("${n}h")` },
  { share: 20, text: (n) => `prompt.score >= 0.${50 + (n % 50)} && !(request.model in ["small", "mini", "m${n}"])` },
  { share: 15, text: (n) => `"hate" in prompt.labels && (request.tokens > ${n * 100} || count.burst > ${n}.5)` },
  { share: 15, text: (n) => `client.network in lists.blocked || client.network.startsWith("10.${n}.")` },
  { share: 10, text: (n) => `prompt.labels.exists(label, label.startsWith("illicit")) && count.accounts_30d > ${n}` },
  {
    share: 10,
    text: (n) => `request.at.getHours("Asia/Shanghai") < ${n % 24} && double(request.tokens) / 7.0 > ${n}.0`,
  },
  { share: 5, text: () => 're2("coin", request.text) && request.streamed' },
];

/** Prints microseconds for one event. True where they are within the limit. */
export function benchRulesLanguage(rounds: number): boolean {
  const machine = describeMachine(ROOT);
  console.log(`${machine.processor}, ${machine.cores} cores, commit ${machine.commit}, load ${machine.loadBefore}`);
  const texts = KINDS.flatMap(({ share, text }) =>
    Array.from({ length: (RULES * share) / 100 }, (_, at) => text(at + 1)),
  );
  const events = eventsOf(seededRandom(7));
  const withoutPatterns = texts.filter((text) => !text.startsWith('re2'));
  console.log(
    `${RULES} rules, ${EVENTS.toLocaleString('en')} events, texts of ${PROMPT_CHARACTERS} characters; microseconds of the processor for one event\n`,
  );
  console.log('| | median | least | most |\n| --- | ---: | ---: | ---: |');
  row(`${withoutPatterns.length} without patterns`, rounds, () =>
    measured(compiled(withoutPatterns, new Map()), events, 0),
  );
  const shared = new Map([['re2("coin", request.text)', SCHEMA.fields.length]]);
  const whole = row(`all ${texts.length}, one pattern shared`, rounds, () =>
    measured(compiled(texts, shared), events, shared.size),
  );
  row(`all ${texts.length}, nothing shared`, rounds, () => measured(compiled(texts, new Map()), events, 0));
  const compileMicros = row('to compile one rule', rounds, () => compileCost(texts));
  console.log(
    `\n${whole.toFixed(1)} microseconds of at most ${LIMIT_MICROS}; a rule is compiled in ${compileMicros.toFixed(0)}`,
  );
  return whole <= LIMIT_MICROS;
}

function row(name: string, rounds: number, measure: () => number): number {
  measure();
  const { median, min, max } = spreadOf(Array.from({ length: rounds }, measure));
  console.log(`| ${name} | ${median.toFixed(2)} | ${min.toFixed(2)} | ${max.toFixed(2)} |`);
  return median;
}

function compiled(texts: readonly string[], shared: ReadonlyMap<string, number>): readonly Condition[] {
  return texts.map((text) => {
    const condition = compileCondition(text, SCHEMA, { shared });
    if (!condition.ok) throw new Error(`${text}: ${condition.refusal[0]?.message}`);
    return condition.value;
  });
}

function measured(conditions: readonly Condition[], events: readonly Env[], slots: number): number {
  let hits = 0;
  const before = cpuMicros();
  for (const event of events) {
    for (let slot = 0; slot < slots; slot += 1) event[SCHEMA.fields.length + slot] = NOT_YET;
    for (const condition of conditions) if (condition.evaluate(event) === true) hits += 1;
  }
  const micros = (cpuMicros() - before) / events.length;
  if (hits === 0) throw new Error('no rule ever held: nothing was measured');
  return micros;
}

function compileCost(texts: readonly string[]): number {
  const before = cpuMicros();
  compiled(texts, new Map());
  return (cpuMicros() - before) / texts.length;
}

/** Of the processor, all threads: on a machine that others use too, the time on the wall measures them. */
function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function eventsOf(random: () => number): readonly Env[] {
  const of = <Value>(values: readonly Value[]): Value | undefined => values[Math.floor(random() * values.length)];
  const blocked = new Map(
    Array.from({ length: 5_000 }, (_, at) => [`10.${at % 250}.${Math.floor(at / 250)}.0/24`, true] as const),
  );
  const words = 'please write a short story about the sea and the seed of a tree in winter '.split(' ');
  return Array.from({ length: EVENTS }, (_, at) => {
    let text = '';
    while (text.length < PROMPT_CHARACTERS) text += `${of(words)} `;
    return [
      Math.floor(random() * 20_000),
      of(['small', 'mini', 'large', 'huge']),
      random() < 0.7,
      1_763_000_000_000 + at * 50,
      text.slice(0, PROMPT_CHARACTERS),
      random(),
      of([[], [], ['hate'], ['illicit', 'hate'], ['harassment', 'violence', 'illicit/violent']]),
      `10.${Math.floor(random() * 255)}.${Math.floor(random() * 40)}.0/24`,
      Math.floor(random() * 40 * 86_400_000),
      Math.floor(random() * 600),
      random() < 0.1 ? undefined : Math.floor(random() * 30),
      random() * 50,
      blocked,
    ];
  });
}
