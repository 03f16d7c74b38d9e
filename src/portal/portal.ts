import type { Hono } from 'hono';
import type { Accounts, ApiKey, Keys, Standing } from '../accounts/index.ts';
import type { Clock } from '../base/clock.ts';
import type { Config } from '../config/config.ts';
import type { Attempts } from '../credentials/attempts.ts';
import type { ControlVariables } from '../http/control-api.ts';
import type { Budgets, Ledger, LowBalance, Payments, PlansPart, PriceBook } from '../ledger/index.ts';
import type { EventsDeps } from '../metering/index.ts';
import type { Reader } from '../storage/sql/storage.ts';
import type { Belonging } from './belonging.ts';
import { portalCreditRoutes } from './billing/credit-routes.ts';
import type { PortalBillingDeps } from './billing/deps.ts';
import { portalPlanRoutes } from './billing/plan-routes.ts';
import { createPortalKeys } from './keys/keys.ts';
import { portalKeyRoutes } from './keys/routes.ts';
import type { KeyBounds } from './keys/terms.ts';
import { portalModelRoutes } from './models/routes.ts';
import { portalStandingRoutes } from './standing/routes.ts';
import type { LimitsNow } from './usage/limits.ts';
import { portalUsageRoutes } from './usage/routes.ts';
import { createTurns } from './usage/turns.ts';

export interface PortalDeps {
  readonly config: Pick<Config, 'models' | 'limits' | 'plans' | 'payments'>;
  readonly clock: Clock;
  readonly reader: Reader;
  readonly attempts: Attempts;
  readonly accounts: Pick<Accounts, 'get'>;
  readonly keys: Pick<Keys, 'get' | 'ofAccount' | 'create' | 'rotate' | 'revoke'>;
  readonly standing: Standing;
  readonly belonging: Belonging;
  readonly ledger: Pick<Ledger, 'balance'>;
  readonly prices: Pick<PriceBook, 'ratesOf' | 'sourceOf'>;
  readonly budgets: Pick<Budgets, 'set' | 'remove' | 'list'>;
  readonly lowBalance: Pick<LowBalance, 'set' | 'off' | 'list'>;
  readonly plans: Pick<PlansPart, 'subscriptions' | 'terms' | 'events'>;
  readonly payments: Pick<Payments, 'topup' | 'subscribe' | 'list' | 'codes' | 'autoTopups'>;
  readonly isOffered: PortalBillingDeps['isOffered'];
  readonly vesting: PortalBillingDeps['vesting'];
  readonly statement: PortalBillingDeps['statement'];
  readonly explore: Omit<EventsDeps, 'names'>;
  readonly limitsNow: LimitsNow;
}

const QUESTION_TURNS = { name: 'questions', ofAccountMax: 3, allMax: 8, perMinuteMax: 120 } as const;
const STATEMENT_TURNS = { name: 'statements', ofAccountMax: 1, allMax: 2, perMinuteMax: 10 } as const;

/** What people who belong to an account may see of it and do in it. */
export function createPortal(deps: PortalDeps): readonly Hono<{ Variables: ControlVariables }>[] {
  const { clock, belonging, attempts, keys, standing, plans, config } = deps;
  const bounds = boundsOf(deps);
  const portalKeys = createPortalKeys({ ...deps, bounds });
  const isAlive = ({ revokedAtMs, expiresAtMs }: ApiKey) =>
    revokedAtMs === null && (expiresAtMs === null || expiresAtMs > clock.wallMs());
  const billing: PortalBillingDeps = {
    ...deps,
    subscriptions: plans.subscriptions,
    terms: plans.terms,
    planEvents: plans.events,
    plans: config.plans,
    config: config.payments,
    statementTurns: createTurns(attempts, STATEMENT_TURNS),
  };
  const { families } = deps.explore;
  const turns = createTurns(attempts, QUESTION_TURNS);
  return [
    portalKeyRoutes({ portalKeys, keys, standing, belonging, clock }),
    portalUsageRoutes({ ...deps, bounds, portalKeys, isAlive, families, turns }),
    portalCreditRoutes(billing),
    portalPlanRoutes(billing),
    portalStandingRoutes({ standing, keys, belonging, portalKeys, isAlive, billing }),
    portalModelRoutes({ ...deps, models: config.models, terms: plans.terms }),
  ];
}

function boundsOf({ config, plans }: PortalDeps): KeyBounds & { readonly appLimits: Config['limits']['app'] } {
  return {
    models: Object.keys(config.models),
    keyLimits: config.limits.key,
    appLimits: config.limits.app,
    // As the gateway counts: a plan's limits go before the defaults.
    accountLimits: (accountId) => ({ ...config.limits.account, ...plans.terms.termsOf(accountId).limits }),
  };
}
