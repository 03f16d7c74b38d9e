import { expect, test } from 'bun:test';
import { createHeldTime } from '../../../test/world/time.ts';
import { createLiveGenerations, CutError } from './live.ts';

function start() {
  const time = createHeldTime();
  return { time, lives: createLiveGenerations(time.clock, time.sleep) };
}

test('cutting ends exactly those that match, with the first reason given', () => {
  const { lives } = start();
  const mine = ['a', 'b'].map((id) => lives.start({ id, keyId: 'k1', accountId: 'one', app: null }));
  const other = lives.start({ id: 'c', keyId: 'k2', accountId: 'two', app: 'shop' });
  mine[0]?.cut('client_gone');
  expect(lives.cutWhere((generation) => generation.keyId === 'k1', 'access_revoked')).toBe(2);
  expect(mine.map(({ signal }) => (signal.reason as CutError).reason)).toEqual(['client_gone', 'access_revoked']);
  expect(other.signal.aborted).toBe(false);
  expect(lives.cutWhere((generation) => generation.app === 'shop', 'draining')).toBe(1);
  expect(other.signal.reason).toBeInstanceOf(CutError);
});

test('a generation is found until it ends', () => {
  const { lives } = start();
  const live = lives.start({ id: 'a', keyId: 'k', accountId: 'one', app: null });
  expect(lives.find('a')).toBe(live);
  lives.end('a');
  expect(lives.find('a')).toBeUndefined();
  expect(lives.count()).toBe(0);
});

test('idle waits for the last one, and no longer than it is told to', async () => {
  const { lives, time } = start();
  await lives.idle(1_000);
  lives.start({ id: 'a', keyId: 'k', accountId: 'one', app: null });
  let idle = 'no';
  void lives.idle(1_000).then(() => {
    idle = 'yes';
  });
  await time.advance(500);
  expect(idle).toBe('no');
  lives.end('a');
  await time.advance(50);
  expect(idle).toBe('yes');

  lives.start({ id: 'b', keyId: 'k', accountId: 'one', app: null });
  const late = lives.idle(1_000);
  await time.advance(1_100);
  await late;
  expect(lives.count()).toBe(1);
});
