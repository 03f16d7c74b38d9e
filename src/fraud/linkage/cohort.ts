import { GAP_MS } from '../evidence/evidence-of.ts';
import { fieldCode } from '../evidence/fields.ts';
import type { LinkageState } from './state.ts';

/** Accounts around one that share a value with it: what they have in common besides, and how they came. */
export interface Cohorts {
  /** How far a pattern of names is overrepresented among those who share a value with the account. */
  excess(account: number, pattern: number, through: number): Excess;
  /** Whether they came in step: one soon after the other, on a few clients or from many networks. */
  inStep(account: number, through: number): boolean;
}

export interface Excess {
  /** Bits the pattern counts for; 0 where it is no more frequent than everywhere. */
  readonly bits: number;
  /** Share of the newest that have the pattern, whenever they came; of a few it is taken to be less. */
  readonly share: number;
}

const LOOKED_AT = 64;
const WINDOW_MS = 3 * 86_400_000;
const SHARE_MAX = 0.98;
/** Members who have the pattern by chance, where none is to be expected. */
const BY_CHANCE = 0.03;
/** Members a share is taken to be without, until there are more. */
const UNSURE_ABOUT = 2;
/** More accounts than this of one operator are no person's. */
const PERSON_ACCOUNTS_MAX = 3;
const IN_STEP_SHARE_MIN = 0.5;
/** A class or an office has many programs and few networks. */
const CLASSES_OF_MANY = 4;
const SAME_NETWORK_SHARE = 0.3;
const CLIENT = fieldCode('client_class');
const PREFIX = fieldCode('prefix');

/** See `Cohorts`. */
export function createCohorts(state: LinkageState): Cohorts {
  const { values, components, parameters } = state;

  function bitsOf({ alike, others }: Counted, pattern: number, priorBits: number): number {
    const all = alike + others.size;
    // Laplace's rule of succession: what was never seen may be next.
    const base = Math.min(SHARE_MAX, (values.operatorsOf(pattern) + 1) / (components.count + 2));
    if (alike < parameters.groupMin || alike / all <= base) return 0;
    const inside = Math.min(alike / all, 1 - BY_CHANCE / all);
    const ratio = alike * Math.log2(inside / base) + others.size * Math.log2((1 - inside) / (1 - base));
    const anyway = (others.size * base) / (1 - base) + BY_CHANCE;
    return Math.max(0, Math.min(ratio - priorBits, Math.log2(alike / anyway), parameters.groupBitsMax));
  }

  return {
    /**
     * The pattern's frequency inside a cohort against that among all operators, by the likelihood ratio of the two; what
     * it counts for is bounded by the share of members who would have it anyway. A class, a venue or a company has the
     * frequencies of everybody, and no excess, however many they are.
     */
    excess(account, pattern, through) {
      const { all, sameClass } = countAlike(account, pattern, through, state);
      const share = shareOf(pattern, through, state);
      if (all.alike < parameters.groupMin) return { bits: 0, share };
      const prior = cameInStep(account, through, state) ? parameters.steppedPriorBits : parameters.groupPriorBits;
      return { bits: Math.max(bitsOf(all, pattern, prior), bitsOf(sameClass, pattern, prior)), share };
    },
    inStep: (account, through) => cameInStep(account, through, state),
  };
}

interface Counted {
  alike: number;
  readonly others: Set<number>;
}

/**
 * Accounts with the pattern, and plausible people without it: the rest of a farm is no crowd it could hide in. All of a
 * cohort, and those of them with the same client, among whom a farm has less of a crowd around it.
 */
function countAlike(account: number, pattern: number, through: number, state: LinkageState) {
  const { values, components, accounts } = state;
  const all: Counted = { alike: 0, others: new Set() };
  const sameClass: Counted = { alike: 0, others: new Set() };
  let program = -1;
  values.eachOf(account, (value) => {
    if (values.fieldOf(value) === CLIENT) program = value;
  });
  eachNear(account, through, state, (member) => {
    const counted = program !== -1 && values.has(member, program) ? [all, sameClass] : [all];
    if (values.has(member, pattern)) for (const one of counted) one.alike++;
    else if (!accounts.has(member, 'disposable') && components.sizeOf(member) <= PERSON_ACCOUNTS_MAX) {
      for (const one of counted) one.others.add(components.oldestOf(member));
    }
  });
  return { all, sameClass };
}

function shareOf(pattern: number, through: number, { values }: LinkageState): number {
  let all = 0;
  let alike = 0;
  values.newest(through, LOOKED_AT, (member) => {
    all++;
    if (values.has(member, pattern)) alike++;
    return false;
  });
  return alike / (all + UNSURE_ABOUT);
}

function cameInStep(account: number, through: number, state: LinkageState): boolean {
  const { values, accounts, parameters } = state;
  const classes = new Set<number>();
  const networks = new Map<number, number>();
  let all = 0;
  let inStep = 0;
  let laterMs = Number.POSITIVE_INFINITY;
  eachNear(account, through, state, (member) => {
    const atMs = accounts.atMs(member);
    if (all > 0 && Math.abs(laterMs - atMs) <= GAP_MS) inStep++;
    laterMs = atMs;
    all++;
    values.eachOf(member, (value) => {
      const field = values.fieldOf(value);
      if (field === CLIENT) classes.add(value);
      if (field === PREFIX) networks.set(value, (networks.get(value) ?? 0) + 1);
    });
  });
  if (all < parameters.groupMin || inStep < (all - 1) * IN_STEP_SHARE_MIN) return false;
  const onOneNetwork = Math.max(0, ...networks.values()) >= all * SAME_NETWORK_SHARE;
  return !(onOneNetwork && classes.size >= CLASSES_OF_MANY);
}

/** The newest of them that came within days of the account, newest first. */
function eachNear(
  account: number,
  through: number,
  { values, accounts }: LinkageState,
  told: (member: number) => void,
) {
  const atMs = accounts.atMs(account);
  values.newest(through, LOOKED_AT, (member) => {
    if (Math.abs(atMs - accounts.atMs(member)) <= WINDOW_MS) told(member);
    return false;
  });
}
