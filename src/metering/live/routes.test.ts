import { expect, test } from 'bun:test';
import { setTimeout } from 'node:timers/promises';
import { createControl } from '../../http/control.ts';
import type { Guard } from '../../http/guard.ts';
import { liveControlApi } from './control-api.ts';
import type { LiveFrame } from './contract.ts';
import { liveRoutes } from './routes.ts';
import { createWatchers } from './watchers.ts';

const FRAME = { seconds: [] } as unknown as LiveFrame;

test('a stream that ends from this side lets go of the session it watched', async () => {
  const watched = new Set<() => void>();
  const signedIn = { kind: 'staff', id: 's', name: 'S', role: 'viewer', networkPrefix: null } as const;
  const guard: Guard = {
    authenticate: () => Promise.resolve({ ...signedIn, sessionId: 'sess_1', csrf: 'x' }),
    may: () => 'yes',
    watch(_, onEnd) {
      watched.add(onEnd);
      return () => void watched.delete(onEnd);
    },
    trail: { begin: () => Promise.resolve('1'), end: () => Promise.resolve() },
  };
  const make = () => FRAME;
  const deps = { whole: make, changed: make, watchersMax: 5, turnMs: 5, missedMax: 1, onFault: () => undefined };
  const watchers = createWatchers(deps);
  const control = createControl({
    routes: [liveRoutes(watchers)],
    described: liveControlApi,
    guard,
    onFault: () => undefined,
  });
  const caller = { kind: 'console', networkPrefix: null, isOwnOrigin: () => true } as const;
  const head = await control.answer(new Request('http://console/control/v1/live', { method: 'HEAD' }), caller);
  expect([head.status, watched.size, watchers.count()]).toEqual([200, 0, 0]);
  const answer = await control.answer(new Request('http://console/control/v1/live'), caller);
  expect([answer.status, watched.size, watchers.count()]).toEqual([200, 1, 1]);
  // Nobody reads it, so it stalls.
  while (watchers.count() > 0) await setTimeout(5);
  expect(watched.size).toBe(0);
});
