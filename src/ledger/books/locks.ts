/** Work on the same names, one after the other, in the order in which it came. */
export function createLocks() {
  const tails = new Map<string, Promise<unknown>>();

  async function withLock<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
    const before = tails.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    tails.set(name, mine);
    try {
      return await mine;
    } finally {
      if (tails.get(name) === mine) tails.delete(name);
    }
  }

  /** Holds all the names at once; taken in one order, so that nobody waits in a circle. */
  return function withLocks<Value>(names: readonly string[], work: () => Promise<Value>): Promise<Value> {
    const nested = [...new Set(names)]
      .sort()
      .reduceRight<() => Promise<Value>>((inner, name) => () => withLock(name, inner), work);
    return nested();
  };
}
