import type { Clock } from '../base/clock.ts';
import type { MintId } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import type { Accounts } from '../accounts/index.ts';
import type { AttemptLimit, Attempts } from '../credentials/attempts.ts';
import type { Passwords } from '../credentials/passwords.ts';
import type { Reader } from '../storage/sql/storage.ts';
import type { Door } from './door/door.ts';
import type { Outbox } from './mails/outbox.ts';
import type { Links } from './mails/links.ts';
import type { ProofOfWork } from './proofs/work.ts';
import type { Seal } from './seal.ts';
import type { OwnStop, SignUpHearers } from './seams.ts';
import type { Origin, Sessions } from './sessions.ts';

/** What every way in works with. */
export interface WayDeps {
  readonly reader: Reader;
  readonly clock: Clock;
  readonly random: Random;
  readonly mintId: MintId;
  readonly accounts: Pick<Accounts, 'create'>;
  readonly sessions: Sessions;
  readonly passwords: Passwords;
  readonly attempts: Attempts;
  readonly outbox: Outbox;
  readonly links: Links;
  readonly seal: Seal;
  readonly door: Door;
  /** Null where signing up asks for no computing. */
  readonly proofs: Pick<ProofOfWork, 'verify'> | null;
  readonly hearers: SignUpHearers;
  /** The country of a network, as the door's settings name it; null when unknown. */
  regionOf(networkPrefix: string | null): string | null;
  stopOf(accountId: string): OwnStop | null;
  /** Whether this person may come in by the single sign-on of their organisation alone. */
  mustUseSso(person: { readonly id: string; readonly email: string }): Promise<boolean>;
  /** Hears of what went wrong after the answer no longer depended on it. */
  onFault(where: string, error: unknown): void;
}

export const MINUTE_MS = 60_000;
export const QUARTER_HOUR_MS = 15 * MINUTE_MS;
export const HOUR_MS = 60 * MINUTE_MS;

/** From one network, whatever they try: a campus or a carrier stands behind one. */
const TRIES_OF_ONE_NETWORK_MAX = 600;
/** Of one person from one network: somebody who mistypes. */
export const TRIES_OF_ONE_PERSON_MAX = 10;
/** Of one address from everywhere: guessing by many machines. One network alone cannot use it up and shut somebody out. */
const TRIES_OF_ONE_ADDRESS_MAX = 60;
/** Mails that strangers can make the service send to one address: from one network, and from everywhere. */
const MAILS_FROM_ONE_NETWORK_MAX = 5;
const MAILS_TO_ONE_ADDRESS_MAX = 15;

/** One try of this kind from this network. */
export function fromNetwork(kind: string, { networkPrefix }: Pick<Origin, 'networkPrefix'>): AttemptLimit {
  return { key: `${kind} ${networkPrefix ?? ''}`, max: TRIES_OF_ONE_NETWORK_MAX, windowMs: QUARTER_HOUR_MS };
}

/** One try at the secret of this address: from this network, and from everywhere. */
export function atAddress(kind: string, emailKey: string, { networkPrefix }: Pick<Origin, 'networkPrefix'>) {
  const here: AttemptLimit = {
    key: `${kind} ${networkPrefix ?? ''} ${emailKey}`,
    max: TRIES_OF_ONE_PERSON_MAX,
    windowMs: QUARTER_HOUR_MS,
  };
  const anywhere: AttemptLimit = { key: `${kind} ${emailKey}`, max: TRIES_OF_ONE_ADDRESS_MAX, windowMs: HOUR_MS };
  return { here, anywhere };
}

/** One mail to this address. One network alone cannot use it up and keep somebody from their mails. */
export function mailTo(emailKey: string, { networkPrefix }: Pick<Origin, 'networkPrefix'>): AttemptLimit[] {
  const here = `mail from ${networkPrefix ?? ''} to ${emailKey}`;
  return [
    { key: here, max: MAILS_FROM_ONE_NETWORK_MAX, windowMs: HOUR_MS },
    { key: `mail to ${emailKey}`, max: MAILS_TO_ONE_ADDRESS_MAX, windowMs: HOUR_MS },
  ];
}
