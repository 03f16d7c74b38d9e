/** The candidate most like what was written, or null when none is like it. Spelling of case, `-` and `_` is forgiven. */
export function closest(written: string, candidates: readonly string[]): string | null {
  const plain = plainOf(written);
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(plain.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(plain, plainOf(candidate), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** "Did you mean ...?" where something is close, then what there is. `what` names the list, such as `Models`. */
export function suggestion(written: string, candidates: readonly string[], what: string): string {
  const near = closest(written, candidates);
  const shown = candidates.slice(0, 12).join(', ') + (candidates.length > 12 ? ', ...' : '');
  const list = candidates.length === 0 ? `${what}: none.` : `${what}: ${shown}.`;
  return near === null ? list : `Did you mean '${near}'? ${list}`;
}

function plainOf(text: string): string {
  return text.slice(0, 64).toLowerCase().replace(/[-_ ]/g, '');
}

/** Optimal string alignment distance, so that two swapped letters count once; `cap` and more are told as `cap`. */
function editDistance(one: string, other: string, cap: number): number {
  if (Math.abs(one.length - other.length) >= cap) return cap;
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row++) {
    const next = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      next.push(
        Math.min(
          (last[column] ?? cap) + 1,
          (next[column - 1] ?? cap) + 1,
          (last[column - 1] ?? cap) + (same ? 0 : 1),
          swapped ? (beforeLast[column - 2] ?? cap) + 1 : cap,
        ),
      );
    }
    beforeLast = last;
    last = next;
  }
  return Math.min(cap, last[other.length] ?? cap);
}
