/** What a sign-up shows of who is behind it. Made by `evidenceOf`; the wire form is `SignupFacts`. */

/** A sign-up as the door sees it, before anything is made of it. Kept nowhere in this form. */
export interface SignupFacts {
  readonly accountId: string;
  /** Wall milliseconds. */
  readonly atMs: number;
  readonly email: string;
  /** Null when the listener does not know it. */
  readonly ip: string | null;
  /** Names and values in the order they came; null when it is unknown. */
  readonly headers: readonly (readonly [name: string, value: string])[] | null;
  /** The TLS class (such as JA4) that a trusted proxy passed on; null when none did. */
  readonly tlsClass: string | null;
  /** The random token this browser was given at its first visit; null when it keeps none. */
  readonly device: string | null;
  /** Milliseconds from showing the form to sending it; null when unknown. */
  readonly formMs: number | null;
}

/** What became known of an account after its sign-up. */
export type LaterFacts =
  | { readonly kind: 'card'; readonly fingerprint: string; readonly prepaid: boolean }
  | { readonly kind: 'phone'; readonly number: string }
  /** The keyed MinHash of a system prompt with its first user turn; see `sketch`. No text can be read from it. */
  | {
      readonly kind: 'template';
      readonly sketch: Uint32Array;
      /** The least keyed hashes of its pairs of words; see `leastWordPairs`. */
      readonly wording: Uint32Array;
    }
  | { readonly kind: 'seen'; readonly ip: string | null; readonly tlsClass: string | null };

/** Families of fields that tell the same thing twice; a family counts once. */
export const FAMILIES = ['network', 'device', 'client', 'mail', 'payment', 'content', 'time'] as const;
export type Family = (typeof FAMILIES)[number];

/** Agreement of two accounts in one field, in words a person understands and in bits. */
export interface Agreement {
  readonly family: Family;
  /** `ip`, `prefix`, `organisation`, `device`, `client_class`, `mail_address`, `mail_domain`, `local_root`, `local_shape`, `card`, `phone`, `phone_prefix`, `template`, `signup_gap`, `mail_kind`, `wording`. */
  readonly field: string;
  /** log2(m / u), after the caps of its family. */
  readonly bits: number;
  /** Operators that share the value, this pair counted once; what makes it rare or common. */
  readonly operators: number;
}
