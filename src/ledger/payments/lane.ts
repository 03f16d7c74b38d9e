/** Runs what it is given one after the other, in the order it came; what one throws does not disturb the next. */
export type Lane = <Value>(work: () => Promise<Value>) => Promise<Value>;

export function createLane(): Lane {
  let last: Promise<unknown> = Promise.resolve();
  return function inLane(work) {
    const done = last.then(work, work);
    last = done.catch(() => undefined);
    return done;
  };
}
