import { Hono } from 'hono';
import { isoOrNull } from '../../base/calendar.ts';
import { firstProblem, readBody, refuseField } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import type { VestingState } from '../../fraud/index.ts';
import { namesFor } from '../names.ts';
import { absent, asAsker, say } from '../refusals.ts';
import { toPortalBalanceView } from './balance.ts';
import { setBudget, toPortalBudgetView } from './budgets.ts';
import {
  monthParameter,
  portalBudgetBody,
  portalLowBalanceBody,
  portalRedeemBody,
  type VestingView,
} from './contract.ts';
import type { PortalBillingDeps } from './deps.ts';
import { codeRefusal } from './refusals.ts';
import { toPortalStatement } from './statement.ts';

const ACCOUNT = '/portal/v1/accounts/:account';
type Routes = Hono<{ Variables: ControlVariables }>;

/** Credit and budgets of an account. */
export function portalCreditRoutes(deps: PortalBillingDeps): Routes {
  const routes: Routes = new Hono<{ Variables: ControlVariables }>();
  addCredit(routes, deps);
  addVesting(routes, deps);
  addBudgets(routes, deps);
  return routes;
}

function addCredit(routes: Routes, deps: PortalBillingDeps): void {
  const { ledger, lowBalance, clock, belonging } = deps;

  routes.get(
    `${ACCOUNT}/balance`,
    asAsker(belonging, async (context, { accountId }) => {
      const threshold = lowBalance.list(accountId)[0]?.threshold ?? null;
      return context.json(toPortalBalanceView(await ledger.balance(accountId), threshold, clock.wallMs()));
    }),
  );

  routes.put(
    `${ACCOUNT}/low-balance`,
    asAsker(belonging, async (context, { accountId }) => {
      const body = await readBody(context, portalLowBalanceBody);
      if (!body.ok) return body.refusal;
      const { threshold_nano: threshold } = body.value;
      if (threshold === null) await lowBalance.off(accountId);
      else await lowBalance.set(accountId, threshold);
      return context.json({ threshold_nano: threshold === null ? null : String(threshold) });
    }),
  );

  routes.get(
    `${ACCOUNT}/statement`,
    asAsker(belonging, async (context, { accountId }) => {
      const query = monthParameter.safeParse(context.req.query());
      if (!query.success) return refuseField(context, firstProblem(query.error));
      const { signal } = context.req.raw;
      const made = await deps.statementTurns(accountId, () => deps.statement(accountId, query.data.month, signal));
      if (!made.ok) return say(context, made.refusal);
      return made.value.ok ? context.json(toPortalStatement(made.value.value)) : say(context, made.value.refusal);
    }),
  );
}

function addVesting(routes: Routes, { vesting, payments, belonging }: PortalBillingDeps): void {
  routes.get(
    `${ACCOUNT}/vesting`,
    asAsker(belonging, async (context, { accountId }) => {
      const state = vesting === null ? null : await vesting.stateOf(accountId);
      return context.json({ vesting: state && toVestingView(state) });
    }),
  );

  routes.post(
    `${ACCOUNT}/redeem`,
    asAsker(belonging, async (context, { accountId }) => {
      const body = await readBody(context, portalRedeemBody);
      if (!body.ok) return body.refusal;
      const redeemed = await payments.codes.redeem(accountId, body.value.code);
      if (!redeemed.ok) return say(context, codeRefusal(redeemed.refusal));
      const { grantId, credit, expiresAtMs } = redeemed.value;
      context.set('changes', { grant: grantId });
      return context.json({ grant_id: grantId, credit_nano: String(credit), expires_at: isoOrNull(expiresAtMs) });
    }),
  );
}

/** Who else draws on the same credit is told to nobody: it would say who is taken for whom. */
function toVestingView({ sharedWith, rungs, tranches }: VestingState): NonNullable<VestingView['vesting']> {
  return {
    shared_with: sharedWith.length,
    rungs: [...rungs],
    tranches: tranches.map(({ tranche, amount, state, releasedAtMs, missing }) => ({
      tranche,
      amount_nano: String(amount),
      state,
      released_at: isoOrNull(releasedAtMs),
      missing: [...missing],
    })),
  };
}

function addBudgets(routes: Routes, deps: PortalBillingDeps): void {
  const { belonging, budgets } = deps;

  routes.get(
    `${ACCOUNT}/budgets`,
    asAsker(belonging, async (context, { accountId }) => {
      const all = budgets.list(accountId);
      const members = all.map(({ subject, subjectId }) => (subject === 'member' ? subjectId : null));
      const names = await namesFor(deps, accountId, members);
      return context.json({ data: all.map((use) => toPortalBudgetView(use, names)) });
    }),
  );

  routes.post(
    `${ACCOUNT}/budgets`,
    asAsker(belonging, async (context, { accountId }) => {
      const body = await readBody(context, portalBudgetBody);
      if (!body.ok) return body.refusal;
      const made = await setBudget(deps, accountId, body.value);
      if (!made.ok) return say(context, made.refusal);
      context.set('changes', { budget: made.value.id, limit_nano: made.value.limit_nano });
      return context.json(made.value, 201);
    }),
  );

  routes.delete(
    `${ACCOUNT}/budgets/:budget`,
    asAsker(belonging, async (context, { accountId }) => {
      const id = context.req.param('budget') ?? '';
      const removed = await budgets.remove(accountId, id);
      return removed ? context.json({ id, removed }) : say(context, absent('budget'));
    }),
  );
}
