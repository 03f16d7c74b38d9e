import type { AccountKind } from './contract.ts';

/** Whose keys, credit and plan something is: a person or a workspace. */
export interface Account {
  /** `acct_<ulid>`, or `acct_operator`. */
  readonly id: string;
  readonly kind: AccountKind;
  /** For people; two accounts may bear the same one. */
  readonly name: string;
  readonly createdAtMs: number;
}
