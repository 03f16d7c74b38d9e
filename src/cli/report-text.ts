/** Reports as text for people: dollars instead of nano-dollars. */
import { formatUsd } from '../base/money.ts';
import type {
  FigureView,
  RevenueReportView,
  StatementLineView,
  StatementView,
  TrialBalanceView,
  UsageReportView,
  UsageRowView,
} from '../ledger/reports/contract.ts';
import { formatTable, minuteOf } from './table.ts';

const usd = (nano: string) => formatUsd(BigInt(nano));

export function showRevenue(report: RevenueReportView): string {
  const rows = report.figures.map((figure) => [figure.name, figureText(figure), figure.formula]);
  return `Revenue in ${spanText(report)}; amounts in US dollars.\n\n${formatTable(['FIGURE', 'VALUE', 'HOW IT IS MADE'], rows)}`;
}

function figureText({ amount_nano: amount, count, per_cent: perCent }: FigureView): string {
  if (amount !== undefined) return usd(amount);
  if (count !== undefined) return String(count);
  return perCent === undefined || perCent === null ? '-' : `${perCent} %`;
}

function spanText({ month, to, complete }: { month: string; to: string; complete: boolean }): string {
  if (to === `${month}-01T00:00:00.000Z`) return `${month}, which has not begun`;
  return complete ? month : `${month}, which is not over, up to ${to}`;
}

export function showUsage(report: UsageReportView): string {
  const line = (name: string, row: UsageRowView) => [
    name,
    String(row.requests),
    String(row.input_tokens),
    String(row.cached_input_tokens),
    String(row.output_tokens),
    usd(row.price_nano),
    usd(row.known_cost_nano),
    String(row.unknown_cost_requests),
    String(row.estimated_requests),
  ];
  const head = [
    report.by.toUpperCase(),
    'REQUESTS',
    'INPUT',
    'OF IT CACHED',
    'OUTPUT',
    'PRICE',
    'KNOWN COST',
    'COST UNKNOWN',
    'ESTIMATED',
  ];
  const rows = [...report.rows.map((row) => line(row.group ?? '-', row)), line('all', report.total)];
  return `Usage of requests that ended in ${report.month}; amounts in US dollars.\n\n${formatTable(head, rows)}`;
}

export function showTrialBalance(balance: TrialBalanceView): string {
  const rows = balance.lines.map((line) => [line.account, String(line.transfers), usd(line.balance_nano)]);
  rows.push(['sum', '', usd(balance.sum_nano)]);
  return `Balances (credits less debits) of transfers before ${balance.at}, in US dollars.\n\n${formatTable(['ACCOUNT', 'TRANSFERS', 'BALANCE'], rows)}`;
}

export function showStatement(statement: StatementView): string {
  const rows = [
    ['', 'opening balance', '', usd(statement.opening_nano)],
    ...statement.lines.map(lineText),
    ['', 'closing balance', heldText(statement.held_nano), usd(statement.closing_nano)],
  ];
  return `Account ${statement.account_id} in ${spanText(statement)}; US dollars.\n\n${formatTable(['WHEN (UTC)', 'WHAT', '', 'AMOUNT'], rows)}`;
}

function lineText(line: StatementLineView): string[] {
  return [minuteOf(line.at), line.kind, line.kind === 'usage' ? usageText(line) : line.text, usd(line.amount_nano)];
}

function usageText(line: StatementLineView): string {
  const tokens = `${line.input_tokens ?? 0} tokens in, ${line.output_tokens ?? 0} out`;
  return `${line.text}: ${line.requests ?? 0} ${line.requests === 1 ? 'request' : 'requests'}, ${tokens}`;
}

function heldText(held: string): string {
  return held === '0' ? '' : `${usd(held)} of it set aside for requests in progress`;
}
