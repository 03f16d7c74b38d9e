import type { Locale } from './contract.ts';

export type PersonState = 'waitlisted' | 'active' | 'deletion_pending';

/** Somebody who signed up, with what only this domain may see. */
export interface Person {
  /** That of their own account. */
  readonly id: string;
  /** As they wrote it. */
  readonly email: string;
  /** What no two people share; see `emailKeyOf`. */
  readonly emailKey: string;
  readonly name: string;
  readonly locale: Locale;
  /** A PHC string; null for whoever signs in another way. */
  readonly password: string | null;
  readonly state: PersonState;
  /** Null unless `waitlisted`. */
  readonly waitlistTicket: string | null;
  /** The sealed secret of the authenticator app; null where no second factor is asked for. */
  readonly totp: Uint8Array | null;
  readonly createdAtMs: number;
  readonly signedInAtMs: number | null;
  readonly deletionAtMs: number | null;
}

/** What other domains may know of somebody. */
export interface PersonCard {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly locale: Locale;
  readonly state: PersonState;
}

/**
 * The form of a mail address in which it belongs to one person: small letters, compatible characters as one (NFKC), the
 * domain as the name system writes it. Dots and tags stay, because to some providers they are other people.
 */
export function emailKeyOf(email: string): string {
  const plain = email.trim().normalize('NFKC').toLowerCase();
  const at = plain.lastIndexOf('@');
  return `${plain.slice(0, at)}@${asciiDomain(plain.slice(at + 1))}`;
}

function asciiDomain(domain: string): string {
  try {
    return new URL(`http://${domain}`).hostname.replace(/\.$/, '');
  } catch {
    return domain;
  }
}

export function cardOf({ id, email, name, locale, state }: Person): PersonCard {
  return { id, email, name, locale, state };
}
