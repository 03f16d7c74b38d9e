/** Who is to be told, at once and once, that a session has ended. */
export interface Watchers {
  /** Calls `onEnd` once when the session ends; one that is not there any more has ended. Gives how to stop that. */
  watch(id: string, onEnd: () => void): () => void;
  /** Tells whoever watches this session. */
  tell(id: string): void;
}

/** `isThere` looks a session up; where it fails, the session counts as ended. */
export function createWatchers(isThere: (id: string) => Promise<boolean>): Watchers {
  const watchers = new Map<string, Set<() => void>>();

  function tell(id: string): void {
    const told = watchers.get(id);
    watchers.delete(id);
    for (const onEnd of told ?? []) onEnd();
  }

  return {
    tell,
    watch(id, onEnd) {
      const held = watchers.get(id) ?? new Set();
      watchers.set(id, held.add(onEnd));
      // It may have ended between its look-up and this call.
      isThere(id).then(
        (there) => there || tell(id),
        () => tell(id),
      );
      return function unwatch() {
        held.delete(onEnd);
        if (held.size === 0 && watchers.get(id) === held) watchers.delete(id);
      };
    },
  };
}
