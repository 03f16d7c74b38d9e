import { expect, test } from 'bun:test';
import type { Replay } from './replay.ts';
import { createReplays } from './replays.ts';

const replay = (id: string) => ({ id, keyId: 'k' }) as Replay;

test('finished generations are kept up to a number, the longest finished goes first, and running ones stay', () => {
  const replays = createReplays(2);
  for (const id of ['running', 'a', 'b', 'c']) replays.add(replay(id));
  for (const id of ['a', 'b', 'c']) replays.retire(id);
  expect(['running', 'a', 'b', 'c'].map((id) => replays.find(id)?.id)).toEqual(['running', undefined, 'b', 'c']);
  replays.remove('b');
  expect(replays.find('b')).toBeUndefined();
});
