import { GAP_MS } from '../evidence/evidence-of.ts';
import { type FieldName, fieldAt, fieldCode } from '../evidence/fields.ts';
import type { Agreement } from '../evidence.ts';
import type { CohortExcess } from './cohort.ts';
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
  readonly excess: CohortExcess;
}

/** Scores one account against others. */
export interface Scoring {
  against(other: number): Score;
}

const DOMAIN = fieldCode('mail_domain');
const SHAPE = fieldCode('local_shape');
const GAP = fieldCode('signup_gap');

/** What holds of the account and of what it shares is found out once, however many it is compared with. */
export function scoringOf(account: number, deps: ScoreDeps): Scoring {
  const { state } = deps;
  const mine = new Set<number>();
  state.values.eachOf(account, (value) => mine.add(value));
  const known = {
    shared: remembering((value) => Number(deps.egress.isShared(value))),
    excess: remembering((through) => deps.excess.bitsOf(account, shapeOf(mine, state), through)),
  };
  return {
    against(other) {
      const common: number[] = [];
      state.values.eachOf(other, (value) => {
        if (mine.has(value)) common.push(value);
      });
      const pair = { account, other, common };
      const agreements = common.flatMap((value) => agreementIn(value, pair, state, known.excess) ?? []);
      const gap = gapAgreement(pair, mine, state);
      if (gap !== null) agreements.push(gap);
      const around = {
        sharedNetwork: ofFamily(common, 'network', state).some((value) => known.shared(value) === 1),
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

function remembering(work: (value: number) => number): (value: number) => number {
  const known = new Map<number, number>();
  return function recall(value) {
    let result = known.get(value);
    if (result === undefined) {
      result = work(value);
      known.set(value, result);
    }
    return result;
  };
}

function ofFamily(common: readonly number[], family: string, { values }: LinkageState): number[] {
  return common.filter((value) => fieldAt(values.fieldOf(value)).family === family);
}

function shapeOf(mine: ReadonlySet<number>, { values }: LinkageState): number {
  for (const value of mine) if (values.fieldOf(value) === SHAPE) return value;
  return -1;
}

/** log2(m / u), with u the share of operators who have the value; null where it tells nothing. */
function agreementIn(
  value: number,
  pair: Pair,
  state: LinkageState,
  excessThrough: (through: number) => number,
): Agreement | null {
  const { values, components, parameters } = state;
  const field = values.fieldOf(value);
  if (field === GAP) return null;
  const { name, family, m } = fieldAt(field);
  const operators = Math.max(1, values.operatorsOf(value) - (components.same(pair.account, pair.other) ? 0 : 1));
  const rarity = Math.log2((m * populationOf(state)) / operators);
  let bits = rarity;
  if (field === DOMAIN) bits = domainBits(rarity, pair, state);
  if (field === SHAPE) bits = shapeBits(rarity, pair, state, excessThrough);
  return bits > 0 ? { family, field: name, bits: Math.min(bits, parameters.familyBitsMax), operators } : null;
}

/** People of one organisation share its domain without being one person. */
function domainBits(rarity: number, { account }: Pair, { accounts, parameters }: LinkageState): number {
  return accounts.has(account, 'academic') ? 0 : Math.min(rarity, parameters.domainBitsMax);
}

/** An organisation has one way of making names, too: among its own addresses only names that a program draws count. */
function shapeBits(
  rarity: number,
  { account, other, common }: Pair,
  { accounts, values }: LinkageState,
  excessThrough: (through: number) => number,
): number {
  const own = accounts.has(account, 'own') && accounts.has(other, 'own');
  const drawn = accounts.has(account, 'drawn') && accounts.has(other, 'drawn');
  if (own && (!drawn || accounts.has(account, 'academic'))) return 0;
  const cohorts = common.filter((value) => isCohort(fieldAt(values.fieldOf(value)).name));
  return Math.max(rarity, ...cohorts.map(excessThrough));
}

function isCohort(field: FieldName): boolean {
  return ['ip', 'prefix', 'device', 'mail_domain', 'card', 'phone', 'template'].includes(field);
}

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
