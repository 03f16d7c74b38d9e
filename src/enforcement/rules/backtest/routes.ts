import { type Context, Hono } from 'hono';
import { readBody } from '../../../http/body.ts';
import type { ControlVariables } from '../../../http/control-api.ts';
import { type BacktestView, startBacktestBody } from '../contract.ts';
import { BACKTESTS_PATH } from '../control-api.ts';
import type { Backtest, BacktestRefusal, Backtests } from './backtests.ts';
import type { BacktestResult } from './backtest-result.ts';

const STATUS: Readonly<Record<BacktestRefusal['reason'], 400 | 404 | 409>> = {
  invalid_rule: 400,
  invalid_field: 400,
  not_stored: 400,
  too_many_backtests: 409,
  backtest_not_found: 404,
};
const PER = 10_000;

/** The control API of replays. */
export function backtestRoutes(backtests: Backtests): Hono<{ Variables: ControlVariables }> {
  const routes = new Hono<{ Variables: ControlVariables }>();
  routes.get(BACKTESTS_PATH, (context) => context.json({ data: backtests.list().map(toView) }));
  routes.post(BACKTESTS_PATH, async (context) => {
    const body = await readBody(context, startBacktestBody);
    if (!body.ok) return body.refusal;
    const { document, from, to } = body.value;
    const actor = context.get('actor');
    const by = actor?.kind === 'staff' ? actor.name : 'local';
    const started = backtests.start(document, Date.parse(from), Date.parse(to), by);
    return started.ok ? context.json(toView(started.value), 201) : explain(context, started.refusal);
  });
  routes.get(`${BACKTESTS_PATH}/:id`, (context) => {
    const found = backtests.find(context.req.param('id'));
    if (found !== null) return context.json(toView(found));
    return explain(context, { reason: 'backtest_not_found', message: 'there is no such replay' });
  });
  routes.post(`${BACKTESTS_PATH}/:id/cancel`, (context) => {
    const cancelled = backtests.cancel(context.req.param('id'));
    return cancelled.ok ? context.json(toView(cancelled.value)) : explain(context, cancelled.refusal);
  });
  return routes;
}

function toView(test: Backtest): BacktestView {
  return {
    id: test.id,
    rule: test.document.name,
    against: test.against,
    state: test.state,
    problem: test.problem,
    from: isoOf(test.fromMs),
    to: isoOf(test.toMs),
    started_by: test.by,
    started_at: isoOf(test.startedAtMs),
    finished_at: test.finishedAtMs === null ? null : isoOf(test.finishedAtMs),
    events: test.events,
    events_total: test.eventsTotal,
    not_stored: [...test.notStored],
    result: test.result === null ? null : toResultView(test.result),
  };
}

function toResultView(result: BacktestResult): NonNullable<BacktestView['result']> {
  const { accounts, accountsTotal, accountsUnconfirmed, cohorts } = result;
  return {
    hits: result.hits,
    new_hits: result.newHits,
    lost_hits: result.lostHits,
    unknown: result.unknown,
    accounts,
    accounts_total: accountsTotal,
    accounts_unconfirmed: accountsUnconfirmed,
    harmed_per_10000: accountsTotal === 0 ? 0 : (accountsUnconfirmed * PER) / accountsTotal,
    price_nano: result.priceNano.toString(),
    faults: result.faults,
    cohorts: { product: [...cohorts.product], plan: [...cohorts.plan], client: [...cohorts.client] },
    samples: result.samples.map(({ kind, eventId, accountId, atMs }) => {
      return { kind, event_id: eventId, account_id: accountId, at: isoOf(atMs) };
    }),
    took_ms: Math.round(result.tookMs),
  };
}

function explain(context: Context, { reason, message }: BacktestRefusal): Response {
  return context.json({ error: { reason, message } }, STATUS[reason]);
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
