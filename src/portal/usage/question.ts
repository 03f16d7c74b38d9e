import type { AppNames, UsageQuery, UsageQueryInput } from '../../metering/index.ts';
import { type Asker, seesAll } from '../belonging.ts';
import type { Names } from '../names.ts';
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

/** As the monitor asks for names. */
export function toAppNames(names: Names): AppNames {
  return {
    nameOf: names.app,
    labelOf(dimension, id) {
      if (dimension === 'app') return names.app(id);
      if (dimension === 'member') return names.member(id);
      return dimension === 'key' ? names.key(id) : null;
    },
  };
}
