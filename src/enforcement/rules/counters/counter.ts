/** How much there was of something for a key within a window or with less weight the longer ago it was. Event time alone. */
export interface Counter {
  /**
   * Takes one event in. `value`: 32 bits of what is told apart, or an amount, or nothing that matters, by the kind. What
   * is older than the window of what the key had already is left out: it could not count any more.
   */
  add(low: number, high: number, atMs: number, value: number): void;
  /** As of `atMs`, or of the key's newest event where that is later. 0 for a key nothing is known of. */
  read(low: number, high: number, atMs: number): number;
  /** What it holds now, bytes; and keys that gave way for want of room while they still counted. */
  figures(): { readonly bytes: number; readonly evicted: number };
}
