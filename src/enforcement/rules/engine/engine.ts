import type { Clock } from '../../../base/clock.ts';
import { unreachable } from '../../../base/assert.ts';
import type { Conduct } from '../../conduct.ts';
import type { PathVerdict, RequestFacts } from '../../path.ts';
import type { Signal } from '../../signal.ts';
import type { Owner } from '../../unit.ts';
import type { CompiledRule } from '../compile/compiled-rule.ts';
import { shown } from '../compile/compiled-rule.ts';
import type { EventKind, PauseReason, RuleMode } from '../contract.ts';
import { hashText, type HashSeeds } from '../counters/key-hash.ts';
import {
  type EndedEvent,
  type SignUpFacts,
  type Subject,
  subjectOfEnded,
  writeEnded,
  writeRequest,
  writeSignUp,
} from '../events/facts.ts';
import type { Outcome } from '../language/language.ts';
import type { Env } from '../language/schema.ts';
import { Fault } from '../language/value.ts';
import { type BankFigures, createCounterBank } from './counter-bank.ts';
import { type RunFigures, RuleRun } from './rule-run.ts';
import { createRuleSet, newEnv, type RuleSet } from './rule-set.ts';
import { strongest } from './strongest.ts';

/** A rule with how much it may do. */
export interface StandingRule {
  readonly rule: CompiledRule;
  readonly mode: RuleMode;
  readonly canaryPercent: number;
}

/** What a rule says of somebody, without what only whoever hears it can know. */
export type RuleSignal = Omit<Signal, 'id' | 'cleanBefore'>;

/** A rule asks a person. */
export interface RuleCase {
  readonly rule: string;
  readonly atMs: number;
  readonly owner: Owner;
  readonly eventId: string;
  readonly conduct: Conduct | null;
  /** `unknown`: what the rule asks about was unknown; `capped`: it had done its share of the hour. */
  readonly why: 'hit' | 'hold' | 'unknown';
}

export interface Hit {
  /** `<rule>@<version>:<event>`, the same whenever the same event is shown to the same version. */
  readonly id: string;
  readonly rule: string;
  readonly version: number;
  readonly subject: Subject;
  readonly mode: 'shadow' | 'canary' | 'live';
  /** What was done; null: nothing. */
  readonly acted: string | null;
  readonly unknown: boolean;
  readonly clauses: readonly HitClause[];
}

export interface HitClause {
  readonly text: string;
  readonly outcome: string;
  readonly values: readonly { readonly name: string; readonly value: string }[];
}

export interface EngineDeps {
  readonly clock: Pick<Clock, 'monoMs'>;
  /** Which nobody outside knows, the same for as long as counts are to be compared. */
  readonly seeds: HashSeeds;
  /** Of all counters together. */
  readonly counterBytesMax: number;
  readonly onHit: (hit: Hit) => void;
  readonly onSignal: (signal: RuleSignal) => void;
  readonly onCase: (asked: RuleCase) => void;
  /** The rule is asked no more from here on; whoever keeps its mode must write that down. */
  readonly onPause: (rule: string, version: number, reason: PauseReason, detail: string) => void;
  /** It has done its share of this hour; told once an hour. */
  readonly onCapped: (rule: string) => void;
}

/** Shows events to rules and does what they say. In memory; only the clock of evaluation times is not event time. */
export interface Engine {
  /** Puts these in force. What is being evaluated ends with those before; counters that stay keep their counts. */
  put(rules: readonly StandingRule[]): void;
  judge(request: RequestFacts): PathVerdict;
  ended(event: EndedEvent): void;
  signUp(facts: SignUpFacts): void;
  figuresOf(rule: string): RunFigures | null;
  counters(): BankFigures;
}

const LIMIT_US: Readonly<Record<EventKind, number>> = { request: 250, ended: 1_000, sign_up: 1_000 };
/** One of so many evaluations is timed. */
const TIMED_EVERY = 16;
const SIGNAL_FRESH_MS = 30 * 86_400_000;
const ALLOW: PathVerdict = { action: 'allow' };

interface Standing extends StandingRule {
  readonly run: RuleRun;
  paused: boolean;
}

export function createEngine(deps: EngineDeps): Engine {
  const bank = createCounterBank(deps.counterBytesMax);
  const envs = { request: newEnv('request'), ended: newEnv('ended'), sign_up: newEnv('sign_up') };
  let standing = new Map<CompiledRule, Standing>();
  let byName = new Map<string, Standing>();
  let set: RuleSet = createRuleSet([], bank, deps.seeds);
  let timed = 0;

  function show(subject: Subject, env: Env): PathVerdict {
    const found: PathVerdict[] = [];
    const current = standing;
    let before = deps.clock.monoMs();
    const timing = ++timed % TIMED_EVERY === 0;
    set.show(subject.kind, env, subject.atMs, (rule, outcome) => {
      const one = current.get(rule);
      if (one === undefined || one.paused) return;
      if (timing) {
        const now = deps.clock.monoMs();
        pauseFor(one, one.run.took((now - before) * 1_000, LIMIT_US[subject.kind]));
      }
      const verdict = judgeOutcome(one, outcome, subject, env);
      if (verdict !== null) found.push(verdict);
      if (timing) before = deps.clock.monoMs();
    });
    return found.length === 0 ? ALLOW : strongest(found);
  }

  function judgeOutcome(one: Standing, outcome: Outcome, subject: Subject, env: Env): PathVerdict | null {
    if (outcome instanceof Fault) {
      pauseFor(one, { reason: 'fault', detail: outcome.message });
      return null;
    }
    if (one.rule.expiresAtMs !== null && subject.atMs >= one.rule.expiresAtMs) {
      pauseFor(one, { reason: 'expired', detail: 'its time is over' });
      return null;
    }
    pauseFor(one, one.run.seen(subject.atMs, outcome));
    if (outcome === false) return null;
    const { on_unknown: onUnknown } = one.rule.document;
    if (one.paused || (outcome === 'unknown' && onUnknown === 'skip')) return null;
    return hit(one, outcome === 'unknown', subject, env);
  }

  function hit(one: Standing, unknown: boolean, subject: Subject, env: Env): PathVerdict | null {
    const { rule, mode, run } = one;
    const { document, name, version } = rule;
    const does = unknown && document.on_unknown === 'case' ? 'case' : document.then.do;
    const may = maysAct(one, subject.owner.accountId, deps.seeds);
    const leave = may
      ? run.ask(whomOf(subject, deps.seeds), subject.atMs, document.actions_per_hour_max, inPath(does))
      : null;
    if (leave?.news === true) deps.onCapped(name);
    const acts = leave?.answer === 'act';
    if (run.keeps(subject.atMs)) {
      const clauses = rule.condition.explain(env).clauses.map(toHitClause);
      const shownMode = mode === 'live' || mode === 'canary' ? mode : 'shadow';
      const id = `${name}@${version}:${subject.eventId}`;
      deps.onHit({ id, rule: name, version, subject, mode: shownMode, acted: acts ? does : null, unknown, clauses });
    }
    return acts ? act(rule, does, unknown, subject) : null;
  }

  function act(rule: CompiledRule, does: string, unknown: boolean, subject: Subject): PathVerdict | null {
    const { then, reason } = rule.document;
    const conduct = 'conduct' in then ? then.conduct : null;
    const asked = { rule: `${rule.name}@${rule.version}`, atMs: subject.atMs, owner: subject.owner };
    if (does === 'case' || does === 'hold') {
      const why = unknown ? 'unknown' : does === 'hold' ? 'hold' : 'hit';
      deps.onCase({ ...asked, eventId: subject.eventId, conduct, why });
      if (does === 'case') return null;
    }
    switch (then.do) {
      case 'signal':
        deps.onSignal(toSignal(rule, then, subject));
        return null;
      case 'case':
        return null;
      case 'refuse':
      case 'hold':
        return { action: then.do, rule: asked.rule, text: reason, retryAfterMs: null };
      case 'throttle':
        return { action: 'throttle', rule: asked.rule, text: reason, retryAfterMs: then.retry_after_s * 1_000 };
      default:
        return unreachable(then);
    }
  }

  function pauseFor(one: Standing, problem: { reason: PauseReason; detail: string } | null): void {
    if (problem === null || one.paused) return;
    one.paused = true;
    deps.onPause(one.rule.name, one.rule.version, problem.reason, problem.detail);
  }

  return {
    put(rules) {
      const asked = rules.filter(({ mode }) => mode === 'shadow' || mode === 'canary' || mode === 'live');
      asked.sort((a, b) => (a.rule.name < b.rule.name ? -1 : 1));
      const next = new Map<CompiledRule, Standing>();
      for (const one of asked) {
        const before = standing.get(one.rule);
        next.set(one.rule, { ...one, run: before?.run ?? new RuleRun(), paused: false });
      }
      const nextSet = createRuleSet([...next.keys()], bank, deps.seeds);
      standing = next;
      byName = new Map([...next.values()].map((one) => [one.rule.name, one]));
      set = nextSet;
      bank.keep(new Set(nextSet.rules.flatMap(({ counters }) => counters.map(({ id }) => id))));
    },
    judge(request) {
      if (!set.looksAt('request')) return ALLOW;
      writeRequest(envs.request, request);
      const { requestId: eventId, atMs, owner } = request;
      return show({ kind: 'request', eventId, atMs, owner }, envs.request);
    },
    ended(event) {
      if (event.accountId === null || !set.looksAt('ended')) return;
      writeEnded(envs.ended, event);
      show(subjectOfEnded(event), envs.ended);
    },
    signUp(facts) {
      if (!set.looksAt('sign_up')) return;
      writeSignUp(envs.sign_up, facts);
      const owner = { ...NOBODY_ELSE, accountId: facts.accountId };
      show({ kind: 'sign_up', eventId: facts.accountId, atMs: facts.atMs, owner }, envs.sign_up);
    },
    figuresOf: (rule) => byName.get(rule)?.run.figures() ?? null,
    counters: () => bank.figures(),
  };
}

const NOBODY_ELSE = { keyId: null, app: null, member: null, endUser: null, product: null };

function inPath(does: string): boolean {
  return does === 'refuse' || does === 'hold' || does === 'throttle';
}

/** A canary is of accounts, and always of the same ones: by a hash of the account and the rule. */
function maysAct({ mode, canaryPercent, rule }: StandingRule, accountId: string, seeds: HashSeeds): boolean {
  if (mode === 'live') return true;
  return mode === 'canary' && hashText(`${rule.name} ${accountId}`, seeds) % 100 < canaryPercent;
}

function whomOf({ owner }: Subject, seeds: HashSeeds): number {
  return hashText(`${owner.accountId} ${owner.keyId} ${owner.endUser}`, seeds);
}

function toSignal(rule: CompiledRule, then: { conduct: Conduct; confidence: number }, subject: Subject): RuleSignal {
  return {
    atMs: subject.atMs,
    source: 'rule',
    sourceVersion: `${rule.name}@${rule.version}`,
    owner: subject.owner,
    requestId: subject.kind === 'sign_up' ? null : subject.eventId,
    conduct: then.conduct,
    confidence: then.confidence,
    conversation: null,
    template: null,
    language: null,
    freshUntilMs: subject.atMs + SIGNAL_FRESH_MS,
  };
}

function toHitClause(clause: ReturnType<CompiledRule['condition']['explain']>['clauses'][number]): HitClause {
  const outcome = clause.outcome instanceof Fault ? 'fault' : String(clause.outcome);
  return {
    text: clause.text,
    outcome,
    values: clause.values.map(({ name, value }) => ({ name, value: shown(value).slice(0, 200) })),
  };
}
