/**
 * A hash table of open addressing that holds numbers of entries kept elsewhere, as many small tables that widen each on
 * its own: a large one would hold everything up for a quarter of a second when it outgrows some millions of entries.
 */
export interface Slots<Key> {
  /** The entry with this key, whose 32-bit hash this is; -1 for none. */
  find(hash: number, key: Key): number;
  /** Puts in an entry that is not there yet. */
  add(hash: number, entry: number): void;
}

const TABLES_BITS = 10;
const START = 8;
const FULL_SHARE = 0.6;
const FREE = -1;
const EMPTY = new Int32Array(START).fill(FREE);

/**
 * @param hashOf the hash of an entry that was added
 * @param is whether an entry has a key
 */
export function createSlots<Key>(
  hashOf: (entry: number) => number,
  is: (entry: number, key: Key) => boolean,
): Slots<Key> {
  const tables: Int32Array[] = Array.from({ length: 1 << TABLES_BITS }, () => EMPTY);
  const counts = new Uint32Array(1 << TABLES_BITS);
  const nthOf = (hash: number) => hash >>> (32 - TABLES_BITS);

  function widened(table: Int32Array): Int32Array {
    const wide = new Int32Array(table.length * 2).fill(FREE);
    for (let slot = 0; slot < table.length; slot++) {
      const entry = table[slot] ?? FREE;
      if (entry !== FREE) put(wide, hashOf(entry), entry);
    }
    return wide;
  }

  return {
    find(hash, key) {
      const table = tables[nthOf(hash)] ?? EMPTY;
      const mask = table.length - 1;
      let slot = hash & mask;
      for (let entry = table[slot] ?? FREE; entry !== FREE; entry = table[slot] ?? FREE) {
        if (is(entry, key)) return entry;
        slot = (slot + 1) & mask;
      }
      return FREE;
    },
    add(hash, entry) {
      const nth = nthOf(hash);
      const count = (counts[nth] ?? 0) + 1;
      const before = tables[nth] ?? EMPTY;
      const table = before === EMPTY || count > before.length * FULL_SHARE ? widened(before) : before;
      put(table, hash, entry);
      tables[nth] = table;
      counts[nth] = count;
    },
  };
}

function put(table: Int32Array, hash: number, entry: number): void {
  const mask = table.length - 1;
  let slot = hash & mask;
  while (table[slot] !== FREE) slot = (slot + 1) & mask;
  table[slot] = entry;
}
