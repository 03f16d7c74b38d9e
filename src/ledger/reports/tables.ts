/** Reports as tables, for files. */
import type { FigureView, RevenueReportView, StatementView, UsageReportView, UsageRowView } from './contract.ts';
import type { Cell, Column, Table } from './files/table.ts';

const nanoOf = (text: string | undefined) => (text === undefined ? null : BigInt(text));

export function revenueTable(report: RevenueReportView): Table {
  const columns: Column[] = [
    { name: 'month', type: 'text' },
    { name: 'figure', type: 'text' },
    { name: 'amount_nano', type: 'nano' },
    { name: 'count', type: 'integer' },
    { name: 'per_cent', type: 'text' },
    { name: 'formula', type: 'text' },
  ];
  const row = ({ name, amount_nano: amount, count, per_cent: share, formula }: FigureView): Cell[] => [
    report.month,
    name,
    nanoOf(amount),
    count ?? null,
    share ?? null,
    formula,
  ];
  return { columns, rows: report.figures.map(row) };
}

const USAGE_NUMBERS = [
  'requests',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'estimated_requests',
  'unknown_cost_requests',
] as const satisfies (keyof UsageRowView)[];
const USAGE_AMOUNTS = ['price_nano', 'written_off_nano', 'known_cost_nano'] as const satisfies (keyof UsageRowView)[];

export function usageTable(report: UsageReportView): Table {
  const columns: Column[] = [
    { name: 'month', type: 'text' },
    { name: report.by, type: 'text' },
    ...USAGE_NUMBERS.map((name) => ({ name, type: 'integer' }) as const),
    ...USAGE_AMOUNTS.map((name) => ({ name, type: 'nano' }) as const),
  ];
  const row = (one: UsageRowView): Cell[] => [
    report.month,
    one.group,
    ...USAGE_NUMBERS.map((name) => one[name]),
    ...USAGE_AMOUNTS.map((name) => BigInt(one[name])),
  ];
  return { columns, rows: report.rows.map(row) };
}

const STATEMENT_TEXTS = ['at', 'kind', 'text', 'grant_id', 'payment_id', 'model'] as const;
const STATEMENT_NUMBERS = [
  'requests',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
] as const;

/** The first row is the opening balance and the last one the closing balance. */
export function statementTable(statement: StatementView): Table {
  const columns: Column[] = [
    { name: 'account_id', type: 'text' },
    ...STATEMENT_TEXTS.map((name) => ({ name, type: 'text' }) as const),
    { name: 'amount_nano', type: 'nano' },
    ...STATEMENT_NUMBERS.map((name) => ({ name, type: 'integer' }) as const),
  ];
  const { account_id: account, from, to } = statement;
  const balance = (at: string, kind: string, nano: string): Cell[] => {
    const empty = STATEMENT_NUMBERS.map(() => null);
    return [account, at, kind, `${kind} balance`, null, null, null, BigInt(nano), ...empty];
  };
  const rows = statement.lines.map((line): Cell[] => [
    account,
    ...STATEMENT_TEXTS.map((name) => line[name]),
    BigInt(line.amount_nano),
    ...STATEMENT_NUMBERS.map((name) => line[name]),
  ]);
  return {
    columns,
    rows: [balance(from, 'opening', statement.opening_nano), ...rows, balance(to, 'closing', statement.closing_nano)],
  };
}
