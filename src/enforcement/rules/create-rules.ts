import { breathe } from '../../base/breathe.ts';
import { createLine } from '../../base/line.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import { checkRule, compileRule } from './compile/compile-rule.ts';
import { runFixtures } from './compile/fixtures.ts';
import { type PauseReason, type RuleDocument, type RuleMode, RULES_MAX } from './contract.ts';
import { createEngine, type Engine } from './engine/engine.ts';
import type { Hit } from './engine/engine-deps.ts';
import { createInOrder } from './engine/in-order.ts';
import { insertHits, pruneHits, readHits } from './hits/store.ts';
import type { FileProblem, Rule, RuleChange, RuleRefusal, Rules, RulesDeps } from './rules.ts';
import { type BookedRule, createRuleBook, type RuleBook } from './store/book.ts';
import {
  insertMode,
  insertRule,
  type ModeChange,
  readModes,
  readNewestModes,
  readNewestOf,
  readNewestRules,
  readVersions,
  type RuleOrigin,
  type RuleVersion,
} from './store/store.ts';

const LISTED = 500;
/** Hits that wait to be written; more are counted by their rule and not kept. */
const WAITING_MAX = 50_000;
const WRITTEN_AT_ONCE = 500;
/** Between two pauses for whatever else waits, near-line events shown. */
const SHOWN_AT_ONCE = 200;

const NOT_FOUND: RuleRefusal = { reason: 'rule_not_found', message: 'there is no such rule' };
const CHANGED: RuleRefusal = {
  reason: 'changed_meanwhile',
  message: 'somebody else changed this rule meanwhile; load it again and make your change there',
};

interface Parts extends RulesDeps {
  readonly book: RuleBook;
  readonly engine: Engine;
  readonly waiting: { hits: Hit[]; modes: ModeChange[] };
  /** Writes down what waits; what cannot be written stays for the next time. */
  readonly writeWaiting: () => Promise<void>;
}

/** Reads what is stored and puts it in force. */
export async function createRules(deps: RulesDeps): Promise<Rules> {
  const { storage, clock } = deps;
  const { reader } = storage;
  const book = createRuleBook(await readNewestRules(reader), await readNewestModes(reader));
  const waiting: Parts['waiting'] = { hits: [], modes: [] };
  const ended = createInOrder();

  const engine = createEngine({
    ...deps,
    onHit: (hit) => void (waiting.hits.length < WAITING_MAX && waiting.hits.push(hit)),
    onPause: (rule, _version, reason, detail) => pauseNow(rule, reason, detail),
    onCapped: (rule) => deps.onTrouble(rule, 'capped', 'it acts on nobody else until the next hour'),
  });
  function pauseNow(name: string, reason: PauseReason, detail: string): void {
    const before = book.find(name);
    if (before === null || before.mode.mode === 'paused' || before.mode.mode === 'draft') return;
    const { canaryPercent } = before.mode;
    const atMs = clock.wallMs();
    const change = { name, mode: 'paused', canaryPercent, reason, detail, by: 'service', atMs } as const;
    book.setMode(change);
    waiting.modes.push(change);
    deps.onTrouble(name, reason, detail);
  }

  const inLine = createLine();
  const writeWaiting = () => inLine(() => write(storage.writer, waiting));
  const parts: Parts = { ...deps, book, engine, waiting, writeWaiting };
  engine.put(book.standing());
  const show = (rule: BookedRule): Rule => ({ ...rule, figures: engine.figuresOf(rule.name) });
  return {
    judge: (request) => engine.judge(request),
    ended: (event) => ended.add(event),
    signUp: (facts) => engine.signUp(facts),
    list: () => book.list().map(show),
    find(name) {
      const found = book.find(name);
      return found === null ? null : show(found);
    },
    setHash: () => book.hash(),
    counters: () => engine.counters(),
    check: checkRule,
    versions: (name) => readVersions(reader, name, LISTED),
    modes: (name) => readModes(reader, name, LISTED),
    hits: (question) => readHits(reader, question),
    ...createChanges(parts, show),
    pause(name, reason, detail) {
      pauseNow(name, reason, detail);
      engine.put(book.standing());
    },
    async flush() {
      const ready = ended.take(clock.wallMs());
      for (const [at, event] of ready.entries()) {
        engine.ended(event);
        if (at % SHOWN_AT_ONCE === SHOWN_AT_ONCE - 1) await breathe();
      }
      await writeWaiting();
    },
    async prune() {
      await storage.writer.write(
        pruneHits(
          clock.wallMs(),
          book.list().map(({ name }) => name),
        ),
      );
    },
  };
}

async function write(writer: RulesDeps['storage']['writer'], waiting: Parts['waiting']): Promise<void> {
  while (waiting.hits.length > 0 || waiting.modes.length > 0) {
    const [hits, modes] = [waiting.hits.slice(0, WRITTEN_AT_ONCE), [...waiting.modes]];
    await writer.write([...modes.map(insertMode), ...(hits.length > 0 ? [insertHits(hits)] : [])]);
    waiting.hits.splice(0, hits.length);
    waiting.modes.splice(0, modes.length);
  }
}

function createChanges(
  { storage, clock, book, engine, writeWaiting }: Parts,
  show: (rule: BookedRule) => Rule,
): Pick<Rules, 'save' | 'setMode' | 'take'> {
  const inLine = createLine();
  const { reader, writer } = storage;

  async function append(version: RuleVersion, mode: ModeChange | null): Promise<Result<Rule, RuleRefusal>> {
    const written = await writer.write([insertRule(version), ...(mode === null ? [] : [insertMode(mode)])]);
    if (!written.ok) return refuse(CHANGED);
    // Asked anew: a rule may have been paused while this was being written.
    const current = mode ?? book.find(version.name)?.mode ?? modeOf(version.document, version.changedBy, version.atMs);
    const booked = book.put(version, current);
    engine.put(book.standing());
    return ok(show(booked));
  }

  async function add(document: RuleDocument, origin: RuleOrigin, { by, note }: RuleChange) {
    const problem = problemOf(document);
    if (problem !== null) return refuse(problem);
    const { name } = document;
    const before = book.find(name);
    if (before === null && book.list().length >= RULES_MAX) {
      return refuse<RuleRefusal>({ reason: 'too_many_rules', message: `there are ${RULES_MAX} rules already` });
    }
    const atMs = clock.wallMs();
    const version = { name, version: (before?.version ?? 0) + 1, document, origin, note, changedBy: by, atMs };
    const setsMode = before === null || before.document.mode !== document.mode;
    return append(version, setsMode ? modeOf(document, by, atMs) : null);
  }

  return {
    save: (document, baseVersion, change) =>
      inLine(async () => {
        if ((book.find(document.name)?.version ?? 0) !== baseVersion) return refuse(CHANGED);
        return add(document, 'console', change);
      }),
    setMode: (name, mode, canaryPercent, { by, note }) =>
      inLine(async (): Promise<Result<Rule, RuleRefusal>> => {
        const before = book.find(name);
        if (before === null) return refuse(NOT_FOUND);
        const problem = whyNot(before, mode, clock.wallMs());
        if (problem !== null) return refuse(problem);
        const percent = canaryPercent ?? before.document.canary_percent;
        const reason = mode === 'paused' ? ('by_hand' as const) : null;
        const change = { name, mode, canaryPercent: percent, reason, detail: note, by, atMs: clock.wallMs() };
        // A pause that is not written yet came before this.
        await writeWaiting();
        await writer.write([insertMode(change)]);
        const changed = book.setMode(change);
        engine.put(book.standing());
        return changed === null ? refuse(NOT_FOUND) : ok(show(changed));
      }),
    take: (documents, origin) =>
      inLine(async () => {
        const taken = new Map((await readNewestOf(reader, origin)).map((rule) => [rule.name, rule]));
        const problems: FileProblem[] = [];
        for (const document of documents) {
          const before = taken.get(document.name);
          if (before !== undefined && isSame(before.document, document)) continue;
          const added = await add(document, origin, { by: origin, note: '' });
          if (!added.ok) problems.push({ file: document.name, problem: added.refusal.message });
        }
        return problems;
      }),
  };
}

function problemOf(document: RuleDocument): RuleRefusal | null {
  const compiled = compileRule(document, 0);
  if (!compiled.ok) {
    const first = compiled.refusal[0];
    const place = first?.line === null ? '' : ` (line ${first?.line}, column ${first?.column})`;
    return { reason: 'invalid_rule', message: `${first?.path}${place}: ${first?.message}` };
  }
  const failed = runFixtures(compiled.value).find(({ expected, found }) => expected !== found);
  if (failed === undefined) return null;
  const message = `the test "${failed.name}" expects ${failed.expected} and comes to ${failed.found}`;
  return { reason: 'tests_fail', message };
}

function whyNot(rule: BookedRule, mode: RuleMode, nowMs: number): RuleRefusal | null {
  if (mode === 'draft' || mode === 'paused') return null;
  const { compiled } = rule;
  if (compiled === null) {
    return { reason: 'invalid_rule', message: 'this version cannot be read any more; save the rule anew first' };
  }
  if (compiled.expiresAtMs === null || compiled.expiresAtMs > nowMs) return null;
  return { reason: 'rule_expired', message: 'this rule has expired; give it a later end first' };
}

function modeOf(document: RuleDocument, by: string, atMs: number): ModeChange {
  const { name, mode, canary_percent: canaryPercent } = document;
  return { name, mode, canaryPercent, reason: null, detail: '', by, atMs };
}

function isSame(a: RuleDocument, b: RuleDocument): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
