/** What will happen, in the order of virtual time; what is due at one moment happens in the order it was asked for. */

export type Happening = () => void;

export interface EventQueue {
  readonly size: number;
  at(atMs: number, happening: Happening): void;
  /** The next one, taken out; null when nothing more will happen. */
  next(): { readonly atMs: number; readonly happening: Happening } | null;
}

interface Entry {
  readonly atMs: number;
  readonly order: number;
  readonly happening: Happening;
}

/** A binary heap. */
export function createEventQueue(): EventQueue {
  const heap: Entry[] = [];
  let order = 0;
  return {
    get size() {
      return heap.length;
    },
    at(atMs, happening) {
      order += 1;
      heap.push({ atMs, order, happening });
      rise(heap, heap.length - 1);
    },
    next() {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined) return null;
      if (heap.length > 0) {
        heap[0] = last;
        sink(heap, 0);
      }
      return first;
    },
  };
}

function isBefore(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

function rise(heap: Entry[], from: number): void {
  let at = from;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(heap[at], heap[parent])) return;
    swap(heap, at, parent);
    at = parent;
  }
}

function sink(heap: Entry[], from: number): void {
  let at = from;
  for (;;) {
    const left = 2 * at + 1;
    const least = isBefore(heap[left + 1], heap[left]) ? left + 1 : left;
    if (!isBefore(heap[least], heap[at])) return;
    swap(heap, at, least);
    at = least;
  }
}

function swap(heap: Entry[], a: number, b: number): void {
  const [one, other] = [heap[a], heap[b]];
  if (one === undefined || other === undefined) return;
  heap[a] = other;
  heap[b] = one;
}
