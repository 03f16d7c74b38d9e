/** Runs what it is given one after the other, in the order it came; what one throws does not disturb the next. */
export type Lane = <Value>(work: () => Promise<Value>) => Promise<Value>;

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

export function createLane(): Lane {
  const inLanes = createLanes();
  return (work) => inLanes('', work);
}

/** Runs work that belongs to several keys at once, in the lane of each. */
export type Locks = <Value>(keys: readonly string[], work: () => Promise<Value>) => Promise<Value>;

/** The lanes are entered in one order, so that nobody waits in a circle. */
export function createLocks(): Locks {
  const inLane = createLanes();
  return function withLocks<Value>(keys: readonly string[], work: () => Promise<Value>): Promise<Value> {
    const nested = [...new Set(keys)]
      .sort()
      .reduceRight<() => Promise<Value>>((inner, key) => () => inLane(key, inner), work);
    return nested();
  };
}
