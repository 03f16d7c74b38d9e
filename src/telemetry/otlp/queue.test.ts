import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { createDropOldestQueue } from './queue.ts';

test('what is new pushes out what is oldest, also while the oldest is on its way', () => {
  const queue = createDropOldestQueue<number>(3);
  for (const item of [1, 2, 3]) queue.add(item);
  const { items, upTo } = queue.peek(2);
  expect(items).toEqual([1, 2]);
  queue.add(4);
  queue.add(5);
  queue.add(6);
  queue.remove(upTo);
  expect(queue.peek(9).items).toEqual([4, 5, 6]);
  expect(queue.dropped()).toBe(3);
});

test('behaves as a list that is cut at its front', () => {
  const step = fc.oneof(
    fc.record({ add: fc.integer() }),
    fc.record({ take: fc.integer({ min: 1, max: 5 }), meanwhile: fc.array(fc.integer(), { maxLength: 6 }) }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.array(step), (max, steps) => {
      const queue = createDropOldestQueue<{ n: number }>(max);
      let model: { n: number }[] = [];
      const add = (n: number) => {
        const item = { n };
        queue.add(item);
        model = [...model, item].slice(-max);
      };
      for (const each of steps) {
        if ('add' in each) {
          add(each.add);
          continue;
        }
        const { items, upTo } = queue.peek(each.take);
        expect(items).toEqual(model.slice(0, each.take));
        for (const n of each.meanwhile) add(n);
        queue.remove(upTo);
        model = model.filter((item) => !items.includes(item));
        expect(queue.peek(max).items).toEqual(model);
        expect(queue.size()).toBe(model.length);
      }
    }),
  );
});
