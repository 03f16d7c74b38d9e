import type { Conduct } from '../../conduct.ts';
import type { PathVerdict, RequestFacts } from '../../path.ts';
import type { CompiledRule } from '../compile/compiled-rule.ts';
import { shown } from '../compile/compiled-rule.ts';
import type { EventKind, PauseReason, RuleAction } from '../contract.ts';
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
import { type BankFigures, type CounterBank, createCounterBank } from './counter-bank.ts';
import type { EngineDeps, HitClause, RuleSignal, StandingRule } from './engine-deps.ts';
import { type RunFigures, RuleRun } from './rule-run.ts';
import { createRuleSet, newEnv, type RuleSet } from './rule-set.ts';
import { strongest } from './strongest.ts';

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

interface Trouble {
  readonly reason: PauseReason;
  readonly detail: string;
}

export function createEngine(deps: EngineDeps): Engine {
  return new RuleEngine(deps);
}

class RuleEngine implements Engine {
  readonly #deps: EngineDeps;
  readonly #bank: CounterBank;
  readonly #envs = { request: newEnv('request'), ended: newEnv('ended'), sign_up: newEnv('sign_up') };
  #standing = new Map<CompiledRule, Standing>();
  #byName = new Map<string, Standing>();
  #set: RuleSet;
  #shown = 0;

  constructor(deps: EngineDeps) {
    this.#deps = deps;
    this.#bank = createCounterBank(deps.counterBytesMax);
    this.#set = createRuleSet([], this.#bank, deps.seeds);
  }

  put(rules: readonly StandingRule[]): void {
    const asked = rules.filter(({ mode }) => mode === 'shadow' || mode === 'canary' || mode === 'live');
    asked.sort((a, b) => (a.rule.name < b.rule.name ? -1 : 1));
    const next = new Map<CompiledRule, Standing>();
    for (const one of asked) {
      const run = this.#standing.get(one.rule)?.run ?? new RuleRun();
      next.set(one.rule, { ...one, run, paused: false });
    }
    const set = createRuleSet([...next.keys()], this.#bank, this.#deps.seeds);
    this.#standing = next;
    this.#byName = new Map([...next.values()].map((one) => [one.rule.name, one]));
    this.#set = set;
    this.#bank.keep(new Set(set.rules.flatMap(({ counters }) => counters.map(({ id }) => id))));
  }

  judge(request: RequestFacts): PathVerdict {
    if (!this.#set.looksAt('request')) return ALLOW;
    writeRequest(this.#envs.request, request);
    const { requestId: eventId, atMs, owner } = request;
    return this.#show({ kind: 'request', eventId, atMs, owner });
  }

  ended(event: EndedEvent): void {
    if (event.accountId === null || !this.#set.looksAt('ended')) return;
    writeEnded(this.#envs.ended, event);
    this.#show(subjectOfEnded(event));
  }

  signUp(facts: SignUpFacts): void {
    if (!this.#set.looksAt('sign_up')) return;
    writeSignUp(this.#envs.sign_up, facts);
    const owner = { ...NOBODY_ELSE, accountId: facts.accountId };
    this.#show({ kind: 'sign_up', eventId: facts.accountId, atMs: facts.atMs, owner });
  }

  figuresOf(rule: string): RunFigures | null {
    return this.#byName.get(rule)?.run.figures() ?? null;
  }

  counters(): BankFigures {
    return this.#bank.figures();
  }

  #show(subject: Subject): PathVerdict {
    const found: PathVerdict[] = [];
    const standing = this.#standing;
    const { clock } = this.#deps;
    const timing = ++this.#shown % TIMED_EVERY === 0;
    let before = timing ? clock.monoMs() : 0;
    this.#set.show(subject.kind, this.#envs[subject.kind], subject.atMs, (rule, outcome, env) => {
      const one = standing.get(rule);
      if (one === undefined || one.paused) return;
      if (timing) this.#pause(one, one.run.took((clock.monoMs() - before) * 1_000, LIMIT_US[subject.kind]));
      const verdict = this.#weigh(one, outcome, subject, env);
      if (verdict !== null) found.push(verdict);
      if (timing) before = clock.monoMs();
    });
    return found.length === 0 ? ALLOW : strongest(found);
  }

  #weigh(one: Standing, outcome: Outcome, subject: Subject, env: Env): PathVerdict | null {
    if (outcome instanceof Fault) {
      // Whose request it broke on is worth knowing: somebody may have brought it about.
      if (!one.paused) this.#keepHit(one, { acted: null, unknown: true }, subject, env);
      this.#pause(one, { reason: 'fault', detail: outcome.message });
      return null;
    }
    const { rule, run } = one;
    if (rule.expiresAtMs !== null && subject.atMs >= rule.expiresAtMs) {
      this.#pause(one, { reason: 'expired', detail: 'its time is over' });
      return null;
    }
    this.#pause(one, run.seen(subject.atMs, outcome, personOf(subject)));
    if (one.paused || outcome === false) return null;
    const unknown = outcome === 'unknown';
    return unknown && rule.document.on_unknown === 'skip' ? null : this.#hit(one, unknown, subject, env);
  }

  #hit(one: Standing, unknown: boolean, subject: Subject, env: Env): PathVerdict | null {
    const { rule } = one;
    const does = unknown && rule.document.on_unknown === 'case' ? 'case' : rule.document.action.do;
    const acts = this.#mayAct(one, does, subject);
    this.#keepHit(one, { acted: acts ? does : null, unknown }, subject, env);
    return acts ? this.#act(rule, does, unknown, subject) : null;
  }

  #keepHit(
    { rule, mode, run }: Standing,
    came: { readonly acted: RuleAction['do'] | null; readonly unknown: boolean },
    subject: Subject,
    env: Env,
  ): void {
    if (!run.keeps(subject.atMs)) return;
    this.#deps.onHit({
      id: `${rule.name}@${rule.version}:${subject.eventId}`,
      rule: rule.name,
      version: rule.version,
      subject,
      mode: mode === 'live' || mode === 'canary' ? mode : 'shadow',
      ...came,
      clauses: rule.condition.explain(env).clauses.map(toHitClause),
    });
  }

  /** Whether its mode and what it did in this hour let it act on this one. */
  #mayAct(one: Standing, does: RuleAction['do'], subject: Subject): boolean {
    const { seeds, onCapped } = this.#deps;
    if (!isLiveFor(one, subject.owner.accountId, seeds)) return false;
    const perHourMax = one.rule.document.actions_per_hour_max;
    const whom = hashText(`${subject.owner.accountId} ${subject.owner.keyId} ${subject.owner.endUser}`, seeds);
    const person = hashText(personOf(subject), seeds);
    const leave = one.run.ask(whom, person, subject.atMs, perHourMax, isInPath(does));
    if (leave.news) onCapped(one.rule.name);
    return leave.answer === 'act';
  }

  #act(rule: CompiledRule, does: RuleAction['do'], unknown: boolean, subject: Subject): PathVerdict | null {
    const { action, reason } = rule.document;
    const name = `${rule.name}@${rule.version}`;
    if (does === 'case' || does === 'hold') {
      const why = unknown ? 'unknown' : does === 'hold' ? 'hold' : 'hit';
      const conduct = 'conduct' in action ? action.conduct : null;
      const { atMs, owner, eventId } = subject;
      this.#deps.onCase({ rule: name, atMs, owner, eventId, conduct, why });
    }
    if (does === 'case' || action.do === 'case') return null;
    if (action.do === 'signal') {
      this.#deps.onSignal(toSignal(name, action, subject));
      return null;
    }
    const retryAfterMs = action.do === 'throttle' ? action.retry_after_s * 1_000 : null;
    return { action: action.do, rule: name, text: reason, retryAfterMs };
  }

  #pause(one: Standing, trouble: Trouble | null): void {
    if (trouble === null || one.paused) return;
    one.paused = true;
    this.#deps.onPause(one.rule.name, one.rule.version, trouble.reason, trouble.detail);
  }
}

const NOBODY_ELSE = { keyId: null, app: null, member: null, endUser: null, product: null };

function isInPath(does: RuleAction['do']): boolean {
  return does === 'refuse' || does === 'hold' || does === 'throttle';
}

/** A canary is of accounts, and always of the same ones: by a hash of the account and the rule. */
function isLiveFor({ mode, canaryPercent, rule }: StandingRule, accountId: string, seeds: HashSeeds): boolean {
  if (mode === 'live') return true;
  return mode === 'canary' && hashText(`${rule.name} ${accountId}`, seeds) % 100 < canaryPercent;
}

/** Whom callers cannot make up, as they can end users: an account, or its member. */
function personOf({ owner }: Subject): string {
  return owner.member ?? owner.accountId;
}

function toSignal(name: string, action: { conduct: Conduct; confidence: number }, subject: Subject): RuleSignal {
  return {
    atMs: subject.atMs,
    source: 'rule',
    sourceVersion: name,
    owner: subject.owner,
    requestId: subject.kind === 'sign_up' ? null : subject.eventId,
    conduct: action.conduct,
    confidence: action.confidence,
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
