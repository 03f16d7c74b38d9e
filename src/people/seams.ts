/** What the way in asks of parts above it, and of whoever keeps something of a person. */

/** What a sign-up shows, when it is sent. Kept sealed until the mail is proved, and gone with the sign-up. */
export interface SignUpFacts {
  /** Wall milliseconds. */
  readonly atMs: number;
  readonly email: string;
  readonly ip: string | null;
  /** Names and values as they came, without cookies and secrets; null when unknown. */
  readonly headers: readonly (readonly [name: string, value: string])[] | null;
  /** The TLS class that a trusted proxy passed on; null when none did. */
  readonly tlsClass: string | null;
  /** The random token this browser was given at its first visit; null when it keeps none. */
  readonly device: string | null;
  /** Milliseconds from showing the form to sending it; null when unknown. */
  readonly formMs: number | null;
}

/** What is proved of a person, when they sign up and later: names of rungs of free credit. */
export type SignUpRung = 'mail' | 'proof_of_work' | 'passkey' | 'phone';

/** Who hears of sign-ups, above this domain. */
export interface SignUpHearers {
  /** A person was made of it; for one who waits in line, too. */
  signedUp(accountId: string, facts: SignUpFacts): Promise<void>;
  /** False while proofs cannot be heard, as just after the start: they are told a little later. */
  hearsProofs(): boolean;
  /**
   * Told at least once for each rung, once the person is let in. `token` is the same for everybody who shows the same phone:
   * a keyed digest; null for what nobody can show twice.
   */
  proved(accountId: string, rung: SignUpRung, token: string | null): Promise<void>;
}

/** One part of what is kept of a person, for the file they take away. */
export interface Exporter {
  readonly name: string;
  export(personId: string): Promise<unknown>;
}

/** Takes away what one part keeps of a person. May be called again after it failed. */
export interface Eraser {
  readonly name: string;
  erase(personId: string): Promise<void>;
}

/** What stops an account, as its person sees it. */
export interface OwnStop {
  readonly id: string;
  readonly cause: string;
  readonly reason: string;
  readonly atMs: number;
  readonly untilMs: number | null;
}
