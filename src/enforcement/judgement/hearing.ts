import type { Incident, Reading } from '../incident.ts';
import type { Heard, Proposal } from '../judgement.ts';
import type { Signal } from '../signal.ts';
import { rankOf } from '../step.ts';
import { type Bench, toleranceOf } from './bench.ts';
import type { GivenUnit } from './dossiers.ts';
import { incidentOf, isFurther, openIncident, takeIn, weightBeside } from './folding.ts';
import { sweep, takeBack, withdraw } from './letting-go.ts';
import { operatorProposal } from './operators.ts';
import { ask, bites, proposalOf } from './proposing.ts';
import { type Dossier, type Held, place, toIncident, type UnitLog } from './state.ts';

/** What the figures depended on besides the input itself: kept with it, so that a record replays to itself. */
export interface Context {
  /** The smallest first; empty where the input came to nothing that counts. */
  readonly units: readonly GivenUnit[];
  readonly uses: readonly string[];
  /** Accounts linked firmly with this one. */
  readonly firmly: number;
}

export type HeardThere = Heard & { readonly context: Context };

export interface Settled {
  readonly incident: Incident;
  readonly proposals: readonly Proposal[];
  readonly context: Context;
}

function contextOf(bench: Bench, accountId: string, chain: readonly UnitLog[]): Context {
  return {
    units: chain.map(({ unit, clean, joining }) => ({ unit, clean, joining })),
    uses: chain.length === 0 ? [] : bench.surroundings.declaredUsesOf(accountId),
    firmly:
      chain.at(-1)?.unit.kind === 'operator'
        ? bench.surroundings.firmlyLinked(accountId, bench.parameters.operatorBitsMin)
        : 0,
  };
}

/** Confirmed from now on: a strike. */
function confirm(held: Held, by: string | null, atMs: number): void {
  held.state = 'confirmed';
  held.readBy = by;
  held.toldAtMs = Math.max(atMs, held.lastAtMs);
  held.sinceTold = 0;
}

function proposalsFor(bench: Bench, held: Held, atMs: number, context: Context): Proposal[] {
  const proposals: Proposal[] = [];
  const tolerance = toleranceOf(context.uses, bench.parameters);
  let reached = -1;
  for (const log of held.chain) {
    if (log.unit.kind === 'operator') continue;
    const asked = ask(log, atMs, tolerance, bench.parameters);
    const proposal = asked && proposalOf(log, asked, atMs, bench.parameters);
    if (proposal === null) continue;
    const isSmallest = log === held.chain[0];
    if (!isSmallest && (!bites(proposal.step) || rankOf(proposal.step) <= reached)) continue;
    // What is taken away for a month lets the rest go on: who got so far pauses first.
    if (proposal.step === 'restrict') proposals.push({ ...proposal, step: 'cool_off', wanted: null });
    proposals.push(proposal);
    reached = Math.max(reached, rankOf(proposal.step));
  }
  const { firmly } = context;
  return operatorProposal({ held, proposals, reached, atMs, tolerance, firmly, parameters: bench.parameters });
}

/** Takes in a signal: into an incident that is there, or as the first of one. */
export function hear(bench: Bench, signal: Signal, given?: Context): HeardThere {
  const dossier = bench.dossiers.open(signal.owner, signal.atMs);
  sweep(bench, dossier, signal.atMs);
  const found = incidentOf(dossier, signal, bench.parameters);
  if (found === null || isFurther(found, signal, bench.parameters)) return begin(bench, dossier, signal, given);
  takeIn(found, signal);
  const { accountId } = signal.owner;
  if (found.state === 'doubtful' && signal.confidence >= bench.parameters.sureFrom) {
    if (given !== undefined) bench.dossiers.chainGiven(dossier, given.units);
    const context = given ?? contextOf(bench, accountId, found.chain);
    confirm(found, null, signal.atMs);
    return heard(found, false, proposalsFor(bench, found, signal.atMs, context), context);
  }
  return heard(found, false, [], contextOf(bench, accountId, []));
}

function begin(bench: Bench, dossier: Dossier, signal: Signal, given: Context | undefined): HeardThere {
  const chain =
    given === undefined
      ? bench.dossiers.chainOf(dossier, signal.owner, signal.atMs)
      : bench.dossiers.chainGiven(dossier, given.units);
  const context = given ?? contextOf(bench, dossier.accountId, chain);
  const held = openIncident(signal, chain);
  held.weight = weightBeside(dossier.held, held, bench.parameters);
  dossier.held.push(held);
  for (const log of chain) place(log, held);
  bench.known.set(held.id, { held, dossier });
  if (signal.confidence < bench.parameters.sureFrom) return heard(held, true, [], context);
  confirm(held, null, signal.atMs);
  return heard(held, true, proposalsFor(bench, held, signal.atMs, context), context);
}

function heard(held: Held, isNew: boolean, proposals: readonly Proposal[], context: Context): HeardThere {
  return { incident: toIncident(held), isNew, doubtful: held.state === 'doubtful', proposals, context };
}

/** Takes in what a second reader or a person makes of an incident; a person may also answer what was settled. */
export function settle(bench: Bench, reading: Reading, given?: Context): Settled | null {
  const known = bench.known.get(reading.incidentId);
  if (known !== undefined) sweep(bench, known.dossier, reading.atMs);
  const entry = bench.known.get(reading.incidentId);
  if (entry === undefined) return null;
  const { held, dossier } = entry;
  if (given !== undefined) bench.dossiers.chainGiven(dossier, given.units);
  const context = given ?? contextOf(bench, dossier.accountId, held.chain);
  const isPerson = reading.by.startsWith('person:');
  const proposals: Proposal[] = [];
  if (reading.outcome === 'abuse' && (held.state === 'doubtful' || (isPerson && held.state === 'dismissed'))) {
    if (held.state === 'dismissed') bench.dossiers.placeAgain(dossier, held);
    held.confidence = reading.confidence;
    confirm(held, reading.by, reading.atMs);
    proposals.push(...proposalsFor(bench, held, reading.atMs, context));
  } else if (reading.outcome === 'unsure') {
    held.isOpen = true;
  } else if (reading.outcome === 'harmless' && held.state === 'doubtful') {
    withdraw(bench, dossier, held);
    held.state = 'dismissed';
    held.confidence = 1 - reading.confidence;
    held.readBy = reading.by;
    held.sinceTold = 0;
  } else if (reading.outcome === 'harmless' && held.state === 'confirmed' && isPerson) {
    takeBack(bench, dossier, held);
  }
  return { incident: toIncident(held), proposals, context };
}
