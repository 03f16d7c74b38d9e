import { createHash } from 'node:crypto';
import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { Incident, Reading } from '../incident.ts';
import type { JudgementSurroundings, Proposal, UnitFigures } from '../judgement.ts';
import { createJudgement, type KeptJudgement } from '../judgement/create-judgement.ts';
import type { JudgementParameters } from '../judgement/parameters.ts';
import type { EndedReview, PathEnforcement } from '../path.ts';
import type { Digests } from '../signals/digests.ts';
import { type NotedSignal, signalsOf } from '../signals/from-review.ts';
import {
  eraseAccount,
  type Heard,
  type NumberedHeard,
  putClean,
  putHeard,
  putIncident,
  putParameters,
  putProposed,
  putSignal,
  putUndone,
  SignalStore,
} from '../signals/store.ts';
import { type Owner, type Unit, unitKey } from '../unit.ts';
import { factsOf, type IncidentFacts, raisersIn } from './facts.ts';
import type { Doubt, SecondReader } from './second-reader.ts';

export interface FollowDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly mintId: MintId;
  readonly digests: Digests;
  readonly surroundings: JudgementSurroundings;
  readonly parameters: JudgementParameters;
  readonly reader: SecondReader;
  /** Carries out what was proposed; ids of the sanctions that followed. Told again after a crash, so it must not do a thing twice. */
  propose(proposal: Proposal): Promise<readonly string[]>;
  /** Only a person can say. Told again after a crash. */
  unsure(incident: Incident, why: Doubt): Promise<void>;
  readonly onFault: (what: string, error: unknown) => void;
}

/** A signal that is raised by something else than a review: rules, fraud, the ledger, reports, upstreams, staff. */
export type SignalInput = Pick<
  NotedSignal['signal'],
  'atMs' | 'source' | 'sourceVersion' | 'conduct' | 'confidence'
> & {
  readonly owner: Owner;
  readonly requestId?: string | null;
  readonly template?: string | null;
  readonly conversation?: string | null;
  readonly language?: 'en' | 'zh' | null;
  readonly freshUntilMs?: number;
};

export interface Raised {
  readonly signalId: string;
  readonly incidentId: string;
}

/** From what is written to what is done: signals in the order they became durable, each with one effect, whatever breaks. */
export interface Follow extends Pick<PathEnforcement, 'ended'> {
  /** Reads what is known; until then signals are kept, and judged in their turn. */
  start(): Promise<void>;
  /** A reviewed request in which nothing was found. */
  clean(owner: Owner, atMs: number): void;
  /** For whoever writes in a unit of their own. */
  raising(input: SignalInput): {
    readonly signalId: string;
    readonly statements: readonly WriteStatement[];
    durable(): Promise<Raised>;
  };
  raise(input: SignalInput): Promise<Raised>;
  /** What a person, or another reader, makes of an incident; durable when it resolves. */
  read(reading: Reading): Promise<{ readonly known: boolean; readonly sanctions: readonly string[] }>;
  undo(incidentIds: readonly string[], by: string, reason: string, atMs: number): Promise<readonly Incident[]>;
  get(incidentId: string): Promise<Incident | null>;
  factsOf(incidentIds: readonly string[]): Promise<IncidentFacts>;
  /** Ids of the staff, or `local`, who said by hand that something of these incidents happened. */
  raisersOf(incidentIds: readonly string[]): Promise<readonly string[]>;
  figuresOf(unit: Unit): UnitFigures;
  operatorsChanged(accountIds: readonly string[]): void;
  /** Keeps the counts of clean requests, and lets go of what decayed. */
  tick(): Promise<void>;
  readonly eraser: { readonly name: string; erase(accountId: string): Promise<void> };
  readonly store: SignalStore;
  /** Resolves once everything it was told is done. */
  settled(): Promise<void>;
}

const FRESH_MS = 180 * 86_400_000;
const FORGET_ACCOUNTS = 2_000;
const CLEAN_ROWS_PER_UNIT = 500;
/** Texts that wait while what is known is read; of the others only the signals are kept. */
const EARLY_TEXTS_MAX = 1_000;

interface Asked {
  readonly noted: NotedSignal;
  readonly text: string | null;
  readonly done?: (raised: Raised) => void;
  readonly failed?: (error: unknown) => void;
}

export function createFollow(deps: FollowDeps): Follow {
  return new Following(deps);
}

class Following implements Follow {
  readonly store: SignalStore;
  readonly eraser: Follow['eraser'];
  readonly #deps: FollowDeps;
  readonly #judgement: KeptJudgement;
  readonly #judgedBy: string;
  readonly #inHand = new Set<Promise<unknown>>();
  /** What came before everything was read; null from then on. */
  #early: Asked[] | null = [];
  /** Proposals for one account are carried out one after the other. */
  readonly #lines = new Map<string, Promise<unknown>>();
  readonly #keptClean = new Map<string, number>();

  constructor(deps: FollowDeps) {
    this.#deps = deps;
    this.store = new SignalStore(deps.storage.reader);
    this.#judgedBy = createHash('sha256').update(JSON.stringify(deps.parameters)).digest('hex').slice(0, 32);
    this.#judgement = createJudgement(deps.surroundings, deps.parameters);
    this.eraser = { name: 'signals and incidents', erase: (accountId) => this.#erase(accountId) };
  }

  async start(): Promise<void> {
    const { clock, parameters } = this.#deps;
    const judgement = this.#judgement;
    await this.#write([putParameters(this.#judgedBy, parameters)]);
    for (const kept of await this.store.kept(clock.wallMs() - parameters.foldMs)) judgement.restore(kept);
    const counts = await this.store.clean();
    for (const { unit } of judgement.cleanCounts()) judgement.resume({ unit, clean: counts.get(unitKey(unit)) ?? 0 });
    const left = await this.store.unheard();
    const unfinished = await this.store.unproposed();
    const early = this.#early ?? [];
    this.#early = null;
    for (const heard of unfinished) this.#keep(this.#finish(heard));
    const known = new Set(left.map(({ signal }) => signal.id));
    for (const noted of left) {
      const withText = early.find((asked) => asked.noted.signal.id === noted.signal.id);
      this.#take(withText ?? { noted, text: null });
    }
    for (const asked of early) if (!known.has(asked.noted.signal.id)) this.#take(asked);
  }

  ended(review: EndedReview): ReturnType<PathEnforcement['ended']> {
    const { mintId, digests } = this.#deps;
    const cleanBefore = this.#judgement.cleanOf(review.owner.accountId);
    const found = signalsOf(review, { mintId, digests, cleanBefore });
    return {
      statements: found.map(putSignal),
      durable: () => {
        for (const noted of found) this.#take({ noted, text: review.asked });
      },
    };
  }

  clean(owner: Owner, atMs: number): void {
    this.#judgement.clean(owner, atMs, 1);
  }

  raising(input: SignalInput): ReturnType<Follow['raising']> {
    const { owner, atMs, confidence } = input;
    assert(confidence > 0 && confidence < 1, 'nothing is certain');
    const cleanBefore = this.#judgement.cleanOf(owner.accountId);
    const rest = { requestId: null, template: null, conversation: null, language: null, freshUntilMs: atMs + FRESH_MS };
    const signal = { ...rest, ...input, id: this.#deps.mintId('sig'), cleanBefore };
    const noted: NotedSignal = { signal, category: null, agreed: false };
    return {
      signalId: signal.id,
      statements: [putSignal(noted)],
      durable: () => new Promise((done, failed) => this.#take({ noted, text: null, done, failed })),
    };
  }

  async raise(input: SignalInput): Promise<Raised> {
    const { statements, durable } = this.raising(input);
    await this.#write(statements);
    return await durable();
  }

  async read(reading: Reading): Promise<{ known: boolean; sanctions: readonly string[] }> {
    assert(this.#early === null, 'nobody reads incidents before they are known');
    const settled = this.#judgement.settle(reading);
    if (settled === null) return { known: false, sanctions: [] };
    const { incident, proposals, context } = settled;
    const heard: Heard = {
      ...ofIncident(incident, 'reading', reading.atMs, `${reading.by} ${reading.incidentId}`),
      input: reading,
      context,
      outcome: { incident, proposals },
      judgedBy: this.#judgedBy,
      isDone: proposals.length === 0,
    };
    const number = await this.#record(heard, [incident]);
    return { known: true, sanctions: await this.#carryOut(heard, number, null) };
  }

  async undo(incidentIds: readonly string[], by: string, reason: string, atMs: number): Promise<readonly Incident[]> {
    assert(this.#early === null, 'nobody takes incidents back before they are known');
    const undone = this.#judgement.undo(incidentIds, atMs);
    // In the order of the calls, so before anything is waited for.
    await this.#write(undone.flatMap((incident) => undoing(incident, { by, reason, atMs, judgedBy: this.#judgedBy })));
    const inMemory = new Set(undone.map(({ id }) => id));
    const forgotten: Incident[] = [];
    for (const id of incidentIds) {
      const incident = inMemory.has(id) ? null : await this.store.incident(id);
      if (incident !== null && incident.state !== 'undone') forgotten.push({ ...incident, state: 'undone' });
    }
    await this.#write(
      forgotten.flatMap((incident) => undoing(incident, { by, reason, atMs, judgedBy: this.#judgedBy })),
    );
    return [...undone, ...forgotten];
  }

  async get(incidentId: string): Promise<Incident | null> {
    return this.#judgement.incident(incidentId) ?? (await this.store.incident(incidentId));
  }

  async factsOf(incidentIds: readonly string[]): Promise<IncidentFacts> {
    const incidents = await Promise.all(incidentIds.map((id) => this.get(id)));
    return factsOf(
      incidents.filter((incident) => incident !== null),
      await this.store.signalsOf(incidentIds),
    );
  }

  async raisersOf(incidentIds: readonly string[]): Promise<readonly string[]> {
    return raisersIn(await this.store.signalsOf(incidentIds));
  }

  figuresOf(unit: Unit): UnitFigures {
    return this.#judgement.figuresOf(unit, this.#deps.clock.wallMs());
  }

  operatorsChanged(accountIds: readonly string[]): void {
    if (!this.#judgement.concerns(accountIds)) return;
    this.#judgement.operatorsChanged(accountIds);
    const { surroundings, clock } = this.#deps;
    const now = accountIds.map((id) => [id, surroundings.operatorOf(id)[0] ?? id] as const);
    const heard: Heard = {
      atMs: clock.wallMs(),
      kind: 'operators',
      accountId: '',
      ref: '',
      incidentId: '',
      input: now,
      context: null,
      outcome: null,
      judgedBy: this.#judgedBy,
      isDone: true,
    };
    this.#keep(this.#write([putHeard(heard)]));
  }

  async tick(): Promise<void> {
    if (this.#early !== null) return;
    this.#judgement.forget(this.#deps.clock.wallMs(), FORGET_ACCOUNTS);
    const statements: WriteStatement[] = [];
    for (const count of this.#judgement.cleanCounts()) {
      const key = unitKey(count.unit);
      if (this.#keptClean.get(key) === count.clean) continue;
      this.#keptClean.set(key, count.clean);
      statements.push(putClean(count));
    }
    for (let at = 0; at < statements.length; at += CLEAN_ROWS_PER_UNIT) {
      await this.#write(statements.slice(at, at + CLEAN_ROWS_PER_UNIT));
    }
  }

  async settled(): Promise<void> {
    while (this.#inHand.size > 0) await Promise.all(this.#inHand);
  }

  async #erase(accountId: string): Promise<void> {
    this.#judgement.erase(accountId);
    await this.#write(eraseAccount(accountId));
  }

  /** In the order of these calls. */
  #take(asked: Asked): void {
    if (this.#early !== null) this.#early.push(this.#early.length < EARLY_TEXTS_MAX ? asked : { ...asked, text: null });
    else this.#keep(this.#hear(asked));
  }

  async #hear(asked: Asked): Promise<void> {
    try {
      await this.#judge(asked);
    } catch (error) {
      asked.failed?.(error);
      throw error;
    }
  }

  /** Judged before anything is waited for, so that the order is that of the calls. */
  async #judge({ noted, text, done }: Asked): Promise<void> {
    const { signal } = noted;
    const { incident, isNew, doubtful, proposals, context } = this.#judgement.hear(signal);
    const heard: Heard = {
      ...ofIncident(incident, 'signal', signal.atMs, signal.id),
      input: signal,
      context,
      outcome: { incident, isNew, doubtful, proposals },
      judgedBy: this.#judgedBy,
      isDone: proposals.length === 0 && !(doubtful && isNew),
    };
    const number = await this.#record(heard, [incident]);
    done?.({ signalId: signal.id, incidentId: incident.id });
    await this.#carryOut(heard, number, text, noted.agreed);
  }

  /** What is left to do about an input: proposals are carried out, a new doubtful incident is read. */
  async #carryOut(heard: Heard, number: number, text: string | null, agreed?: boolean): Promise<readonly string[]> {
    if (heard.isDone) return [];
    const outcome = heard.outcome as {
      readonly incident: Incident;
      readonly doubtful?: boolean;
      readonly proposals: readonly Proposal[];
    };
    const sanctions: string[] = [];
    await this.#inLine(heard.accountId, async () => {
      for (const proposal of outcome.proposals) sanctions.push(...(await this.#deps.propose(proposal)));
    });
    if (outcome.doubtful === true) await this.#ask(outcome.incident, text, agreed ?? (await this.#agreedOf(heard)));
    await this.#write([putProposed(number)]);
    return sanctions;
  }

  /** After a crash: what was taken back meanwhile leads to nothing more. */
  async #finish(heard: NumberedHeard): Promise<void> {
    if ((await this.get(heard.incidentId))?.state === 'undone') await this.#write([putProposed(heard.number)]);
    else await this.#carryOut(heard, heard.number, null);
  }

  async #inLine(accountId: string, work: () => Promise<void>): Promise<void> {
    const before = this.#lines.get(accountId) ?? Promise.resolve();
    const mine = before.then(work);
    const quiet = mine
      .catch(() => undefined)
      .then(() => {
        if (this.#lines.get(accountId) === quiet) this.#lines.delete(accountId);
      });
    this.#lines.set(accountId, quiet);
    await mine;
  }

  async #agreedOf({ incidentId }: Heard): Promise<boolean> {
    return (await this.store.signalsOf([incidentId]))[0]?.agreed ?? false;
  }

  async #ask(incident: Incident, text: string | null, agreed: boolean): Promise<void> {
    const { reading, doubt } = await this.#deps.reader.read({ incident, agreed, text });
    // Somebody else may have settled it while it was read, or before a restart.
    if (this.#judgement.incident(incident.id)?.state !== 'doubtful') return;
    await this.read(reading);
    if (doubt !== null) await this.#deps.unsure(this.#judgement.incident(incident.id) ?? incident, doubt);
  }

  async #record(heard: Heard, incidents: readonly Incident[]): Promise<number> {
    const rows = incidents.map((incident) => {
      const kept = this.#judgement.kept(incident.id);
      return kept === null ? putUndone(incident) : putIncident(kept);
    });
    const results = await this.#write([putHeard(heard), ...rows]);
    return Number(results[0]?.rows[0]?.['number'] ?? 0);
  }

  async #write(statements: readonly WriteStatement[]) {
    if (statements.length === 0) return [];
    const outcome = await this.#deps.storage.writer.write(statements);
    assert(outcome.ok, 'what judgement came to can always be kept');
    return outcome.value;
  }

  #keep(work: Promise<unknown>): void {
    const kept = work
      .catch((error: unknown) => {
        this.#deps.onFault('follow a signal', error);
      })
      .finally(() => this.#inHand.delete(kept));
    this.#inHand.add(kept);
  }
}

function undoing(
  incident: Incident,
  how: { readonly by: string; readonly reason: string; readonly atMs: number; readonly judgedBy: string },
): WriteStatement[] {
  const { by, reason, atMs, judgedBy } = how;
  const rest = { input: { by, reason }, context: null, outcome: { incident, proposals: [] }, judgedBy, isDone: true };
  return [putUndone(incident), putHeard({ ...ofIncident(incident, 'undo', atMs, by), ...rest })];
}

function ofIncident(incident: Incident, kind: Heard['kind'], atMs: number, ref: string) {
  return { atMs, kind, ref, accountId: incident.owner.accountId, incidentId: incident.id };
}
