import { type Context, Hono } from 'hono';
import { readBody } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import type { BreakerFigures, Vesting, VestingState } from '../vesting.ts';
import {
  pinBreakerBody,
  type VestingBreakerView,
  vestingClawBackBody,
  type VestingLedgerView,
  vestingRestoreBody,
} from './contract.ts';

/** The control API of credit that vests. */
export function vestingRoutes(vesting: Vesting): Hono<{ Variables: ControlVariables }> {
  const routes = new Hono<{ Variables: ControlVariables }>();

  async function answer(context: Context, accountId: string): Promise<Response> {
    const state = await vesting.stateOf(accountId);
    return state === null ? refuseUnknown(context, accountId) : context.json(toLedgerView(state));
  }

  routes.get('/control/v1/accounts/:id/vesting', (context) => answer(context, context.req.param('id')));

  routes.post('/control/v1/accounts/:id/vesting/claw-back', async (context) => {
    const body = await readBody(context, vestingClawBackBody);
    if (!body.ok) return body.refusal;
    await vesting.clawBack(context.req.param('id'), body.value.reason);
    context.set('changes', { reason: body.value.reason });
    return answer(context, context.req.param('id'));
  });

  routes.post('/control/v1/accounts/:id/vesting/restore', async (context) => {
    const body = await readBody(context, vestingRestoreBody);
    if (!body.ok) return body.refusal;
    await vesting.restore(context.req.param('id'));
    context.set('changes', { reason: body.value.reason });
    return answer(context, context.req.param('id'));
  });

  routes.get('/control/v1/vesting/breaker', (context) => context.json(toBreakerView(vesting.breaker())));

  routes.put('/control/v1/vesting/breaker', async (context) => {
    const body = await readBody(context, pinBreakerBody);
    if (!body.ok) return body.refusal;
    const { pinned, reason } = body.value;
    const before = vesting.breaker().pinned;
    await vesting.pin(pinned);
    context.set('changes', { pinned, before, reason });
    return context.json(toBreakerView(vesting.breaker()));
  });

  return routes;
}

function refuseUnknown(context: Context, id: string): Response {
  const message = `account ${id} has no sign-up credit that vests`;
  return context.json({ error: { reason: 'vesting_not_found', message } }, 404);
}

function toLedgerView(state: VestingState): VestingLedgerView {
  const { pace, sanctioned } = state;
  return {
    account_id: state.accountId,
    operator_id: state.operatorId,
    shared_with: [...state.sharedWith],
    rungs: [...state.rungs],
    clean_days: state.cleanDays,
    given_nano: String(state.given),
    ceiling_nano: String(state.ceiling),
    pace: { most_nano: String(pace.most), window_ms: pace.windowMs, headroom_nano: String(pace.headroom) },
    sanctioned: sanctioned && { at: isoOf(sanctioned.atMs), reason: sanctioned.reason },
    tranches: state.tranches.map((one) => ({
      tranche: one.tranche,
      amount_nano: String(one.amount),
      given_nano: String(one.given),
      state: one.state,
      released_at: one.releasedAtMs === null ? null : isoOf(one.releasedAtMs),
      missing: [...one.missing],
    })),
    releases: state.releases.map(({ atMs, amount, reason }) => ({
      at: isoOf(atMs),
      amount_nano: String(amount),
      reason,
    })),
  };
}

function toBreakerView({ open, sinceMs, burned, forecast, pinned }: BreakerFigures): VestingBreakerView {
  return {
    open,
    since: sinceMs === null ? null : isoOf(sinceMs),
    burned_nano: String(burned),
    forecast_nano: String(forecast),
    pinned,
  };
}

function isoOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
