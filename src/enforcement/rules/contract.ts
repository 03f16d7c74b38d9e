/** The wire of rules: what a rule says, how it stands, what it hit, and what it would have hit. Times are ISO 8601 in UTC. */
import { z } from 'zod';
import { ONE_LINE } from '../../base/one-line.ts';
import { pageQuery } from '../../http/paging-query.ts';
import { moment } from '../../http/contract.ts';
import { conductName } from '../contract.ts';

export const RULES_MAX = 500;
export const COUNTERS_PER_RULE_MAX = 8;
const LIST_ENTRIES_MAX = 5_000;
export const LISTS_PER_RULE_MAX = 8;
const FIXTURES_MAX = 20;
const EXPRESSION_CHARS_MAX = 4_000;
const WINDOW_MS_MIN = 60_000;
const WINDOW_MS_MAX = 31 * 86_400_000;
export const HITS_PAGE_MAX = 500;
const RULE_NAME = /^[a-z][a-z0-9_-]{0,47}$/;
/** A name within a rule; what JavaScript gives every object is none, so that no look-up can find it. */
const INNER_NAME = /^(?!constructor$|prototype$|hasown)[a-z][a-z0-9_]{0,31}$/;

/**
 * `request`: admitted, its prompt looked at, nothing asked of an upstream yet. `ended`: its usage event is durable.
 * `sign_up`: an account was made.
 */
export const EVENT_KINDS = ['request', 'ended', 'sign_up'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/**
 * `draft`: never asked. `shadow`: asked, its hits kept and nothing done. `canary`: as `live` for a share of accounts, as
 * `shadow` for the others. `paused`: never asked, for a reason that is told.
 */
export const RULE_MODES = ['draft', 'shadow', 'canary', 'live', 'paused'] as const;
export type RuleMode = (typeof RULE_MODES)[number];

const PAUSE_REASONS = [
  'by_hand',
  /** Its expression came to a fault, or the engine did on it. */
  'fault',
  /** Half of a run of evaluations took longer than a rule may. */
  'too_slow',
  /** It fired far more often than it used to, or on most of what it saw. */
  'fire_rate',
  /** The harm it does went beyond its budget. */
  'harm',
  'expired',
] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

const line = (max: number) =>
  z.string().trim().max(max, `must have at most ${max} characters`).regex(ONE_LINE, 'must be one line of text');
const innerName = z.string().regex(INNER_NAME, 'must be small letters, digits and _, beginning with a letter');
const expression = z
  .string()
  .max(EXPRESSION_CHARS_MAX, `must have at most ${EXPRESSION_CHARS_MAX} characters`)
  .regex(/\S/, 'must be an expression');

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of `90s`, `10m`, `24h` or `7d`. */
export function spanMs(text: string): number {
  const unit = UNITS[text.at(-1) as keyof typeof UNITS];
  return Number(text.slice(0, -1)) * unit;
}

const span = z
  .string()
  .regex(/^[1-9]\d{0,5}[smhd]$/, 'must be a time such as 90s, 10m, 24h or 7d')
  .refine((text) => spanMs(text) >= WINDOW_MS_MIN && spanMs(text) <= WINDOW_MS_MAX, 'must be 60s to 31d');

const counted = {
  of: z.enum(EVENT_KINDS),
  /** Fields whose values together are the key; an event with one of them unknown or null is not counted. */
  by: z.array(z.string().max(64)).min(1, 'must name at least one field').max(4, 'must name at most four fields'),
  /** Only events it holds for. */
  where: expression.optional(),
};

/** A counter counts the event itself before the rule is asked, where it is of the same kind. */
const counterDeclaration = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('count'), ...counted, window: span }),
  z.strictObject({ kind: z.literal('sum'), ...counted, window: span, field: z.string().max(64) }),
  z.strictObject({ kind: z.literal('distinct'), ...counted, window: span, field: z.string().max(64) }),
  z.strictObject({ kind: z.literal('decayed'), ...counted, half_life: span }),
]);
export type CounterDeclaration = z.output<typeof counterDeclaration>;

const listEntry = z.union([
  z.string().min(1).max(200),
  z.strictObject({ value: z.string().min(1).max(200), expires_at: moment }),
]);

/** Asked as `network in lists.name`. */
const ruleList = z.strictObject({
  type: z.enum(['text', 'network', 'account', 'domain']),
  entries: z.array(listEntry).max(LIST_ENTRIES_MAX, `must have at most ${LIST_ENTRIES_MAX} entries`),
});

/** `signal`: speaks for a conduct of whoever asked. `case`: asks a person. The others are done to the request itself. */
const ruleAction = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('signal'),
    conduct: conductName,
    confidence: z.number().min(0.01).max(0.99),
  }),
  z.strictObject({ do: z.literal('case'), conduct: conductName }),
  z.strictObject({ do: z.literal('throttle'), retry_after_s: z.int().min(1).max(86_400) }),
  z.strictObject({ do: z.literal('hold') }),
  z.strictObject({ do: z.literal('refuse') }),
]);
export type RuleAction = z.output<typeof ruleAction>;

const fixtureValue = z.union([z.string().max(2_000), z.number(), z.boolean(), z.null(), z.array(z.string()).max(64)]);
const fixture = z.strictObject({
  name: line(120),
  /** Fields of the event, counters as `count.name`; what is left out is unknown. */
  event: z
    .record(z.string().max(64), fixtureValue)
    .refine((event) => Object.keys(event).length <= 64, 'must have at most 64 fields'),
  expect: z.enum(['hit', 'miss', 'unknown']),
});

const bilingual = z.strictObject({ en: line(500), zh: line(500) });

/** What people write; a file of the rules folder holds one, as YAML or JSON. */
export const ruleDocument = z
  .strictObject({
    name: z.string().regex(RULE_NAME, 'must be 1 to 48 small letters, digits, - and _, beginning with a letter'),
    /** What it is about. */
    title: z.strictObject({ en: line(120), zh: line(120) }),
    owner: line(80),
    on: z.enum(EVENT_KINDS),
    when: expression,
    counters: z
      .record(innerName, counterDeclaration)
      .refine((all) => Object.keys(all).length <= COUNTERS_PER_RULE_MAX, `must be at most ${COUNTERS_PER_RULE_MAX}`)
      .default({}),
    lists: z
      .record(innerName, ruleList)
      .refine((all) => Object.keys(all).length <= LISTS_PER_RULE_MAX, `must be at most ${LISTS_PER_RULE_MAX}`)
      .default({}),
    /** Patterns in the syntax of RE2, asked as `re2('name', text)`. */
    patterns: z
      .record(innerName, z.string().min(1).max(500))
      .refine((all) => Object.keys(all).length <= 16, 'must be at most 16')
      .default({}),
    action: ruleAction,
    /** For the person concerned: without thresholds, and without anything of another person. */
    reason: bilingual,
    /** Of a rule that is new, or where it differs from what the version before said. */
    mode: z.enum(['draft', 'shadow', 'canary', 'live']).default('draft'),
    canary_percent: z.int().min(1).max(99).default(5),
    expires_at: moment.nullable().default(null),
    actions_per_hour_max: z.int().min(1).max(100_000).default(100),
    /** Where what it asks about is unknown. */
    on_unknown: z.enum(['skip', 'case', 'act']).default('skip'),
    tests: z.array(fixture).max(FIXTURES_MAX, `must be at most ${FIXTURES_MAX}`).default([]),
  })
  .refine(({ on, action }) => on === 'request' || action.do === 'signal' || action.do === 'case', {
    path: ['action'],
    error: 'only a rule on request can refuse, hold or throttle; this one can signal or make a case',
  });
export type RuleDocument = z.output<typeof ruleDocument>;

const note = z.union([line(500), z.literal('')]).default('');

/** `PUT /control/v1/enforcement/rules/{name}`. `base_version`: the one the change began with; 0 for a new rule. */
export const saveRuleBody = z.strictObject({ document: ruleDocument, base_version: z.int().min(0), note });

/** `POST /control/v1/enforcement/rules/{name}/mode`. */
export const ruleModeBody = z.strictObject({
  mode: z.enum(RULE_MODES),
  canary_percent: z.int().min(1).max(99).optional(),
  note,
});

/** `POST /control/v1/enforcement/rules/check`: looks at a rule without keeping it. */
export const checkRuleBody = z.strictObject({ document: z.unknown() });

const ruleProblemView = z.object({
  /** The field of the document: `when`, `counters.burst.where`, `tests.2`. */
  path: z.string(),
  message: z.string(),
  /** Place in the expression, UTF-16 units; null where it is not about a place in one. */
  start: z.number().nullable(),
  end: z.number().nullable(),
  line: z.number().nullable(),
  column: z.number().nullable(),
});
export type RuleProblemView = z.output<typeof ruleProblemView>;

export const checkView = z.object({
  problems: z.array(ruleProblemView),
  /** Empty where there are problems. */
  fixtures: z.array(
    z.object({ name: z.string(), expected: z.string(), found: z.string(), clauses: z.array(z.string()) }),
  ),
  /** What the expression can name. */
  fields: z.array(z.object({ name: z.string(), type: z.string(), nullable: z.boolean() })),
});

export type CheckView = z.output<typeof checkView>;

export const ruleView = z.object({
  name: z.string(),
  version: z.number(),
  document: ruleDocument,
  mode: z.enum(RULE_MODES),
  canary_percent: z.number(),
  paused: z.object({ reason: z.enum(PAUSE_REASONS), detail: z.string() }).nullable(),
  mode_by: z.string(),
  mode_at: z.string(),
  changed_by: z.string(),
  changed_at: z.string(),
  note: z.string(),
  /** Where it comes from: a person, a file of the rules folder, or shipped with the service. */
  origin: z.enum(['console', 'file', 'shipped']),
  figures: z.object({
    evaluated: z.number(),
    hits: z.number(),
    acted: z.number(),
    unknown: z.number(),
    /** Hits that did nothing because the rule had done its share of the hour. */
    capped: z.number(),
    /** Middle of the last timed evaluations, microseconds; null while there are too few. */
    median_us: z.number().nullable(),
  }),
});
export type RuleView = z.output<typeof ruleView>;

export const ruleListView = z.object({
  data: z.array(ruleView),
  /** Of the set that is in force: changes when anything does. */
  set: z.string(),
  /** `evicted`: keys that gave way, for want of room, while they still counted: those counts are too low. */
  counters: z.object({ bytes: z.number(), bytes_max: z.number(), evicted: z.number() }),
  /** What is wrong with files of the rules folder. */
  files: z.array(z.object({ file: z.string(), problem: z.string() })),
});

export const ruleVersionsView = z.object({
  data: z.array(
    z.object({
      version: z.number(),
      document: ruleDocument,
      note: z.string(),
      changed_by: z.string(),
      changed_at: z.string(),
    }),
  ),
  /** Newest first. */
  modes: z.array(
    z.object({
      mode: z.enum(RULE_MODES),
      canary_percent: z.number(),
      reason: z.enum(PAUSE_REASONS).nullable(),
      detail: z.string(),
      by: z.string(),
      at: z.string(),
    }),
  ),
});

const clauseView = z.object({
  text: z.string(),
  outcome: z.string(),
  values: z.array(z.object({ name: z.string(), value: z.string() })),
});

const hitView = z.object({
  /** `<rule>@<version>:<event>` */
  id: z.string(),
  rule: z.string(),
  version: z.number(),
  event: z.enum(EVENT_KINDS),
  event_id: z.string(),
  account_id: z.string(),
  key_id: z.string().nullable(),
  at: z.string(),
  mode: z.enum(['shadow', 'canary', 'live']),
  /** What was done; null: nothing, because of its mode or because it had done its share of the hour. */
  acted: z.string().nullable(),
  unknown: z.boolean(),
  /** The fewest parts of the expression that suffice, with their values. For staff alone. */
  clauses: z.array(clauseView),
});
export const hitListView = z.object({ data: z.array(hitView), next: z.string().nullable() });
export const hitQuery = z.object({ ...pageQuery('after'), account: z.string().optional() });

/** Backtests: `POST /control/v1/enforcement/backtests`; 201. */
export const startBacktestBody = z.strictObject({
  /** What is tried. */
  document: ruleDocument,
  /** Compared with the version in force of the rule of this name, where there is one. */
  from: moment,
  to: moment,
});

const cohortView = z.object({
  value: z.string(),
  /** All there were of it in the span; null: not counted. */
  events: z.number().nullable(),
  hits: z.number(),
  accounts: z.number(),
});

export const BACKTEST_STATES = ['waiting', 'running', 'done', 'cancelled', 'failed'] as const;

export const backtestView = z.object({
  id: z.string(),
  rule: z.string(),
  /** Of the version compared with; null: there is none. */
  against: z.number().nullable(),
  state: z.enum(BACKTEST_STATES),
  /** Why it failed; null otherwise. */
  problem: z.string().nullable(),
  from: z.string(),
  to: z.string(),
  started_by: z.string(),
  started_at: z.string(),
  finished_at: z.string().nullable(),
  events: z.number(),
  /** To be looked at in all. */
  events_total: z.number(),
  /** Fields the rule reads that are not stored: they were unknown in every event. */
  not_stored: z.array(z.string()),
  result: z
    .object({
      hits: z.number(),
      new_hits: z.number(),
      lost_hits: z.number(),
      unknown: z.number(),
      accounts: z.number(),
      accounts_total: z.number(),
      /** Accounts hit that no confirmed incident is known of; and per 10,000 accounts of the span. */
      accounts_unconfirmed: z.number(),
      harmed_per_10000: z.number(),
      /** Charged for the requests hit, nano-dollars. */
      price_nano: z.string(),
      /** Events on which the rule came to a fault. In force, the first one pauses it. */
      faults: z.number(),
      cohorts: z.object({
        product: z.array(cohortView),
        plan: z.array(cohortView),
        client: z.array(cohortView),
      }),
      /** The first ones, in order of time. */
      samples: z.array(
        z.object({
          kind: z.enum(['new', 'lost', 'same']),
          event_id: z.string(),
          account_id: z.string(),
          at: z.string(),
        }),
      ),
      took_ms: z.number(),
    })
    .nullable(),
});
export type BacktestView = z.output<typeof backtestView>;
export const backtestListView = z.object({ data: z.array(backtestView) });
