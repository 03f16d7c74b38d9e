import type { Columns } from '../../../storage/columns/columns.ts';
import type { ReplaySums } from './protocol.ts';

export interface ResultDeps {
  readonly columns: Pick<Columns, 'read'>;
  /** Those of these accounts of whom an incident was confirmed. */
  readonly confirmedOf: (accountIds: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Null where it is not known. */
  readonly planOf: (accountId: string) => string | null;
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

const COUNT_MS_MAX = 60_000;
const COHORTS_MAX = 200;

/** Of one value of what events are told apart by; `events` null: nobody counted them. */
export interface Cohort {
  readonly value: string;
  readonly events: number | null;
  readonly hits: number;
  readonly accounts: number;
}

export interface BacktestResult extends Omit<ReplaySums, 'accounts' | 'products' | 'clients'> {
  readonly accounts: number;
  readonly accountsTotal: number;
  readonly accountsUnconfirmed: number;
  readonly cohorts: {
    readonly product: readonly Cohort[];
    readonly plan: readonly Cohort[];
    readonly client: readonly Cohort[];
  };
  readonly tookMs: number;
}

/** What a replay came to, with what is known of those it hit and of all there were in its span. */
export async function resultOf(
  deps: ResultDeps,
  test: Span,
  sums: ReplaySums,
  tookMs: number,
): Promise<BacktestResult> {
  const { accounts, products, clients, ...rest } = sums;
  const ids = accounts.map(({ accountId }) => accountId);
  const confirmed = await deps.confirmedOf(ids);
  const [total] = await deps.columns.read({
    ...spanOf(test),
    sql: (source) => `select count(distinct account_id) as n from ${source} where at_ms >= ? and at_ms < ?`,
  });
  const plans = new Map<string, { hits: number; accounts: number }>();
  for (const { accountId, hits } of accounts) {
    const plan = deps.planOf(accountId) ?? 'none';
    const sum = plans.get(plan) ?? { hits: 0, accounts: 0 };
    plans.set(plan, { hits: sum.hits + hits, accounts: sum.accounts + 1 });
  }
  return {
    ...rest,
    accounts: accounts.length,
    accountsTotal: Number(total?.['n'] ?? 0),
    accountsUnconfirmed: ids.filter((id) => !confirmed.has(id)).length,
    cohorts: {
      product: await withEvents(deps, test, 'product', products),
      plan: [...plans].map(([value, sum]) => ({ value, events: null, ...sum })),
      client: await withEvents(deps, test, 'client_class', clients),
    },
    tookMs,
  };
}

async function withEvents(
  { columns }: ResultDeps,
  test: Span,
  column: 'product' | 'client_class',
  sums: ReplaySums['products'],
): Promise<Cohort[]> {
  const rows = await columns.read({
    ...spanOf(test),
    sql: (source) =>
      `select ${column} as value, count(*) as n from ${source} where at_ms >= ? and at_ms < ? group by 1 order by 2 desc limit ${COHORTS_MAX}`,
  });
  const events = new Map(rows.map((row) => [String(row['value']), Number(row['n'])]));
  return sums.map((sum) => ({ ...sum, events: events.get(sum.value) ?? null }));
}

function spanOf({ fromMs, toMs }: Span) {
  return { fromMs, toMs, parameters: [fromMs, toMs], timeoutMs: COUNT_MS_MAX };
}
