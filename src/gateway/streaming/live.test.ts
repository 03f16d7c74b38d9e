import { expect, test } from 'bun:test';
import { systemClock } from '../../base/clock.ts';
import { createHeldTime } from '../../../test/world/time.ts';
import { createLiveGenerations, CutError } from './live.ts';

function start() {
  const time = createHeldTime();
  return { time, lives: createLiveGenerations(time.clock, time.sleep) };
}

test('cutting ends exactly those that match, with the first reason given', () => {
  const { lives } = start();
  const mine = ['a', 'b'].map((id) => lives.start({ id, keyId: 'k1', accountId: 'one', app: null, endUser: null }));
  const other = lives.start({ id: 'c', keyId: 'k2', accountId: 'two', app: 'shop', endUser: null });
  mine[0]?.cut('client_gone');
  expect(lives.cutWhere((generation) => generation.keyId === 'k1', 'access_revoked')).toBe(2);
  expect(mine.map(({ signal }) => (signal.reason as CutError).reason)).toEqual(['client_gone', 'access_revoked']);
  expect(other.signal.aborted).toBe(false);
  expect(lives.cutWhere((generation) => generation.app === 'shop', 'draining')).toBe(1);
  expect(other.signal.reason).toBeInstanceOf(CutError);
});

test('a generation is found until it ends', () => {
  const { lives } = start();
  const live = lives.start({ id: 'a', keyId: 'k', accountId: 'one', app: null, endUser: null });
  expect(lives.find('a')).toBe(live);
  lives.end('a');
  expect(lives.find('a')).toBeUndefined();
  expect(lives.count()).toBe(0);
});

test('idle waits for the last one, and no longer than it is told to', async () => {
  const { lives, time } = start();
  await lives.idle(1_000);
  lives.start({ id: 'a', keyId: 'k', accountId: 'one', app: null, endUser: null });
  let idle = 'no';
  void lives.idle(1_000).then(() => {
    idle = 'yes';
  });
  await time.advance(500);
  expect(idle).toBe('no');
  lives.end('a');
  await time.advance(50);
  expect(idle).toBe('yes');

  lives.start({ id: 'b', keyId: 'k', accountId: 'one', app: null, endUser: null });
  const late = lives.idle(1_000);
  await time.advance(1_100);
  await late;
  expect(lives.count()).toBe(1);
});

test('a cut-off closes readers who do not read, waits for those who do, and tells the last byte of either', async () => {
  const time = { wallMs: 1_000 };
  const clock = { wallMs: () => time.wallMs, monoMs: () => time.wallMs };
  const slept: number[] = [];
  const live = createLiveGenerations(clock, async (ms) => {
    slept.push(ms);
    await Bun.sleep(1);
    time.wallMs += ms;
  });
  const identity = { accountId: 'a', app: null, endUser: null };
  const reading = live.start({ ...identity, id: 'reading', keyId: 'k' });
  const lazy = live.start({ ...identity, id: 'lazy', keyId: 'k' });
  const spared = live.start({ ...identity, id: 'spared', keyId: 'other' });
  const closed: string[] = [];
  const read = reading.opened(() => closed.push('reading'));
  const unread = lazy.opened(() => {
    closed.push('lazy');
    unread.over();
  });
  unread.sent();
  time.wallMs = 2_000;
  reading.signal.addEventListener('abort', () => {
    time.wallMs = 2_010;
    live.end('reading');
    read.sent();
    read.over();
  });
  lazy.signal.addEventListener('abort', () => live.end('lazy'));
  const cutOff = await live.cutOff(({ keyId }) => keyId === 'k', 'access_revoked');
  // What the lazy one was sent was sent before.
  expect(cutOff).toEqual({ streams: 2, lastByteAtMs: 2_010 });
  expect(closed).toEqual(['lazy']);
  expect(slept[0]).toBe(500);
  expect(spared.signal.aborted).toBe(false);
});

test('a cut-off also finds whoever reads an answer that is over, or that somebody else began', async () => {
  const live = createLiveGenerations(systemClock, (ms) => Bun.sleep(ms));
  const identity = { id: 'g', keyId: 'k', accountId: 'a', app: null, endUser: null };
  const body = live.reader(identity).opened(() => body.over());
  expect(await live.cutOff(() => true, 'access_revoked')).toEqual({ streams: 1, lastByteAtMs: null });
  expect(await live.cutOff(() => true, 'access_revoked')).toEqual({ streams: 0, lastByteAtMs: null });
});
