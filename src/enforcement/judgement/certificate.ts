import type { Certificate } from '../judgement.ts';

/** What is bet on at once, each with the same share: likelihoods of these shares of incidents against the one tolerated. */
const BETS = [0.1, 0.2, 0.4, 0.6, 0.8];
/** The sum of 1/k^2, by which restarts share the chance of error. */
const RESTARTS = Math.PI ** 2 / 6;

/** What was seen since the run of strikes began, the incident that began it not counted. */
export interface Seen {
  readonly clean: number;
  readonly incidents: number;
  /** Runs that were begun, this one included. */
  readonly runs: number;
}

/**
 * A bound on the chance that somebody within the tolerance ever comes to this: an e-process by betting, the mean over
 * some bets of prod(1 + lambda (x - p)), which is a martingale or less for every true share up to p, so that Ville's
 * inequality holds whatever stops it (Lindon and Malek, 2022; Waudby-Smith and Ramdas, 2024). It starts anew after the
 * incident that began the run, which is known when it starts; the k-th start may spend 6/(pi k)^2 of the chance.
 */
export function certify(seen: Seen, tolerance: number): Certificate {
  const logs = BETS.filter((bet) => bet > tolerance).map(
    (bet) => seen.incidents * Math.log(bet / tolerance) + seen.clean * Math.log((1 - bet) / (1 - tolerance)),
  );
  const top = Math.max(...logs);
  const wealth = top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0) / logs.length);
  return {
    method: 'e-process@1',
    bound: Math.min(1, Math.exp(Math.log(RESTARTS) + 2 * Math.log(Math.max(1, seen.runs)) - wealth)),
    tolerance,
    requests: seen.clean + seen.incidents,
    incidents: seen.incidents,
  };
}
