import type { Clock } from '../base/clock.ts';
import type { Actor } from '../http/control-api.ts';
import { CONFIRMED_MINUTES } from './contract.ts';
import type { PersonState } from './person.ts';
import { CONFIRM_NEEDED, type PeopleRefusal } from './refusal.ts';

/** Somebody who signed up and the session they asked with: the actor of a request that came with a good cookie. */
export type PersonSignedIn = Extract<Actor, { kind: 'person' }> & {
  readonly sessionId: string;
  /** What the header `x-candor-csrf` must say. */
  readonly csrf: string;
  readonly state: PersonState;
  /** When they last proved who they are. */
  readonly confirmedAtMs: number;
  /** Wall milliseconds at which the session ends, used or not. */
  readonly expiresAtMs: number;
};

export function isPerson(actor: Actor | undefined): actor is PersonSignedIn {
  return actor?.kind === 'person' && 'sessionId' in actor && 'confirmedAtMs' in actor;
}

export const CONFIRMED_MS = CONFIRMED_MINUTES * 60_000;

/** The refusal of a dangerous change by whoever has not proved lately who they are; null when they have. */
export function lackOfConfirmation(actor: PersonSignedIn, clock: Clock): PeopleRefusal | null {
  return clock.wallMs() - actor.confirmedAtMs <= CONFIRMED_MS ? null : CONFIRM_NEEDED;
}
