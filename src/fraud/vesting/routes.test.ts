import { afterEach, beforeEach, expect, test } from 'bun:test';
import { openVestingWorld, type VestingWorld } from '../../../test/world/vesting.ts';
import { vestingBreakerView, vestingLedgerView } from './contract.ts';
import { vestingRoutes } from './routes.ts';

let world: VestingWorld;
let routes: ReturnType<typeof vestingRoutes>;

beforeEach(async () => {
  world = await openVestingWorld();
  routes = vestingRoutes(world.vesting);
});

afterEach(() => world.close());

async function ask(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown) {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const answer = await routes.request(`/control/v1/${path}`, init);
  return { status: answer.status, body: await answer.json() };
}

test('the tranches of an account are shown, taken back and given again', async () => {
  const id = await world.account();
  expect(await ask('GET', `accounts/${id}/vesting`)).toMatchObject({
    status: 404,
    body: { error: { reason: 'vesting_not_found' } },
  });
  await world.vesting.began(id);
  const shown = await ask('GET', `accounts/${id}/vesting`);
  expect(vestingLedgerView.strict().parse(shown.body)).toMatchObject({
    given_nano: '1000000000',
    ceiling_nano: '1000000000',
    pace: { most_nano: '1000000000', window_ms: 1_800_000, headroom_nano: '1000000000' },
    releases: [{ amount_nano: '1000000000', reason: 'sign-up credit, tranche 1: to begin with' }],
  });
  expect((await ask('POST', `accounts/${id}/vesting/claw-back`, {})).status).toBe(400);
  const taken = await ask('POST', `accounts/${id}/vesting/claw-back`, { reason: 'a farm' });
  expect(vestingLedgerView.parse(taken.body)).toMatchObject({
    given_nano: '0',
    sanctioned: { reason: 'a farm' },
    tranches: [{ state: 'clawed_back', missing: ['sanction'] }, {}, {}, {}, {}],
  });
  const restored = await ask('POST', `accounts/${id}/vesting/restore`, { reason: 'a mistake' });
  expect(vestingLedgerView.parse(restored.body)).toMatchObject({ given_nano: '1000000000', sanctioned: null });
});

test('the breaker is shown and pinned, with a reason', async () => {
  const shown = await ask('GET', 'vesting/breaker');
  expect(vestingBreakerView.strict().parse(shown.body)).toEqual({
    open: false,
    since: null,
    burned_nano: '0',
    forecast_nano: '25000000000',
    pinned: null,
  });
  expect((await ask('PUT', 'vesting/breaker', { pinned: 'open' })).status).toBe(400);
  expect((await ask('PUT', 'vesting/breaker', { pinned: 'ajar', reason: 'x' })).status).toBe(400);
  expect((await ask('PUT', 'vesting/breaker', { pinned: 'open', reason: 'an attack' })).body).toMatchObject({
    open: true,
    pinned: 'open',
  });
  expect((await ask('PUT', 'vesting/breaker', { pinned: null, reason: 'over' })).body).toMatchObject({ open: false });
});
