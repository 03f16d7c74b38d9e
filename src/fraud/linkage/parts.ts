import { createDigestOf } from '../evidence/digest.ts';
import type { EvidenceDeps, EvidenceValue } from '../evidence/evidence-of.ts';
import { type NetworkLookup, noNetworkLookup } from '../evidence/network-lookup.ts';
import { createKnownAccounts } from './accounts.ts';
import { createCohorts } from './cohort.ts';
import { createEvasion, type Evasion } from './evasion.ts';
import { type Compare, createCompare } from './compare.ts';
import { createComponents } from './components.ts';
import { createEdges, type Edges } from './edges.ts';
import { createEgressEstimate, type EgressEstimate } from './egress.ts';
import { keepNothing, type Keeping } from './keeping.ts';
import { dayOf, packEvidence, type SeenValue } from './pack.ts';
import { LINKAGE_PARAMETERS, type LinkageParameters } from './parameters.ts';
import type { LinkageState } from './state.ts';
import { createTemplates, type Templates } from './templates.ts';
import { createValues } from './values.ts';

export interface LinkageOptions {
  /** 32 bytes; the same ones make the same digests of the same values. */
  readonly secret: Uint8Array;
  /** Wall milliseconds, for when a link is cut by hand. */
  readonly nowMs: () => number;
  readonly lookUp?: NetworkLookup;
  readonly parameters?: LinkageParameters;
  readonly keeping?: Keeping;
}

/** What linkage is made of. */
export interface LinkageParts extends LinkageState {
  readonly evidence: EvidenceDeps;
  readonly edges: Edges;
  readonly egress: EgressEstimate;
  readonly compare: Compare;
  readonly evasion: Evasion;
  readonly templates: Templates;
  readonly sanctioned: Set<number>;
  readonly keeping: Keeping;
}

export function createParts(options: LinkageOptions): LinkageParts {
  const { secret, lookUp = noNetworkLookup, parameters = LINKAGE_PARAMETERS, keeping = keepNothing } = options;
  const evidence: EvidenceDeps = { digestOf: createDigestOf(secret), lookUp };
  const accounts = createKnownAccounts();
  const values = createValues();
  const components = createComponents(values);
  const state = { accounts, values, components, parameters };
  const edges = createEdges();
  const egress = createEgressEstimate(state);
  const scoring = { state, egress, cohorts: createCohorts(state) };
  const compare = createCompare(scoring, edges, keeping);
  const sanctioned = new Set<number>();
  const evasion = createEvasion(scoring, sanctioned);
  return { ...state, evidence, edges, egress, compare, evasion, templates: createTemplates(), sanctioned, keeping };
}

/** Gives an account a value it was seen with on a day; the value's number, or null when it had it. */
export function give(
  { values, components }: LinkageState,
  account: number,
  value: EvidenceValue,
  day: number,
): number | null {
  const place = values.place(value);
  if (!values.post(place, account, day)) return null;
  components.gained(account, place);
  return place;
}

export function keepAccount({ accounts, values, keeping }: LinkageParts, account: number): void {
  const seen: SeenValue[] = [];
  values.eachOf(account, (value, day) => seen.push({ value: values.at(value), day }));
  keeping.account({
    number: account,
    accountId: accounts.idOf(account),
    atMs: accounts.atMs(account),
    traits: accounts.traitsOf(account),
    evidence: packEvidence(seen.reverse()),
  });
}

export function seenAt(atMs: number): (value: SeenValue['value']) => SeenValue {
  const day = dayOf(atMs);
  return (value) => ({ value, day });
}
