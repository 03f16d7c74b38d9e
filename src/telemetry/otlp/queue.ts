/** A queue of fixed length: what is new pushes out what is oldest, and adding never waits. */
export interface DropOldestQueue<Item> {
  add(item: Item): void;
  /** The oldest items, at most `count`, which stay until `remove`. `upTo` is what `remove` takes. */
  peek(count: number): { readonly items: readonly Item[]; readonly upTo: number };
  /** Removes the items before `upTo` that were not pushed out meanwhile. */
  remove(upTo: number): void;
  size(): number;
  /** Items pushed out so far. */
  dropped(): number;
}

export function createDropOldestQueue<Item>(itemsMax: number): DropOldestQueue<Item> {
  const ring: (Item | null)[] = Array.from({ length: itemsMax }, () => null);
  // Positions only grow; a position's place in the ring is its remainder.
  let first = 0;
  let next = 0;
  let dropped = 0;
  return {
    add(item) {
      if (next - first === itemsMax) {
        first++;
        dropped++;
      }
      ring[next % itemsMax] = item;
      next++;
    },
    peek(count) {
      const upTo = Math.min(next, first + count);
      const items: Item[] = [];
      for (let at = first; at < upTo; at++) {
        const item = ring[at % itemsMax];
        if (item !== null && item !== undefined) items.push(item);
      }
      return { items, upTo };
    },
    remove(upTo) {
      for (; first < Math.min(upTo, next); first++) ring[first % itemsMax] = null;
    },
    size: () => next - first,
    dropped: () => dropped,
  };
}
