/** Somebody who signed up, as far as workspaces must know them. */
export interface Person {
  /** That of their own account. */
  readonly id: string;
  /** In small letters, and proved to be theirs; null where none is. */
  readonly email: string | null;
  readonly name: string;
}

/** What workspaces ask of the part that knows people. */
export interface PersonDirectory {
  /** Null for whoever is not there, or not any more. */
  find(personId: string): Promise<Person | null>;
}
