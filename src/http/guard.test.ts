import { expect, test } from 'bun:test';
import { Hono } from 'hono';
import { z } from 'zod';
import type { ControlRoute } from './control-api.ts';
import { createControl } from './control.ts';
import type { Guard } from './guard.ts';

const answer = z.object({});
const common = { method: 'POST', access: 'usage.read', tag: 'x', summary: 'Do it', answer } as const;
const described: readonly ControlRoute[] = [
  { ...common, path: '/control/v1/change' },
  { ...common, path: '/control/v1/ask', question: true },
];

test('changes are written down before they are made; questions are checked like them and leave no line', async () => {
  const begun: string[] = [];
  const signedIn = { kind: 'staff', id: 's', name: 'S', role: 'viewer', networkPrefix: null } as const;
  const guard: Guard = {
    authenticate: () => Promise.resolve({ ...signedIn, sessionId: 'sess_1', csrf: 'right' }),
    may: () => 'yes',
    watch: () => () => undefined,
    trail: {
      begin({ action }) {
        begun.push(action);
        return Promise.resolve('1');
      },
      end: () => Promise.resolve(),
    },
  };
  const routes = new Hono();
  for (const { path } of described) routes.post(path, (context) => context.json({}));
  const control = createControl({ routes: [routes], described, guard, onFault: () => undefined });
  const caller = { kind: 'console', networkPrefix: null, isOwnOrigin: () => true } as const;
  const ask = async (path: string, csrf: string) => {
    const request = new Request(`http://console${path}`, { method: 'POST', headers: { 'x-candor-csrf': csrf } });
    return (await control.answer(request, caller)).status;
  };
  for (const { path } of described) {
    expect([path, await ask(path, 'wrong')]).toEqual([path, 403]);
    expect([path, await ask(path, 'right')]).toEqual([path, 200]);
  }
  expect(begun).toEqual(['POST /control/v1/change']);
});
