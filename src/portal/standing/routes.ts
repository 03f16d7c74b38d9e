import { Hono } from 'hono';
import type { ApiKey, Stop } from '../../accounts/index.ts';
import type { BudgetUse } from '../../ledger/index.ts';
import { readBody } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import type { PortalBillingDeps } from '../billing/deps.ts';
import type { Asker } from '../belonging.ts';
import { PLAYGROUND_APP } from '../keys/contract.ts';
import type { PortalKeys } from '../keys/keys.ts';
import { namesFor } from '../names.ts';
import { absent, asAsker, say } from '../refusals.ts';
import { type AttentionFacts, attentionOf } from './attention.ts';
import { liftBody, stopBody } from './contract.ts';
import { findStop, liftStop, listStops, type StopsDeps, stopSubject } from './stops.ts';
import { type StopViewParts, toReceiptView, toStopView } from './views.ts';

export interface PortalStandingDeps extends StopsDeps {
  readonly portalKeys: Pick<PortalKeys, 'list'>;
  readonly isAlive: (key: ApiKey) => boolean;
  readonly billing: Pick<
    PortalBillingDeps,
    'ledger' | 'lowBalance' | 'budgets' | 'subscriptions' | 'payments' | 'clock' | 'keys' | 'belonging'
  >;
}

const ACCOUNT = '/portal/v1/accounts/:account';

/** What is stopped in an account, cut-offs and their receipts, and what somebody should know of. */
export function portalStandingRoutes(deps: PortalStandingDeps): Hono<{ Variables: ControlVariables }> {
  const routes = new Hono<{ Variables: ControlVariables }>();
  const { belonging } = deps;

  routes.get(
    `${ACCOUNT}/attention`,
    asAsker(belonging, async (context, asker) => {
      const facts = await factsOf(deps, asker);
      const named = [...facts.stops.map(memberOf), ...(facts.money?.budgets ?? []).map(memberOfBudget)];
      return context.json({ data: attentionOf(facts, await viewing(deps, asker, named)) });
    }),
  );

  routes.get(
    `${ACCOUNT}/stops`,
    asAsker(belonging, async (context, asker) => {
      const stops = await listStops(deps, asker);
      const viewed = await viewing(deps, asker, stops.map(memberOf));
      return context.json({ data: stops.map((stop) => toStopView(stop, viewed)) });
    }),
  );

  routes.post(
    `${ACCOUNT}/stops`,
    asAsker(belonging, async (context, asker) => {
      const body = await readBody(context, stopBody);
      if (!body.ok) return body.refusal;
      const stopped = await stopSubject(deps, asker, body.value);
      if (!stopped.ok) return say(context, stopped.refusal);
      context.set('changes', { stop: stopped.value.stop.id, subject: stopped.value.stop.subject.kind });
      const viewed = await viewing(deps, asker, [memberOf(stopped.value.stop)]);
      return context.json(toReceiptView(stopped.value, viewed), 201);
    }),
  );

  routes.get(
    `${ACCOUNT}/stops/:stop`,
    asAsker(belonging, async (context, asker) => {
      const receipt = await findStop(deps, asker, context.req.param('stop') ?? '');
      if (receipt === null) return say(context, absent('stop'));
      const viewed = await viewing(deps, asker, [memberOf(receipt.stop)]);
      return context.json(toReceiptView(receipt, viewed));
    }),
  );

  routes.post(
    `${ACCOUNT}/stops/:stop/lift`,
    asAsker(belonging, async (context, asker) => {
      const body = await readBody(context, liftBody);
      if (!body.ok) return body.refusal;
      const lifted = await liftStop(deps, asker, context.req.param('stop') ?? '');
      if (!lifted.ok) return say(context, lifted.refusal);
      const viewed = await viewing(deps, asker, [memberOf(lifted.value)]);
      return context.json({ stop: toStopView(lifted.value, viewed) });
    }),
  );

  return routes;
}

function memberOf({ subject }: Stop): string | null {
  return subject.kind === 'member' ? subject.member : null;
}

function memberOfBudget({ subject, subjectId }: BudgetUse): string | null {
  return subject === 'member' ? subjectId : null;
}

/** What stops are shown with; `members` are those they may be of. */
async function viewing(
  deps: PortalStandingDeps,
  { accountId }: Asker,
  members: readonly (string | null)[],
): Promise<StopViewParts> {
  return { names: await namesFor(deps, accountId, members), nowMs: deps.billing.clock.wallMs() };
}

async function factsOf(deps: PortalStandingDeps, asker: Asker): Promise<AttentionFacts> {
  const { portalKeys, isAlive, billing } = deps;
  const { accountId, membership } = asker;
  const keys = portalKeys.list(asker).filter((key) => key.app !== PLAYGROUND_APP && isAlive(key));
  const stops = await listStops(deps, asker);
  if (!membership.may('own.billing.read')) return { stops, keys, money: null };
  const money = {
    balance: await billing.ledger.balance(accountId),
    threshold: billing.lowBalance.list(accountId)[0]?.threshold ?? null,
    budgets: billing.budgets.list(accountId),
    subscription: billing.subscriptions.get(accountId),
    autoTopup: await billing.payments.autoTopups.show(accountId),
  };
  return { stops, keys, money };
}
