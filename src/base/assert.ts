/** A broken assumption inside Candor itself: always a bug, never a caller's mistake. */
export class BugError extends Error {
  override readonly name = 'BugError';
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new BugError(message);
}

/** For the `default` of a switch over a closed union: the compiler refuses a forgotten member. */
export function unreachable(value: never): never {
  throw new BugError(`unreachable value: ${JSON.stringify(value)}`);
}
