import type { Command } from 'commander';
import type { z } from 'zod';
import { EXIT } from '../app/contract.ts';
import {
  autoTopupView,
  type AutoTopupView,
  paymentDetailsView,
  paymentListView,
  type PaymentView,
  recordedView,
  refundBody,
  refundedView,
  recordBody,
  startedView,
} from '../ledger/payments/contract.ts';
import { ask, withQuery } from './control.ts';
import { type CliDeps, CliFailure } from './deps.ts';
import { readUsd, readUsdOrZero, showUsd } from './money.ts';
import { type Common, print, readCount } from './options.ts';
import { readPlans } from './plan.ts';
import { formatTable, minuteOf } from './table.ts';

type Verb = (command: Command) => Command;

/** Adds `payment list|show|subscribe|record|refund`. */
export function addPaymentVerbs(program: Command, deps: CliDeps, common: Verb): void {
  const payment = program.command('payment').description('money that came in, and went back');
  common(payment.command('list'))
    .description('show payments, the latest first')
    .option('--account <id>', 'whose (default: everybody)')
    .option('--before <id>', 'the id the page before ended with')
    .action((options: Common & { account?: string; before?: string }) => list(deps, options));
  common(payment.command('show'))
    .description('show a payment with its refunds, disputes and events')
    .argument('<id>', 'the id of the payment')
    .action((id: string, options: Common) => show(deps, id, options));
  common(payment.command('subscribe'))
    .description('order a plan; prints the page to pay it on')
    .requiredOption('--account <id>', 'who gets the plan')
    .requiredOption('--plan <name>', 'the plan')
    .option('--interval <time>', 'month or year (default: month)')
    .option('--seats <number>', 'how many (default: the fewest of the plan)', readCount)
    .option('--driver <name>', 'stripe or manual (default: stripe where it is configured)')
    .action((options: SubscribeOptions) => subscribe(deps, options));
  common(payment.command('record'))
    .description('book money that arrived by bank transfer; recording a reference again books nothing more')
    .requiredOption('--reference <text>', 'what the transfer is found by')
    .option('--payment <id>', 'the invoice it pays; else --account and --usd')
    .option('--account <id>', 'who gets the credit')
    .option('--usd <amount>', 'credit, before tax', readUsd)
    .option('--tax-usd <amount>', 'tax in it (default: by payments.topup.tax_bp)', readUsdOrZero)
    .action((options: RecordOptions) => record(deps, options));
  common(payment.command('refund'))
    .description('pay back credit that is neither spent nor held to where it came from')
    .argument('<id>', 'the id of the payment')
    .requiredOption('--reason <text>', 'why, for the books')
    .option('--usd <amount>', 'credit to give up, before tax (default: all that is unspent)', readUsd)
    .option('--key <text>', 'tells a second refund of the same amount apart')
    .option('--reference <text>', 'the bank transfer you paid it back with')
    .action((id: string, options: RefundOptions) => refund(deps, id, options));
}

/** Adds `topup start|auto`. */
export function addTopupVerbs(program: Command, deps: CliDeps, common: Verb): void {
  const topup = program.command('topup').description('credit customers buy');
  common(topup.command('start'))
    .description('order credit; prints the page to pay it on')
    .requiredOption('--account <id>', 'who gets the credit')
    .requiredOption('--usd <amount>', 'how much, before tax', readUsd)
    .option('--driver <name>', 'stripe or manual (default: stripe where it is configured)')
    .option('--save-method', 'keep the card for automatic top-ups')
    .action((options: StartOptions) => start(deps, options));
  const auto = topup.command('auto').description('charge a saved card when credit runs low');
  common(auto.command('set'))
    .description('turn it on, or change it')
    .requiredOption('--account <id>', 'whose card')
    .requiredOption('--below <amount>', 'when less than this is available', readUsd)
    .requiredOption('--usd <amount>', 'buy this much, before tax', readUsd)
    .requiredOption('--monthly-cap <amount>', 'never charge more in a month, tax included', readUsd)
    .action((options: AutoOptions) => setAuto(deps, options));
  common(auto.command('show'))
    .description('show it, with what was charged this month and the last failure')
    .requiredOption('--account <id>', 'whose')
    .action((options: Common & { account: string }) => askAuto(deps, options, 'GET', ''));
  common(auto.command('off'))
    .description('turn it off; a charge in flight comes to its end')
    .requiredOption('--account <id>', 'whose')
    .action((options: Common & { account: string }) => askAuto(deps, options, 'POST', '/off'));
}

async function list(deps: CliDeps, options: Common & { account?: string; before?: string }): Promise<void> {
  const path = withQuery('/control/v1/payments', { account: options.account, before: options.before });
  const { answer } = await ask(deps, options, { method: 'GET', path }, paymentListView);
  print(deps, options, answer, () => {
    if (answer.data.length === 0) return 'There are no payments yet.\n';
    const more = answer.next === null ? '' : `There are more: candor payment list --before ${answer.next}\n`;
    return `${tableOf(answer.data)}${more}`;
  });
}

function tableOf(payments: readonly PaymentView[]): string {
  return formatTable(
    ['ID', 'ACCOUNT', 'KIND', 'STATE', 'DRIVER', 'CHARGED', 'CREDIT', 'REFUNDED', 'CREATED (UTC)'],
    payments.map((one) => [
      one.id,
      one.account_id,
      one.kind,
      one.state,
      one.driver,
      showUsd(one.amount_nano),
      showUsd(one.credit_nano),
      one.refunded_nano === '0' ? '-' : showUsd(one.refunded_nano),
      minuteOf(one.created_at),
    ]),
  );
}

async function show(deps: CliDeps, id: string, options: Common): Promise<void> {
  const path = `/control/v1/payments/${encodeURIComponent(id)}`;
  const { answer } = await ask(deps, options, { method: 'GET', path }, paymentDetailsView);
  print(deps, options, answer, () => {
    const { payment, refunds, reversals, events } = answer;
    const lines = [
      tableOf([payment]).trimEnd(),
      ...refunds.map((one) => `refund ${one.id}: ${showUsd(one.credit_nano)} ${one.state}, ${one.reason}`),
      ...reversals.map((one) => `${one.kind} ${one.id}: ${showUsd(one.credit_nano)} ${one.state}`),
      ...events.map(
        (one) => `${minuteOf(one.at)} ${one.kind} ${one.state}${one.detail === null ? '' : `: ${one.detail}`}`,
      ),
    ];
    return `${lines.join('\n')}\n`;
  });
}

interface SubscribeOptions extends Common {
  readonly account: string;
  readonly plan: string;
  readonly interval?: string;
  readonly seats?: number;
  readonly driver?: string;
}

async function subscribe(deps: CliDeps, options: SubscribeOptions): Promise<void> {
  const seats = options.seats ?? (await readPlans(deps, options)).find((one) => one.name === options.plan)?.seats.min;
  const body = {
    account_id: options.account,
    plan: options.plan,
    ...(options.interval === undefined ? {} : { interval: options.interval }),
    ...(seats === undefined ? {} : { seats }),
    ...(options.driver === undefined ? {} : { driver: options.driver }),
  };
  const path = '/control/v1/subscription-checkouts';
  const { answer } = await ask(deps, options, { method: 'POST', path, body }, startedView);
  print(deps, options, answer, () => showStarted(answer, `${options.plan}, ${options.interval ?? 'month'}`));
}

interface RecordOptions extends Common {
  readonly reference: string;
  readonly payment?: string;
  readonly account?: string;
  readonly usd?: string;
  readonly taxUsd?: string;
}

async function record(deps: CliDeps, options: RecordOptions): Promise<void> {
  const body = {
    reference: options.reference,
    ...(options.payment === undefined ? {} : { payment_id: options.payment }),
    ...(options.account === undefined ? {} : { account_id: options.account }),
    ...(options.usd === undefined ? {} : { credit_nano: options.usd }),
    ...(options.taxUsd === undefined ? {} : { tax_nano: options.taxUsd }),
  };
  checkRecord(body);
  const { answer } = await ask(
    deps,
    options,
    { method: 'POST', path: '/control/v1/payments/record', body },
    recordedView,
  );
  print(deps, options, answer, () => {
    const { payment } = answer;
    return answer.repeated
      ? `This reference was recorded before, as payment ${payment.id}; nothing was booked now.\n`
      : `Payment ${payment.id}: account ${payment.account_id} has ${showUsd(payment.credit_nano)} more.\n`;
  });
}

interface RefundOptions extends Common {
  readonly reason: string;
  readonly usd?: string;
  readonly key?: string;
  readonly reference?: string;
}

async function refund(deps: CliDeps, id: string, options: RefundOptions): Promise<void> {
  const body = {
    reason: options.reason,
    ...(options.usd === undefined ? {} : { credit_nano: options.usd }),
    ...(options.key === undefined ? {} : { key: options.key }),
    ...(options.reference === undefined ? {} : { reference: options.reference }),
  };
  check(refundBody.safeParse(body), 'the reason, key and reference must each stand on one line');
  const path = `/control/v1/payments/${encodeURIComponent(id)}/refunds`;
  const { answer } = await ask(deps, options, { method: 'POST', path, body }, refundedView);
  print(deps, options, answer, () => {
    const { refund: made, repeated } = answer;
    const again = repeated ? ' It had been asked for before; name another with --key.' : '';
    const fate = { done: 'is paid back', pending: 'is asked for and has no answer yet', failed: 'was refused' }[
      made.state
    ];
    return `Refund ${made.id} of ${showUsd(made.credit_nano)} ${fate}.${again}\n`;
  });
}

const RECORD_OPTIONS: Readonly<Record<string, string>> = {
  payment_id: '--payment',
  account_id: '--account',
  credit_nano: '--usd',
  tax_nano: '--tax-usd',
};

function checkRecord(body: object): void {
  const issue = recordBody.safeParse(body).error?.issues[0];
  const field = issue?.path[0];
  if (issue === undefined) return;
  const option = field === undefined ? null : (RECORD_OPTIONS[String(field)] ?? `--${String(field)}`);
  const message = option === null ? 'say --payment, or --account and --usd' : `${option}: ${issue.message}`;
  throw new CliFailure(EXIT.usage, 'invalid_option', message);
}

function check(parsed: { readonly success: boolean }, message: string): void {
  if (!parsed.success) throw new CliFailure(EXIT.usage, 'invalid_option', message);
}

interface StartOptions extends Common {
  readonly account: string;
  readonly usd: string;
  readonly driver?: string;
  readonly saveMethod?: boolean;
}

async function start(deps: CliDeps, options: StartOptions): Promise<void> {
  const body = {
    account_id: options.account,
    credit_nano: options.usd,
    save_method: options.saveMethod === true,
    ...(options.driver === undefined ? {} : { driver: options.driver }),
  };
  const { answer } = await ask(deps, options, { method: 'POST', path: '/control/v1/topups', body }, startedView);
  print(deps, options, answer, () => showStarted(answer, `${showUsd(answer.payment.credit_nano)} of credit`));
}

function showStarted({ payment, url }: z.output<typeof startedView>, bought: string): string {
  const what = `Payment ${payment.id}: ${showUsd(payment.amount_nano)} for ${bought}`;
  if (url !== null) return `${what} is to be paid at\n\n    ${url}\n\n`;
  return `${what}. When it arrives: candor payment record --payment ${payment.id} --reference ...\n`;
}

interface AutoOptions extends Common {
  readonly account: string;
  readonly below: string;
  readonly usd: string;
  readonly monthlyCap: string;
}

async function setAuto(deps: CliDeps, options: AutoOptions): Promise<void> {
  const body = {
    account_id: options.account,
    threshold_nano: options.below,
    credit_nano: options.usd,
    monthly_cap_nano: options.monthlyCap,
  };
  const { answer } = await ask(deps, options, { method: 'POST', path: '/control/v1/auto-topups', body }, autoTopupView);
  print(deps, options, answer, () => describe(answer));
}

async function askAuto(
  deps: CliDeps,
  options: Common & { account: string },
  method: 'GET' | 'POST',
  verb: string,
): Promise<void> {
  const path = `/control/v1/auto-topups/${encodeURIComponent(options.account)}${verb}`;
  const { answer } = await ask(deps, options, { method, path }, autoTopupView);
  print(deps, options, answer, () => describe(answer));
}

function describe(auto: AutoTopupView): string {
  const what = `${showUsd(auto.credit_nano)} when less than ${showUsd(auto.threshold_nano)} is available`;
  const cap = `${showUsd(auto.spent_nano)} of ${showUsd(auto.monthly_cap_nano)} charged in ${auto.month}`;
  const failed = auto.failures === 0 ? '' : `; declined ${auto.failures} times, last: ${auto.last_failure ?? ''}`;
  return `Automatic top-up of ${auto.account_id} is ${auto.state}: ${what}, by ${auto.method}; ${cap}${failed}.\n`;
}
