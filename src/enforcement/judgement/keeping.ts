import type { Incident } from '../incident.ts';
import type { Bench } from './bench.ts';
import type { GivenUnit } from './dossiers.ts';
import { openIncident } from './folding.ts';
import { sweep } from './letting-go.ts';
import { type Held, place, toIncident, type Weight } from './state.ts';

/** An incident with what judgement needs to go on with it after a restart. */
export interface KeptIncident {
  readonly incident: Incident;
  /** The smallest first, each with the clean requests before the incident. */
  readonly units: readonly GivenUnit[];
  readonly conversation: string | null;
  readonly template: string | null;
  readonly weight: Weight;
  readonly freshUntilMs: number;
  readonly isOpen: boolean;
  readonly toldAtMs: number | null;
  readonly sinceTold: number;
}

/** Null for one it does not know. */
export function keptOf(bench: Bench, incidentId: string): KeptIncident | null {
  const held = bench.known.get(incidentId)?.held;
  if (held === undefined) return null;
  const { conversation, template, weight, freshUntilMs, isOpen, toldAtMs, sinceTold } = held;
  const units = held.chain.map((log): GivenUnit => {
    const trial = log.trials.find((one) => one.held === held);
    return { unit: log.unit, clean: trial?.at ?? log.clean, joining: trial?.join ?? 0 };
  });
  const rest = { conversation, template, weight, freshUntilMs, isOpen, toldAtMs, sinceTold };
  return { incident: toIncident(held), units, ...rest };
}

/** Takes an incident back into memory; in the order they were opened, before anything else is heard. */
export function restore(bench: Bench, kept: KeptIncident): void {
  const { incident, units, ...rest } = kept;
  const { owner, openedAtMs } = incident;
  const dossier = bench.dossiers.open(owner, openedAtMs);
  const chain = bench.dossiers.chainGiven(dossier, units);
  const blank = openIncident({ ...BLANK, id: incident.id, owner, conduct: incident.conduct, atMs: openedAtMs }, chain);
  const held: Held = {
    ...blank,
    ...incident,
    ...rest,
    signals: [...incident.signals],
    requestIds: [...incident.requestIds],
  };
  dossier.held.push(held);
  bench.known.set(held.id, { held, dossier });
  if (held.state !== 'dismissed') for (const log of chain) place(log, held);
  sweep(bench, dossier, openedAtMs);
}

const BLANK = {
  source: 'moderation',
  sourceVersion: '',
  requestId: null,
  confidence: 0,
  conversation: null,
  template: null,
  language: null,
  cleanBefore: 0,
  freshUntilMs: 0,
} as const;
