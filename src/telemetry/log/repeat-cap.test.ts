import { describe, expect, test } from 'bun:test';
import { createRepeatCap } from './repeat-cap.ts';

function capAt(linesMax: number, windowMs: number) {
  const now = { ms: 0 };
  return { now, cap: createRepeatCap({ wallMs: () => 0, monoMs: () => now.ms }, linesMax, windowMs) };
}

describe('createRepeatCap', () => {
  test('lets the first few through and says later how many were left out', () => {
    const { now, cap } = capAt(2, 1_000);
    expect([1, 2, 3, 4, 5].map(() => cap.admit('a'))).toEqual([0, 0, null, null, null]);
    expect(cap.admit('b')).toBe(0);
    now.ms = 1_000;
    expect(cap.admit('a')).toBe(3);
    expect(cap.admit('a')).toBe(0);
  });

  test('tells of lines left out that none followed', () => {
    const { now, cap } = capAt(1, 1_000);
    for (let nth = 0; nth < 10; nth++) cap.admit('a');
    expect(cap.takeLeftOut()).toEqual([]);
    now.ms = 1_000;
    expect(cap.takeLeftOut()).toEqual([{ kind: 'a', count: 9 }]);
    expect(cap.takeLeftOut()).toEqual([]);
    cap.admit('b');
    cap.admit('b');
    expect(cap.takeLeftOut(true)).toEqual([{ kind: 'b', count: 1 }]);
  });

  test('a flood of kinds is a flood of one kind', () => {
    const { cap } = capAt(5, 1_000);
    let written = 0;
    for (let nth = 0; nth < 10_000; nth++) if (cap.admit(`kind ${nth}`) !== null) written++;
    expect(written).toBeLessThan(80);
    const told = cap.takeLeftOut(true);
    expect(written + told.reduce((sum, { count }) => sum + count, 0)).toBe(10_000);
  });
});
