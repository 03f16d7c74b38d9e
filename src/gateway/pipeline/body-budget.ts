/** Bytes of request bodies that may be arriving at once, all callers together. */
export interface BodyBudget {
  /** Takes `bytes` if they are left. */
  take(bytes: number): boolean;
  give(bytes: number): void;
}

export function createBodyBudget(bytesMax: number): BodyBudget {
  let taken = 0;
  return {
    take(bytes) {
      if (taken + bytes > bytesMax) return false;
      taken += bytes;
      return true;
    },
    give(bytes) {
      taken -= bytes;
    },
  };
}
