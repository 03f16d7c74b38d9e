import { Hono } from 'hono';
import { toIso } from '../../base/calendar.ts';
import { readBody } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import { type HarmEstimateView, type HarmPauseView, type HarmView, liftPauseBody } from './contract.ts';
import type { HarmBudget } from './create-harm.ts';
import type { HarmEstimate } from './estimate.ts';
import { HARM_WEIGHTS, type HarmPause, type HarmPolicy } from './harm.ts';

/** The control API of the harm budget. */
export function harmRoutes(
  budget: Pick<HarmBudget, 'shown' | 'lift'>,
  policy: HarmPolicy,
): Hono<{ Variables: ControlVariables }> {
  const routes = new Hono<{ Variables: ControlVariables }>();

  routes.get('/control/v1/enforcement/harm', async (context) => {
    const { atMs, estimates, pauses, waiting } = await budget.shown();
    const view: HarmView = {
      days: policy.days,
      at: toIso(atMs),
      weights: { ...HARM_WEIGHTS },
      rates: { sanctions_percent: policy.sanctionsPercent, unsanctioned_per_day: policy.unsanctionedPerDay },
      estimates: estimates.map(toEstimateView),
      pauses: pauses.map(toPauseView),
      waiting,
    };
    return context.json(view);
  });

  routes.post('/control/v1/enforcement/harm/pauses/:id/lift', async (context) => {
    const body = await readBody(context, liftPauseBody);
    if (!body.ok) return body.refusal;
    const actor = context.get('actor');
    const by = actor.kind === 'staff' ? actor.id : 'local';
    const id = context.req.param('id');
    const lifted = await budget.lift(id, by, body.value.reason);
    if (lifted === null) {
      const message = `there is no pause ${id} that holds`;
      return context.json({ error: { reason: 'pause_not_found', message } }, 404);
    }
    context.set('changes', { what: lifted.what, name: lifted.name, reason: body.value.reason });
    return context.json(toPauseView(lifted));
  });

  return routes;
}

function toEstimateView({ per10k, upperPer10k, limitPer10k, steps, ...estimate }: HarmEstimate): HarmEstimateView {
  return {
    ...estimate,
    cohort: { ...estimate.cohort },
    missed: { ...estimate.missed },
    steps: steps.map((step) => ({ ...step })),
    per_10k: per10k,
    upper_per_10k: upperPer10k,
    limit_per_10k: limitPer10k,
  };
}

function toPauseView({ atMs, upperPer10k, limitPer10k, lifted, cohort, ...pause }: HarmPause): HarmPauseView {
  return {
    ...pause,
    at: toIso(atMs),
    cohort: { ...cohort },
    upper_per_10k: upperPer10k,
    limit_per_10k: limitPer10k,
    lifted: lifted && { at: toIso(lifted.atMs), by: lifted.by, reason: lifted.reason },
  };
}
