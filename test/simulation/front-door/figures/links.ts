/** How right the links are: against who truly is behind each account. */
import type { SimulatedAccount } from '../account.ts';
import type { System } from '../systems/system.ts';

/** Accounts by the operator the system takes them for. */
export interface Groups {
  readonly operatorOf: ReadonlyMap<string, string>;
  readonly groups: ReadonlyMap<string, readonly SimulatedAccount[]>;
}

export interface LinkFigures {
  /**
   * Of hard links, those between accounts of one ring or one returning person. Links inside a household and between
   * accounts of one honest person are left out of it, and given below.
   */
  readonly precision: number | null;
  readonly hard_links: number;
  readonly wrong_links: number;
  readonly household_links: number;
  readonly same_person_links: number;
  readonly soft_links: number;
  readonly soft_precision: number | null;
  /** Of the n - 1 joins that would make one of a ring of n, those that were made. */
  readonly recall: RecallFigures;
  /** Farmed accounts that are together with another of their ring. */
  readonly account_recall: RecallFigures;
  readonly pair_precision: number | null;
  readonly pair_recall: number | null;
  readonly b_cubed_precision: number | null;
  readonly b_cubed_recall: number | null;
  readonly recall_by_size: Readonly<Record<string, number | null>>;
  /** Returns of banned people that were linked to what they were banned for, hard or as a mark. */
  readonly evasion_recall: number | null;
  /** Accounts of honest people marked as a banned person's return, per 10,000 of them. */
  readonly evasion_wrong_per_10k: number;
}

export interface RecallFigures {
  readonly all_farms: number | null;
  readonly levels_1_to_3: number | null;
  readonly by_level: Readonly<Record<string, number | null>>;
}

const SIZES = [5, 20, 100, 1_000, Number.POSITIVE_INFINITY];

export function groupsOf(accounts: readonly SimulatedAccount[], system: System): Groups {
  const operatorOf = system.operatorsOf(accounts.map(({ id }) => id));
  const groups = Map.groupBy(accounts, ({ id }) => operatorOf.get(id) ?? id);
  return { operatorOf, groups };
}

export function linkFigures(
  accounts: readonly SimulatedAccount[],
  system: System,
  { operatorOf, groups }: Groups,
): LinkFigures {
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const rings = [...Map.groupBy(accounts.filter(isFarmed), ({ truth }) => truth.operator).values()];
  const counted = rings.filter(({ length }) => length > 1).map((ring) => ringFigures(ring, operatorOf));
  const pairs = pairFigures([...groups.values()], rings);
  return {
    ...edgeFigures(accounts, byId, system),
    recall: recallOf(counted, ({ joins }) => joins),
    account_recall: recallOf(counted, ({ together }) => together),
    ...pairs,
    ...bCubed(accounts, groups),
    recall_by_size: Object.fromEntries(
      SIZES.slice(1).map((most, at) => [
        most === Number.POSITIVE_INFINITY ? `over_${SIZES[at]}` : `${SIZES[at]}_to_${most}`,
        rateOf(
          counted
            .filter(({ size }) => size > (SIZES[at] ?? 0) - (at === 0 ? 1 : 0) && size <= most)
            .map(({ joins }) => joins),
        ),
      ]),
    ),
    ...evasionFigures(accounts, system, operatorOf),
  };
}

interface Rate {
  readonly made: number;
  readonly of: number;
}

interface RingFigures {
  readonly level: string;
  readonly size: number;
  readonly joins: Rate;
  readonly together: Rate;
}

function ringFigures(ring: readonly SimulatedAccount[], operatorOf: ReadonlyMap<string, string>): RingFigures {
  const parts = Map.groupBy(ring, ({ id }) => operatorOf.get(id) ?? id);
  const together = [...parts.values()].reduce((sum, { length }) => sum + (length > 1 ? length : 0), 0);
  return {
    level: ring[0]?.truth.level ?? 'none',
    size: ring.length,
    joins: { made: ring.length - parts.size, of: ring.length - 1 },
    together: { made: together, of: ring.length },
  };
}

/** The unseen generator is reported by itself and counts for no total. */
function recallOf(rings: readonly RingFigures[], of: (ring: RingFigures) => Rate): RecallFigures {
  const levels = [...new Set(rings.map(({ level }) => level))].toSorted();
  const among = (chosen: readonly string[]) => rateOf(rings.filter(({ level }) => chosen.includes(level)).map(of));
  return {
    all_farms: among(levels.filter((level) => level !== 'unseen')),
    levels_1_to_3: among(['1', '2', '3']),
    by_level: Object.fromEntries(levels.map((level) => [level, among([level])])),
  };
}

function rateOf(rates: readonly Rate[]): number | null {
  const of = rates.reduce((sum, rate) => sum + rate.of, 0);
  return of === 0 ? null : rates.reduce((sum, rate) => sum + rate.made, 0) / of;
}

type Verdict = 'right' | 'household' | 'same_person' | 'wrong';

function judge(a: SimulatedAccount, b: SimulatedAccount): Verdict {
  const isHonest = a.truth.intent === 'legitimate' && b.truth.intent === 'legitimate';
  if (a.truth.operator === b.truth.operator) return isHonest ? 'same_person' : 'right';
  return isHonest && a.truth.household !== null && a.truth.household === b.truth.household ? 'household' : 'wrong';
}

function edgeFigures(
  accounts: readonly SimulatedAccount[],
  byId: ReadonlyMap<string, SimulatedAccount>,
  system: System,
) {
  const counts = { hard: tally(), soft: tally() };
  for (const account of accounts)
    for (const { accounts: ends, strength } of system.linksOf(account.id)) {
      const other = byId.get(ends[1]);
      if (ends[0] === account.id && other !== undefined) counts[strength][judge(account, other)] += 1;
    }
  const { hard, soft } = counts;
  return {
    precision: ratio(hard.right, hard.right + hard.wrong),
    hard_links: hard.right + hard.wrong + hard.household + hard.same_person,
    wrong_links: hard.wrong,
    household_links: hard.household,
    same_person_links: hard.same_person,
    soft_links: soft.right + soft.wrong + soft.household + soft.same_person,
    soft_precision: ratio(soft.right, soft.right + soft.wrong),
  };
}

function tally(): Record<Verdict, number> {
  return { right: 0, household: 0, same_person: 0, wrong: 0 };
}

function pairFigures(
  groups: readonly (readonly SimulatedAccount[])[],
  rings: readonly (readonly SimulatedAccount[])[],
) {
  let right = 0;
  let linked = 0;
  let farmedRight = 0;
  for (const group of groups) {
    if (group.length < 2) continue;
    const owners = Map.groupBy(group, ownerOf);
    linked += pairsOf(group.length);
    for (const members of owners.values()) right += pairsOf(members.length);
    for (const members of owners.values())
      if (members[0] !== undefined && isFarmed(members[0])) farmedRight += pairsOf(members.length);
  }
  const all = rings.reduce((sum, { length }) => sum + pairsOf(length), 0);
  return { pair_precision: ratio(right, linked), pair_recall: ratio(farmedRight, all) };
}

/** Bagga and Baldwin 1998: precision over every account that is linked, recall over every farmed one. */
function bCubed(accounts: readonly SimulatedAccount[], groups: Groups['groups']) {
  const sizes = Map.groupBy(accounts, ownerOf);
  let [precision, linked, recall, farmed] = [0, 0, 0, 0];
  for (const group of groups.values()) {
    const owners = Map.groupBy(group, ownerOf);
    for (const account of group) {
      const same = owners.get(ownerOf(account))?.length ?? 1;
      if (group.length > 1) {
        precision += same / group.length;
        linked += 1;
      }
      if (!isFarmed(account)) continue;
      recall += same / (sizes.get(ownerOf(account))?.length ?? 1);
      farmed += 1;
    }
  }
  return { b_cubed_precision: ratio(precision, linked), b_cubed_recall: ratio(recall, farmed) };
}

function evasionFigures(
  accounts: readonly SimulatedAccount[],
  system: System,
  operatorOf: ReadonlyMap<string, string>,
) {
  const evaders = Map.groupBy(
    accounts.filter(({ truth }) => truth.intent === 'evading'),
    ({ truth }) => truth.operator,
  );
  const returns = [...evaders.values()].flatMap(([first, ...later]) =>
    later.map((one) => system.evasionMarks.has(one.id) || operatorOf.get(one.id) === operatorOf.get(first?.id ?? '')),
  );
  const honest = accounts.filter(({ truth }) => truth.intent === 'legitimate');
  const marked = honest.filter(({ id }) => system.evasionMarks.has(id)).length;
  return {
    evasion_recall: ratio(returns.filter(Boolean).length, returns.length),
    evasion_wrong_per_10k: (marked / Math.max(1, honest.length)) * 10_000,
  };
}

/** People of one household count as one owner here: a link between them frames nobody. */
export function ownerOf({ truth }: SimulatedAccount): string {
  return truth.household ?? truth.operator;
}

export function isFarmed({ truth }: SimulatedAccount): boolean {
  return truth.intent === 'farmed';
}

function pairsOf(count: number): number {
  return (count * (count - 1)) / 2;
}

export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
