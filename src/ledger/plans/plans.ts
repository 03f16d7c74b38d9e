import type { PlanTerms, Subscriptions } from '../plan.ts';
import { change, quoteChange } from './change.ts';
import { createCore, type PlansDeps, show } from './core.ts';
import { cancel, endNow, resume } from './ending.ts';
import { isLive, type SubscriptionEvent } from './held.ts';
import { renew, renewalQuote } from './renewal.ts';
import { createSignups, type Signups } from './signup.ts';
import { quoteStart, start } from './start.ts';
import { readEvents } from './store.ts';
import { createPlanTerms } from './terms.ts';
import { catchUp, tick } from './tick.ts';

export interface PlansPart {
  /** For the path of a request, from memory; not to be asked where no configuration is at hand. */
  readonly terms: PlanTerms;
  readonly subscriptions: Subscriptions;
  readonly signups: Signups;
  /** The last thousand entries of one account's log, oldest first. */
  events(accountId: string): Promise<readonly SubscriptionEvent[]>;
  /** Accounts whose last plan has ended and is one that stops them (`when_over: stop`), and that plan. From memory. */
  lapsed(): readonly { readonly accountId: string; readonly plan: string }[];
  /** Calls `listener` with the account after each change of a subscription. */
  onChange(listener: (accountId: string) => void): void;
  /** What time alone does; to be called every minute. Resolves with how many steps that were. */
  tick(): Promise<number>;
}

const EVENTS_MAX = 1_000;

/** Loads who is on which plan. Throws when somebody is on a plan the configuration lacks. */
export async function createPlans(deps: PlansDeps): Promise<PlansPart> {
  const signups = createSignups(deps);
  const core = await createCore(deps, signups);
  /** What is asked for an account meets its subscription as it stands now. */
  function inTurn<Value>(accountId: string, work: () => Promise<Value>): Promise<Value> {
    return core.inLane(accountId, async () => {
      await catchUp(core, accountId);
      return work();
    });
  }
  const subscriptions: Subscriptions = {
    get(accountId) {
      const held = core.held(accountId);
      return held && show(held);
    },
    quote: (order) => quoteStart(core, order),
    quoteChange: (order) => quoteChange(core, order),
    renewal: (accountId) => renewalQuote(core, accountId),
    start: (order) => inTurn(order.accountId, () => start(core, order)),
    renew: (accountId, payment) => inTurn(accountId, () => renew(core, accountId, payment)),
    change: (order) => inTurn(order.accountId, () => change(core, order)),
    cancel: (accountId) => inTurn(accountId, () => cancel(core, accountId)),
    resume: (accountId) => inTurn(accountId, () => resume(core, accountId)),
    endNow: (accountId, order) => inTurn(accountId, () => endNow(core, accountId, order)),
  };
  function planOf(accountId: string): string | null {
    const held = core.held(accountId);
    return isLive(held) ? held.plan : null;
  }
  return {
    terms: createPlanTerms(deps.plans, planOf),
    subscriptions,
    signups,
    events: (accountId) => readEvents(deps.storage.reader, accountId, EVENTS_MAX),
    lapsed: () =>
      [...core.all()].flatMap((held) =>
        held.state === 'ended' && deps.plans?.[held.plan]?.whenOver === 'stop'
          ? [{ accountId: held.accountId, plan: held.plan }]
          : [],
      ),
    onChange: (listener) => core.onChange(listener),
    tick: () => tick(core),
  };
}
