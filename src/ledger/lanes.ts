/** Runs what belongs to one key one after the other, in the order it came; other keys do not wait. */
export type Lanes = <Value>(key: string, work: () => Promise<Value>) => Promise<Value>;

/** One lane for each key in use; it goes when nothing waits in it. */
export function createLanes(): Lanes {
  const last = new Map<string, Promise<unknown>>();
  return function inLane(key, work) {
    const done = (last.get(key) ?? Promise.resolve()).then(work, work);
    const settled = done.then(
      () => undefined,
      () => undefined,
    );
    last.set(key, settled);
    void settled.then(() => last.get(key) === settled && last.delete(key));
    return done;
  };
}
