import { assert } from '../../base/assert.ts';
import { breathe } from '../../base/breathe.ts';
import type { Reading } from '../incident.ts';
import type { JudgementSurroundings, Proposal } from '../judgement.ts';
import { createJudgement } from '../judgement/create-judgement.ts';
import type { Context } from '../judgement/hearing.ts';
import { JUDGEMENT_PARAMETERS, type JudgementParameters } from '../judgement/parameters.ts';
import type { Signal } from '../signal.ts';
import { type NumberedHeard, SignalStore } from '../signals/store.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import { rankOf, type Step, STEPS } from '../step.ts';
import { unitKey } from '../unit.ts';

const PAGE = 1_000;
const DIFFERENCES_MAX = 100;

/** What judgement was told, told again: each input by what it depended on then. */
class Retelling {
  /** Changed where other figures came into use. */
  readonly #parameters: { -readonly [Key in keyof JudgementParameters]: JudgementParameters[Key] } = {
    ...JUDGEMENT_PARAMETERS,
  };
  readonly #judgement;
  readonly #operators = new Map<string, string>();
  #uses: readonly string[] = [];

  constructor() {
    const surroundings: JudgementSurroundings = {
      operatorOf: (accountId) => this.#membersOf(this.#operators.get(accountId) ?? accountId),
      firmlyLinked: () => 0,
      declaredUsesOf: () => this.#uses,
      isShared: () => false,
    };
    this.#judgement = createJudgement(surroundings, this.#parameters);
  }

  /** What it comes to now; undefined where an incident is not there any more. */
  tell({ kind, input, context, incidentId, atMs }: NumberedHeard, parameters: JudgementParameters): Told | undefined {
    Object.assign(this.#parameters, parameters);
    if (context !== null) this.#uses = (context as Context).uses;
    switch (kind) {
      case 'signal': {
        const { incident, isNew, doubtful, proposals } = this.#judgement.hear(input as Signal, context as Context);
        return { incident, isNew, doubtful, proposals };
      }
      case 'reading': {
        const settled = this.#judgement.settle(input as Reading, context as Context);
        return settled === null ? undefined : { incident: settled.incident, proposals: settled.proposals };
      }
      case 'undo': {
        const [incident] = this.#judgement.undo([incidentId], atMs);
        return incident === undefined ? undefined : { incident, proposals: [] };
      }
      case 'operators': {
        const now = input as readonly (readonly [string, string])[];
        for (const [accountId, operatorId] of now) this.#operators.set(accountId, operatorId);
        this.#judgement.operatorsChanged(now.map(([accountId]) => accountId));
        return undefined;
      }
    }
  }

  #membersOf(operatorId: string): string[] {
    const members = [operatorId];
    for (const [accountId, of] of this.#operators)
      if (of === operatorId && accountId !== operatorId) members.push(accountId);
    return members;
  }
}

interface Told {
  readonly incident: { readonly id: string };
  readonly isNew?: boolean;
  readonly doubtful?: boolean;
  readonly proposals: readonly Proposal[];
}

export interface ReplayReport {
  readonly signals: number;
  readonly incidents: number;
  readonly proposals: number;
  /** Inputs that come to something else than is on record, at most 100; none is how it must be. */
  readonly differences: readonly { readonly number: number; readonly incidentId: string; readonly what: string }[];
  /** Something was taken out for good (an account that was erased), so what pooled it with others is not compared. */
  readonly isWhole: boolean;
}

/** Tells a fresh judgement everything on record again, and compares what comes of it with what came of it then. */
export async function verifyReplay(reader: Reader): Promise<ReplayReport> {
  const store = new SignalStore(reader);
  const releases = await store.parameters();
  const retelling = new Retelling();
  const isWhole = await store.isWhole();
  const differences: { number: number; incidentId: string; what: string }[] = [];
  const counts = { signals: 0, proposals: 0 };
  const incidents = new Set<string>();
  for await (const heard of everything(store)) {
    const parameters = releases.get(heard.judgedBy);
    assert(parameters !== undefined, 'figures somebody was judged by are kept');
    const now = retelling.tell(heard, parameters);
    if (heard.kind === 'operators') continue;
    const recorded = heard.outcome as Told;
    if (heard.kind === 'signal') counts.signals++;
    counts.proposals += recorded.proposals.length;
    incidents.add(heard.incidentId);
    const what = heard.kind === 'undo' ? null : differenceOf(recorded, now, isWhole);
    if (what === null || differences.length >= DIFFERENCES_MAX) continue;
    differences.push({ number: heard.number, incidentId: heard.incidentId, what });
  }
  return { ...counts, incidents: incidents.size, differences, isWhole };
}

function differenceOf(recorded: Told, now: Told | undefined, isWhole: boolean): string | null {
  if (now === undefined) return 'the incident is not there';
  const [before, after] = [recorded, now].map((told) => ({
    ...told,
    proposals: isWhole ? told.proposals : told.proposals.filter((proposal) => !isPooled(proposal)),
  }));
  for (const part of ['incident', 'isNew', 'doubtful', 'proposals'] as const) {
    if (JSON.stringify(before?.[part]) !== JSON.stringify(after?.[part])) return `another ${part}`;
  }
  return null;
}

function isPooled({ unit, wanted }: Proposal): boolean {
  return unit.kind === 'operator' || wanted === 'operator';
}

async function* everything(store: SignalStore): AsyncGenerator<NumberedHeard> {
  for (let after = 0; ; ) {
    const page = await store.heard(after, PAGE);
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.number;
    await breathe();
  }
}

export interface WhatIf {
  readonly signals: number;
  readonly incidents: { readonly now: number; readonly otherwise: number };
  /** Units by the gravest step that was proposed for them. */
  readonly units: readonly { readonly step: Step; readonly now: number; readonly otherwise: number }[];
  readonly worse: number;
  readonly better: number;
}

/**
 * What the signals since a time would have come to under other figures, against what they come to under those of now.
 * Readings are told as they were, where the incident is there; clean requests are those on record. Undone ones stay undone.
 */
export async function whatIf(
  reader: Reader,
  sinceMs: number,
  now: JudgementParameters,
  otherwise: JudgementParameters,
): Promise<WhatIf> {
  const store = new SignalStore(reader);
  const tellings = [now, otherwise].map((parameters) => ({
    parameters,
    retelling: new Retelling(),
    steps: new Map<string, Step>(),
    incidents: new Set<string>(),
  }));
  let signals = 0;
  for await (const heard of everything(store)) {
    if (heard.atMs < sinceMs) continue;
    if (heard.kind === 'signal') signals++;
    for (const { parameters, retelling, steps, incidents } of tellings) {
      const told = retelling.tell(heard, parameters);
      if (told === undefined) continue;
      incidents.add(told.incident.id);
      for (const { unit, step } of told.proposals) {
        const key = unitKey(unit);
        const before = steps.get(key);
        if (before === undefined || rankOf(step) > rankOf(before)) steps.set(key, step);
      }
    }
  }
  const [a, b] = tellings;
  assert(a !== undefined && b !== undefined, 'two are compared');
  return {
    signals,
    incidents: { now: a.incidents.size, otherwise: b.incidents.size },
    units: STEPS.map((step) => ({ step, now: countOf(a.steps, step), otherwise: countOf(b.steps, step) })),
    ...compared(a.steps, b.steps),
  };
}

function countOf(steps: ReadonlyMap<string, Step>, step: Step): number {
  return [...steps.values()].filter((one) => one === step).length;
}

function compared(now: ReadonlyMap<string, Step>, otherwise: ReadonlyMap<string, Step>) {
  let worse = 0;
  let better = 0;
  const rank = (step: Step | undefined) => (step === undefined ? -1 : rankOf(step));
  for (const key of new Set([...now.keys(), ...otherwise.keys()])) {
    const change = rank(otherwise.get(key)) - rank(now.get(key));
    if (change > 0) worse++;
    else if (change < 0) better++;
  }
  return { worse, better };
}
