import type { MemberRole } from '../contract.ts';
import type { Person } from '../person.ts';

export interface Member {
  /** `mem_<ulid in small letters>`; what keys and usage carry as `member`. */
  readonly id: string;
  readonly accountId: string;
  /** Null while a directory has put somebody there who has not signed in. */
  readonly personId: string | null;
  /** In small letters; null once it was erased. */
  readonly email: string | null;
  readonly name: string;
  /** Its parts, where a directory told them. */
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly role: MemberRole;
  /** Whether a directory looks after them. */
  readonly directory: boolean;
  /** What the directory calls them. */
  readonly externalId: string | null;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  readonly leftAtMs: number | null;
}

/** A person who becomes a member now. */
export function newMember(
  person: Person,
  place: { readonly id: string; readonly accountId: string; readonly role: MemberRole; readonly atMs: number },
): Member {
  const { id, accountId, role, atMs } = place;
  return {
    id,
    accountId,
    personId: person.id,
    email: person.email,
    name: person.name,
    givenName: null,
    familyName: null,
    role,
    directory: false,
    externalId: null,
    createdAtMs: atMs,
    changedAtMs: atMs,
    leftAtMs: null,
  };
}

/** An id as keys and usage carry it: they know small letters alone. */
export function mintMemberId(mintId: (prefix: string) => string): string {
  return mintId('mem').toLowerCase();
}
