/** Memory that all counters of a rule set share, bytes. */
export interface Room {
  /** Whether there was so much; if so, it is taken. */
  take(bytes: number): boolean;
  give(bytes: number): void;
  taken(): number;
}

export function createRoom(bytesMax: number): Room {
  let taken = 0;
  return {
    take(bytes) {
      if (taken + bytes > bytesMax) return false;
      taken += bytes;
      return true;
    },
    give: (bytes) => void (taken -= bytes),
    taken: () => taken,
  };
}
