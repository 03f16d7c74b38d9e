import { type Agreement, FAMILIES, type Family } from '../evidence.ts';
import type { LinkStrength } from '../linkage.ts';
import type { LinkageParameters } from './parameters.ts';

/** What an agreement means depends on who else shares the values. */
export interface Circumstances {
  /** They share a network that many people share. */
  readonly sharedNetwork: boolean;
  /** Accounts with the card or phone number they share; 0 where they share none. */
  readonly payers: number;
  /** Accounts of the larger of their two operators. */
  readonly operatorAccounts: number;
  /** Many accounts came from the device they share, one soon after the other. */
  readonly deviceInStep: boolean;
}

/** The sum of the evidence of two accounts after every cap, and what it is enough for. */
export interface Judgement {
  readonly bits: number;
  readonly strength: LinkStrength | 'none';
}

/** They describe a class of people, not a person. */
const COHORT: readonly Family[] = ['network', 'time', 'client', 'content'];
/** One of them is needed for anything hard. */
export const PERSONAL: readonly Family[] = ['device', 'mail', 'payment'];

/**
 * A family counts once: its strongest field whole, the others a little more. A hard link needs several families and one
 * that is a person's own; a device alone is not, for people share one at home, in a lab and in a café.
 */
export function judge(
  agreements: readonly Agreement[],
  around: Circumstances,
  parameters: LinkageParameters,
): Judgement {
  const bitsOf = new Map(FAMILIES.map((family) => [family, familyBits(agreements, family, parameters)]));
  const of = (family: Family) => bitsOf.get(family) ?? 0;
  if (around.sharedNetwork) bitsOf.set('network', Math.min(of('network'), parameters.sharedNetworkBitsMax));
  const sum = (families: readonly Family[]) => families.reduce((bits, family) => bits + of(family), 0);
  const bits = Math.min(sum(COHORT), parameters.cohortBitsMax) + sum(PERSONAL);
  const telling = FAMILIES.filter((family) => of(family) >= parameters.familyBitsMin).length;
  const ownMail = of('mail') >= parameters.personalBitsMin;
  const sharedCard =
    of('payment') >= parameters.personalBitsMin &&
    (around.payers > parameters.householdMax || of('content') >= parameters.contentBitsMin);
  // A device that is handed around is used in one place; one that a program makes up turns up in many.
  const roaming =
    around.operatorAccounts >= parameters.groupMin && !agreements.some(({ family }) => family === 'network');
  const farmDevice = of('device') >= parameters.personalBitsMin && (roaming || around.deviceInStep);
  const personal = ownMail || sharedCard || farmDevice;
  const hard = bits >= parameters.hardBits && telling >= parameters.familiesMin && personal;
  if (hard) return { bits, strength: 'hard' };
  return { bits, strength: bits >= parameters.softBits ? 'soft' : 'none' };
}

/** A family counts once, its further fields a little. */
export function familyBits(agreements: readonly Agreement[], family: Family, parameters: LinkageParameters): number {
  let strongest = 0;
  let all = 0;
  for (const agreement of agreements) {
    if (agreement.family !== family) continue;
    strongest = Math.max(strongest, agreement.bits);
    all += agreement.bits;
  }
  return Math.min(strongest + Math.min(all - strongest, parameters.furtherBitsMax), parameters.familyBitsMax);
}
