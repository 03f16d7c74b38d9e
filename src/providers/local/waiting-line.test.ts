import { describe, expect, test } from 'bun:test';
import { WaitingLine } from './waiting-line.ts';

const never = new AbortController().signal;

describe('WaitingLine', () => {
  test('lets in as many as there are places, then in the order they came', async () => {
    const line = new WaitingLine(2, 5);
    const entered: number[] = [];
    const all = [1, 2, 3, 4].map((number) => line.enter(never).then(() => entered.push(number)));
    await Promise.all(all.slice(0, 2));
    expect(entered).toEqual([1, 2]);
    line.leave();
    await all[2];
    expect(entered).toEqual([1, 2, 3]);
    line.leave();
    await all[3];
    for (let left = 0; left < 2; left++) line.leave();
    await line.enter(never);
    await line.enter(never);
    expect(line.waiting).toBe(0);
  });

  test('refuses at once when the line is full', async () => {
    const line = new WaitingLine(1, 1);
    await line.enter(never);
    void line.enter(never);
    await expect(line.enter(never)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test('who gives up leaves the line, and loses no place to it', async () => {
    const line = new WaitingLine(1, 1);
    await line.enter(never);
    const cancel = new AbortController();
    const waiting = line.enter(cancel.signal);
    cancel.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    expect(line.waiting).toBe(0);
    line.leave();
    await line.enter(never);
    await expect(line.enter(AbortSignal.abort(new Error('early')))).rejects.toThrow('early');
  });
});
