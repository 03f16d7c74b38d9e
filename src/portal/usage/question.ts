import { type AppNames, type UsageQuery, type UsageQueryInput } from '../../metering/index.ts';
import type { Keys } from '../../accounts/index.ts';
import { type Asker, type Belonging, seesAll } from '../belonging.ts';
import { type PortalUsageQuery, USAGE_INTERVALS } from './contract.ts';

type Where = UsageQuery['where'];

/** What was asked, of this account and of what who asks may see; whatever conditions were sent hold besides. */
export function ownWhere({ accountId, membership }: Asker, where: Where): Where {
  const own: Where = [{ dimension: 'account', op: 'in', values: [accountId] }, ...where];
  if (seesAll(membership) || membership.member === null) return own;
  return [...own, { dimension: 'member', op: 'in', values: [membership.member] }];
}

export function toUsageQuestion(asker: Asker, asked: PortalUsageQuery): UsageQuery {
  const { from, to, by, measures, interval, compare, order, limit } = asked;
  return {
    from,
    to,
    by,
    measures,
    compare,
    order,
    limit,
    interval_ms: interval === null ? null : USAGE_INTERVALS[interval],
    where: ownWhere(asker, asked.where),
  } satisfies UsageQueryInput;
}

/** What people of the account call its apps, keys and members; what operators call an app is theirs alone. */
export function namesOf(accountId: string, belonging: Belonging, keys: Pick<Keys, 'get'>): AppNames {
  const apps = new Map(belonging.apps(accountId).map(({ app, name }) => [app, name]));
  return {
    nameOf: (app) => apps.get(app) ?? null,
    labelOf(dimension, id) {
      if (dimension === 'app') return apps.get(id) ?? null;
      if (dimension === 'member') return belonging.member(accountId, id)?.name ?? null;
      if (dimension !== 'key') return null;
      const key = keys.get(id);
      return key?.accountId === accountId ? key.name : null;
    },
  };
}
