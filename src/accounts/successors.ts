import type { StoredKey } from './store.ts';

/** Which key stands in for each rotated one. */
export interface Successors {
  /** Noted before it is on disk, so that no key is rotated twice at once. */
  put(id: string, successor: string): void;
  /** The successor did not come to be. */
  forget(id: string): void;
  /** The last of the keys that were made in place of this one; itself when it was never rotated. */
  latestOf(id: string): string;
}

export function createSuccessors(stored: readonly StoredKey[]): Successors {
  const successors = new Map<string, string>();
  for (const { key, replaces } of stored) if (replaces !== null) successors.set(replaces, key.id);
  return {
    put: (id, successor) => void successors.set(id, successor),
    forget: (id) => void successors.delete(id),
    latestOf(id) {
      let latest = id;
      for (let next = successors.get(id); next !== undefined; next = successors.get(next)) latest = next;
      return latest;
    },
  };
}
