import { GAP_MS } from '../evidence/evidence-of.ts';
import { type FieldName, fieldAt, fieldCode, WORDINGS_KEPT } from '../evidence/fields.ts';
import type { Agreement } from '../evidence.ts';
import type { Cohorts, Excess } from './cohort.ts';
import type { EgressEstimate } from './egress.ts';
import { type Judgement, judge } from './judge.ts';
import { type LinkageState, populationOf } from './state.ts';

/** What two accounts agree in and what that is enough for. */
export interface Score extends Judgement {
  readonly agreements: readonly Agreement[];
}

export interface ScoreDeps {
  readonly state: LinkageState;
  readonly egress: EgressEstimate;
  readonly cohorts: Cohorts;
}

/** Scores one account against others. */
export interface Scoring {
  against(other: number): Score;
  /** As `against`, with what is looked at in returns alone, and judged by nobody yet. */
  returning(other: number): { readonly agreements: readonly Agreement[]; readonly sharedNetwork: boolean };
}

const DOMAIN = fieldCode('mail_domain');
const SHAPE = fieldCode('local_shape');
const KIND = fieldCode('mail_kind');
const ORGANISATION = fieldCode('organisation');
const DEVICE = fieldCode('device');
const ROOT = fieldCode('local_root');
const GAP = fieldCode('signup_gap');
const WORDING = fieldCode('wording');
/** Pairs of words kept of one prompt: so many chances there are that two prompts share one. */
const LOG2_WORDINGS = Math.log2(WORDINGS_KEPT);

/** What holds of the account and of what it shares is found out once, however many it is compared with. */
export function scoringOf(account: number, deps: ScoreDeps): Scoring {
  const { state } = deps;
  const mine = new Set<number>();
  state.values.eachOf(account, (value) => mine.add(value));
  const known: Known = {
    shared: remembering(deps.egress.isShared),
    excess: excessOf(account, deps),
    inStep: remembering((through) => deps.cohorts.inStep(account, through)),
  };

  function pairWith(other: number): Pair & { readonly wordings: readonly number[] } {
    const common: number[] = [];
    const wordings: number[] = [];
    state.values.eachOf(other, (value) => {
      if (mine.has(value)) (state.values.fieldOf(value) === WORDING ? wordings : common).push(value);
    });
    return { account, other, common, wordings };
  }

  function agreementsOf(pair: Pair): Agreement[] {
    const agreements = pair.common.flatMap((value) => agreementIn(value, pair, state, known) ?? []);
    const gap = gapAgreement(pair, mine, state) ?? stepAgreement(pair, state, known);
    return gap === null ? agreements : [...agreements, gap];
  }

  function onSharedNetwork({ common }: Pair): boolean {
    return common.some((value) => isOneNetwork(state.values.fieldOf(value)) && known.shared(value));
  }

  return {
    returning(other) {
      const pair = pairWith(other);
      const wording = wordingAgreement(pair, pair.wordings, state);
      const agreements = agreementsOf(pair);
      if (wording !== null) agreements.push(wording);
      return { agreements, sharedNetwork: onSharedNetwork(pair) };
    },
    against(other) {
      const pair = pairWith(other);
      const { common } = pair;
      const agreements = agreementsOf(pair);
      const around = {
        sharedNetwork: onSharedNetwork(pair),
        operatorAccounts: Math.max(state.components.sizeOf(account), state.components.sizeOf(other)),
        deviceInStep: common.some((value) => state.values.fieldOf(value) === DEVICE && known.inStep(value)),
        payers: Math.max(0, ...ofFamily(common, 'payment', state).map(state.values.countOf)),
      };
      return { agreements, ...judge(agreements, around, state.parameters) };
    },
  };
}

interface Pair {
  readonly account: number;
  readonly other: number;
  readonly common: readonly number[];
}

/** What was found out of the account and of what it shares. */
interface Known {
  readonly shared: (network: number) => boolean;
  readonly excess: ExcessOf;
  readonly inStep: (through: number) => boolean;
}

type ExcessOf = (pattern: number, through: number) => Excess;

function excessOf(account: number, { cohorts }: ScoreDeps): ExcessOf {
  const known = new Map<number, (through: number) => Excess>();
  return (pattern, through) => {
    let of = known.get(pattern);
    if (of === undefined) {
      of = remembering((value) => cohorts.excess(account, pattern, value));
      known.set(pattern, of);
    }
    return of(through);
  };
}

function remembering<Result>(work: (value: number) => Result): (value: number) => Result {
  const known = new Map<number, Result>();
  return function recall(value) {
    let result = known.get(value);
    if (result === undefined) {
      result = work(value);
      known.set(value, result);
    }
    return result;
  };
}

/** An address or its neighbourhood. Who runs it runs networks of all kinds. */
function isOneNetwork(field: number): boolean {
  return fieldAt(field).family === 'network' && field !== ORGANISATION;
}

function ofFamily(common: readonly number[], family: string, { values }: LinkageState): number[] {
  return common.filter((value) => fieldAt(values.fieldOf(value)).family === family);
}

/** The rarest pair of words both used, less what the number of tries makes likely, and a little for each further one. */
function wordingAgreement(
  { account, other }: Pair,
  wordings: readonly number[],
  state: LinkageState,
): Agreement | null {
  const { values, components, parameters } = state;
  const { name, family, m } = fieldAt(WORDING);
  let bits = 0;
  let further = 0;
  let operators = 0;
  for (const value of wordings) {
    const having = Math.max(1, values.operatorsOf(value) - (components.same(account, other) ? 0 : 1));
    const rarity = Math.log2((m * populationOf(state)) / having) - LOG2_WORDINGS;
    if (rarity <= 0) continue;
    if (rarity >= parameters.wordingRarityMin) further += parameters.wordingBitsEach;
    if (rarity <= bits) continue;
    bits = rarity;
    operators = having;
  }
  if (bits === 0) return null;
  const all = bits + Math.max(0, further - parameters.wordingBitsEach);
  return { family, field: name, bits: Math.min(all, parameters.returnWordingBitsMax), operators };
}

/** log2(m / u), with u the share of operators who have the value; null where it tells nothing. */
function agreementIn(value: number, pair: Pair, state: LinkageState, known: Known): Agreement | null {
  const { values, components, parameters } = state;
  const field = values.fieldOf(value);
  if (field === GAP) return null;
  const { name, family, m, compared } = fieldAt(field);
  const operators = Math.max(1, values.operatorsOf(value) - (components.same(pair.account, pair.other) ? 0 : 1));
  // What names a class of people is as frequent in a small service as in a large one.
  const population = compared === 0 ? components.count : populationOf(state);
  const rarity = Math.log2((m * population) / operators);
  let bits = rarity;
  if (field === ORGANISATION) bits = Math.min(rarity, parameters.sharedNetworkBitsMax);
  if (field === DOMAIN) bits = domainBits(rarity, pair, state);
  if (field === ROOT && isNamesake(value, pair, state, known)) return null;
  if (field === SHAPE || field === KIND) bits = patternBits(value, rarity, pair, state, known);
  return bits > 0 ? { family, field: name, bits: Math.min(bits, parameters.familyBitsMax), operators } : null;
}

/** People of one organisation share its domain without being one person. */
function domainBits(rarity: number, { account }: Pair, { accounts, parameters }: LinkageState): number {
  return accounts.has(account, 'academic') ? 0 : Math.min(rarity, parameters.domainBitsMax);
}

/** Two people of one organisation may have one name; where nearly everybody of a domain has it, a program counts up. */
function isNamesake(root: number, { common }: Pair, { values, parameters }: LinkageState, { excess }: Known): boolean {
  const domain = common.find((value) => values.fieldOf(value) === DOMAIN);
  return domain !== undefined && excess(root, domain).share < parameters.drawnShareMin;
}

/**
 * An organisation has one way of making names, too: among its own addresses only names that a program draws count, and
 * only where nearly all of the domain's are drawn alike.
 */
function patternBits(
  value: number,
  rarity: number,
  { account, other, common }: Pair,
  state: LinkageState,
  { excess, inStep }: Known,
): number {
  const { accounts, values, parameters } = state;
  if (accounts.has(account, 'academic') || isChosen(account, state) || isChosen(other, state)) return 0;
  const domain = common.find((shared) => values.fieldOf(shared) === DOMAIN);
  if (domain !== undefined && !(excess(value, domain).share >= parameters.drawnShareMin && inStep(domain))) return 0;
  const cohorts = common.filter((shared) => COHORTS.has(fieldAt(values.fieldOf(shared)).name));
  return Math.max(
    Math.min(rarity, parameters.patternBitsMax),
    ...cohorts.map((through) => excess(value, through).bits),
  );
}

/** A name of an organisation's making, or of its bearer's choice. */
function isChosen(account: number, { accounts }: LinkageState): boolean {
  return accounts.has(account, 'own') && !accounts.has(account, 'drawn');
}

const COHORTS: ReadonlySet<FieldName> = new Set(['ip', 'prefix', 'device', 'mail_domain', 'card', 'phone', 'template']);

/** The quarters of an hour before and after one belong to its neighbourhood. */
function gapAgreement({ account, other }: Pair, mine: ReadonlySet<number>, state: LinkageState): Agreement | null {
  const { accounts, values } = state;
  if (Math.abs(accounts.atMs(account) - accounts.atMs(other)) > GAP_MS) return null;
  let operators = 1;
  for (const value of mine)
    if (values.fieldOf(value) === GAP) operators = Math.max(1, 2 * values.operatorsOf(value) - 1);
  const { name, family, m } = fieldAt(GAP);
  return { family, field: name, bits: Math.log2((m * populationOf(state)) / operators), operators };
}

/** Of two who did not come together, but in one row of sign-ups that kept step. */
function stepAgreement({ common }: Pair, { values, parameters }: LinkageState, { inStep }: Known): Agreement | null {
  const row = common.find((value) => ROWS.has(fieldAt(values.fieldOf(value)).name) && inStep(value));
  if (row === undefined) return null;
  const { name, family } = fieldAt(GAP);
  return { family, field: name, bits: parameters.stepBits, operators: Math.max(1, values.operatorsOf(row)) };
}

/** Who shares one of these in step is not a crowd that an hour brought together. */
const ROWS: ReadonlySet<FieldName> = new Set(['mail_domain', 'device', 'card', 'phone']);
