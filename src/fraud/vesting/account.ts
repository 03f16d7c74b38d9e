/** What vesting knows of one account, and how use changes it. Values in, values out. */
import type { Nano } from '../../base/money.ts';
import type { ProofKind } from '../../config/vesting.ts';
import type { Rung } from '../vesting.ts';
import type { VestingRules } from './rules.ts';

export const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const BASIS_POINTS = 10_000;

/** Something a person has shown. */
export interface Proof {
  readonly kind: ProofKind;
  readonly atMs: number;
  /** The same for two accounts that show the same phone, card or domain; a keyed digest. Null where nothing can be the same. */
  readonly token: string | null;
}

/** The day that is still going on, in UTC. */
export interface Today {
  /** Days since 1970. */
  readonly day: number;
  /** A bit for each hour with a request. */
  readonly hours: number;
  readonly requests: number;
  readonly flagged: number;
  readonly burned: Nano;
  /** Free credit there was when the day's first request was paid. */
  readonly opening: Nano;
}

export interface VestingAccount {
  readonly accountId: string;
  /** Whose envelope it draws on, as it was last settled: the oldest account of its operator. */
  readonly principalId: string;
  readonly beganAtMs: number;
  /** Whether the first tranche was to come whole at once. */
  readonly entry: 'full' | 'reduced';
  readonly proofs: readonly Proof[];
  /** Clean days of use that are over. */
  readonly cleanDays: number;
  /** Days, those that proofs count for included, that were answered with a part. */
  readonly answeredDays: number;
  readonly today: Today | null;
  /** Sign-up credit this account was given, less what was taken back. */
  readonly given: Nano;
  /** Taken back, and due again when it turns out that there was no reason. */
  readonly taken: Nano;
  /** Sign-up credit it has spent. */
  readonly burned: Nano;
  /** What it has spent of credit it bought: money that was only paid in can be paid back. */
  readonly paid: Nano;
  /** Its last request; when it began, before the first. */
  readonly seenAtMs: number;
  readonly sanctionedAtMs: number | null;
}

export function newAccount(accountId: string, nowMs: number, entry: VestingAccount['entry']): VestingAccount {
  return {
    accountId,
    principalId: accountId,
    beganAtMs: nowMs,
    entry,
    proofs: [{ kind: 'mail', atMs: nowMs, token: null }],
    cleanDays: 0,
    answeredDays: 0,
    today: null,
    given: 0n,
    taken: 0n,
    burned: 0n,
    paid: 0n,
    seenAtMs: nowMs,
    sanctionedAtMs: null,
  };
}

/** Of one request, or of several of the same hour. */
export interface Use {
  readonly atMs: number;
  readonly requests: number;
  readonly flagged: number;
  /** Paid from sign-up credit. */
  readonly free: Nano;
  /** Paid from credit that was bought. */
  readonly paid: Nano;
}

/** Counts use. What comes in late, of a day that is over, is spent all the same and makes no day cleaner. */
export function withUse(account: VestingAccount, use: Use, rules: VestingRules): VestingAccount {
  const day = Math.floor(use.atMs / DAY_MS);
  const rolled = { ...endDays(account, use.atMs, rules), paid: account.paid + use.paid };
  const burned = rolled.burned + use.free;
  const seenAtMs = Math.max(rolled.seenAtMs, use.atMs);
  if (rolled.today !== null && rolled.today.day > day) return { ...rolled, burned };
  const today = rolled.today ?? {
    day,
    hours: 0,
    requests: 0,
    flagged: 0,
    burned: 0n,
    opening: rolled.given - rolled.burned,
  };
  const hour = Math.floor((use.atMs % DAY_MS) / HOUR_MS);
  return {
    ...rolled,
    burned,
    seenAtMs,
    today: {
      ...today,
      hours: use.requests > 0 ? today.hours | (1 << hour) : today.hours,
      requests: today.requests + use.requests,
      flagged: today.flagged + use.flagged,
      burned: today.burned + use.free,
    },
  };
}

/** Closes the day that is over, if there is one. */
export function endDays(account: VestingAccount, nowMs: number, rules: VestingRules): VestingAccount {
  const { today } = account;
  if (today === null || today.day >= Math.floor(nowMs / DAY_MS)) return account;
  return { ...account, today: null, cleanDays: account.cleanDays + (isClean(today, rules) ? 1 : 0) };
}

/**
 * Use over several hours, hardly flagged, that left something for tomorrow. A share may be flagged: a classifier that
 * errs on one prompt in twenty would leave nobody who works all day a clean one.
 */
function isClean({ hours, requests, flagged, burned, opening }: Today, { cleanDay }: VestingRules): boolean {
  return (
    requests >= cleanDay.requests &&
    bitsOf(hours) >= cleanDay.hours &&
    flagged * BASIS_POINTS <= requests * cleanDay.flaggedBp &&
    burned * BigInt(BASIS_POINTS) <= opening * BigInt(cleanDay.spentBp)
  );
}

function bitsOf(mask: number): number {
  let bits = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) bits++;
  return bits;
}

/** Shown once each: the same again changes nothing, another card or phone comes in the place of the one before. */
export function withProof(account: VestingAccount, proof: Proof): VestingAccount {
  const others = account.proofs.filter(({ kind }) => kind !== proof.kind);
  return { ...account, proofs: [...others, proof] };
}

/** The rung a proof stands on. */
export function rungOf(kind: ProofKind): Rung {
  return kind === 'card_prepaid' ? 'card' : kind;
}

/** What of its sign-up credit is neither spent nor taken back, requests in progress included. */
export function unspentOf({ given, burned }: VestingAccount): bigint {
  return given > burned ? given - burned : 0n;
}

/** After what is unspent was taken back: it is due again when it turns out that there was no reason. */
export function withTaken(account: VestingAccount, taken: Nano): VestingAccount {
  return { ...account, given: account.given - taken, taken: account.taken + taken };
}
