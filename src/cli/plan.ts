import type { Command } from 'commander';
import {
  clawedBackView,
  planChangedView,
  type PlanChangedView,
  type PlanDetailView,
  planDetailView,
  type PlanListView,
  planListView,
  planQuoteView,
  releasedView,
  type SubscriptionView,
} from '../ledger/plans/contract.ts';
import { ask, withQuery } from './control.ts';
import { type CliDeps, CliFailure } from './deps.ts';
import { showUsd } from './money.ts';
import { type Common, print, readCount } from './options.ts';
import { formatTable, minuteOf } from './table.ts';

interface AccountOptions extends Common {
  readonly account: string;
}

interface OrderOptions extends AccountOptions {
  readonly plan?: string;
  readonly interval?: string;
  readonly seats?: number;
  readonly paidBy?: string;
  readonly id?: string;
}

interface StartOptions extends OrderOptions {
  readonly trial?: boolean;
}

const PAID_BY = '--paid-by <text>';
const PAID_BY_TEXT = 'money was received outside of Candor, such as "invoice 12": just what is due';
const ID_TEXT = 'names the payment; paying with it again changes nothing';

/** Adds `plan list|show|quote|start|change|seats|renew|cancel|resume`. */
export function addPlanVerbs(program: Command, deps: CliDeps, common: (command: Command) => Command): void {
  const plan = program.command('plan').description('plans of accounts: fees, seats, trials');
  const ofAccount = (name: string) => common(plan.command(name)).requiredOption('--account <id>', 'whose plan');
  common(plan.command('list'))
    .description('show the plans there are')
    .action((options: Common) => list(deps, options));
  ofAccount('show')
    .description("show an account's plan, its sign-up credit and everything that happened to both")
    .action((options: AccountOptions) => show(deps, options));
  addOrders(ofAccount, deps);
  ofAccount('renew')
    .description('take the fee of the next period, or of the one that is past due')
    .requiredOption(PAID_BY, PAID_BY_TEXT)
    .option('--id <text>', ID_TEXT)
    .action((options: OrderOptions) => change(deps, 'renew', options, paymentOf(options)));
  ofAccount('cancel')
    .description('end the plan with the period')
    .action((options: AccountOptions) => change(deps, 'cancel', options, {}));
  ofAccount('resume')
    .description('take a cancellation, or a change that waits for the next period, back')
    .action((options: AccountOptions) => change(deps, 'resume', options, {}));
}

function addOrders(ofAccount: (name: string) => Command, deps: CliDeps): void {
  ofAccount('quote')
    .description('say what a start or a change would cost now')
    .option('--plan <name>', 'the plan to start or to change to (default: as it is)')
    .option('--interval <interval>', 'month or year (default: as it is; of a start: month)')
    .option('--seats <number>', 'how many (default: as it is; of a start: the fewest of the plan)', readCount)
    .action((options: OrderOptions) => quote(deps, options));
  ofAccount('start')
    .description('begin a plan')
    .requiredOption('--plan <name>', 'the plan')
    .option('--interval <interval>', 'month or year (default: month)')
    .option('--seats <number>', 'how many (default: the fewest of the plan)', readCount)
    .option('--trial', 'without a fee for as long as the plan says, once for an account')
    .option(PAID_BY, PAID_BY_TEXT)
    .option('--id <text>', ID_TEXT)
    .action((options: StartOptions) => change(deps, 'start', options, startOf(options)));
  ofAccount('change')
    .description('go to another plan, interval or number of seats: to more now, to less with the next period')
    .option('--plan <name>', 'the plan (default: as it is)')
    .option('--interval <interval>', 'month or year (default: as it is)')
    .option('--seats <number>', 'how many (default: as it is)', readCount)
    .option(PAID_BY, PAID_BY_TEXT)
    .option('--id <text>', ID_TEXT)
    .action((options: OrderOptions) => change(deps, 'change', options, { ...orderOf(options), ...paymentOf(options) }));
  ofAccount('seats')
    .description('have more seats now, or fewer with the next period')
    .argument('<number>', 'how many in all', readCount)
    .option(PAID_BY, PAID_BY_TEXT)
    .option('--id <text>', ID_TEXT)
    .action((seats: number, options: OrderOptions) =>
      change(deps, 'change', options, { seats, ...paymentOf(options) }),
    );
}

/** Adds `credit release|clawback`, which are about the credit a plan promises at the start. */
export function addSignupVerbs(credit: Command, deps: CliDeps, common: (command: Command) => Command): void {
  common(credit.command('release'))
    .description('give an account the next part of its sign-up credit')
    .requiredOption('--account <id>', 'whose credit')
    .requiredOption('--tranche <number>', 'which part, from 1', readCount)
    .action((options: AccountOptions & { tranche: number }) => release(deps, options));
  common(credit.command('clawback'))
    .description('take sign-up credit back, for good: what is unspent and what was only promised')
    .requiredOption('--account <id>', 'whose credit')
    .requiredOption('--reason <text>', 'why, for the books')
    .action((options: AccountOptions & { reason: string }) => clawback(deps, options));
}

/** Starts a plan for an account that was made a moment ago. */
export async function startPlan(deps: CliDeps, options: StartOptions): Promise<SubscriptionView> {
  return (await askChange(deps, 'start', options, startOf(options))).subscription;
}

function startOf(options: StartOptions) {
  return { ...orderOf(options), ...(options.trial === true && { trial: true }), ...paymentOf(options) };
}

function orderOf({ plan, interval, seats }: OrderOptions) {
  return {
    ...(plan !== undefined && { plan }),
    ...(interval !== undefined && { interval }),
    ...(seats !== undefined && { seats }),
  };
}

function paymentOf({ paidBy, id }: OrderOptions) {
  return { ...(paidBy !== undefined && { paid_by: paidBy }), ...(id !== undefined && { payment_id: id }) };
}

function pathOf(account: string, rest: string): string {
  return `/control/v1/accounts/${encodeURIComponent(account)}/${rest}`;
}

async function askChange(deps: CliDeps, verb: string, options: AccountOptions, body: object): Promise<PlanChangedView> {
  const path = pathOf(options.account, `plan/${verb}`);
  const asked = ask(deps, options, { method: 'POST', path, body }, planChangedView).catch((error: unknown) => {
    throw error instanceof CliFailure && error.reason === 'payment_required' ? withWayToPay(error) : error;
  });
  return (await asked).answer;
}

/** The service says what is due; whoever typed wants to know how that is told to it. */
function withWayToPay(failure: CliFailure): CliFailure {
  const message = `${failure.message}; say what paid it with --paid-by, or ask for the money with: candor payment subscribe`;
  return new CliFailure(failure.exitCode, failure.reason, message, { cause: failure });
}

async function change(deps: CliDeps, verb: string, options: AccountOptions, body: object): Promise<void> {
  const { subscription, repeated } = await askChange(deps, verb, options, body);
  print(deps, options, { ...subscription, repeated }, () => {
    return `${describe(subscription)}${repeated ? ' (nothing was changed now)' : ''}\n`;
  });
}

/** `acct_... is on plus (month, 1 seat), active until 2026-12-22T...`. */
export function describe(one: SubscriptionView): string {
  const what = `${one.account_id} is on ${shareText(one)}`;
  if (one.state === 'ended') return `${what}: ended`;
  const state = one.state === 'past_due' ? 'past due since' : `${one.state} until`;
  const next = one.next === null ? '' : `, then ${shareText(one.next)}`;
  const then = one.cancel_at_period_end ? ', then cancelled' : next;
  return `${what}, ${state} ${one.period_end}${one.paid_ahead ? ', the next period is paid' : ''}${then}`;
}

/** `plus (month, 1 seat)` */
function shareText({ plan, interval, seats }: { plan: string; interval: string; seats: number }): string {
  return `${plan} (${interval}, ${seats === 1 ? '1 seat' : `${seats} seats`})`;
}

async function quote(deps: CliDeps, options: OrderOptions): Promise<void> {
  const path = withQuery(pathOf(options.account, 'plan/quote'), orderOf(options));
  const { answer } = await ask(deps, options, { method: 'GET', path }, planQuoteView);
  print(deps, options, answer, () => {
    const when = answer.effective === 'now' ? 'now' : 'with the next period';
    return `${showUsd(answer.due_nano)} due now; it begins ${when}, and its whole fee is ${showUsd(answer.fee_nano)} a period.\n`;
  });
}

/** The plans there are; only a running service knows them. */
export async function readPlans(deps: CliDeps, options: Common): Promise<PlanListView['data']> {
  return (await ask(deps, options, { method: 'GET', path: '/control/v1/plans' }, planListView)).answer.data;
}

async function list(deps: CliDeps, options: Common): Promise<void> {
  const answer = { data: await readPlans(deps, options) };
  print(deps, options, answer, () => showPlans(answer));
}

function showPlans({ data }: PlanListView): string {
  const fee = (nano: string | null) => (nano === null ? '-' : showUsd(nano));
  return formatTable(
    ['PLAN', 'MONTH', 'YEAR', 'SEATS', 'CREDIT A MONTH', 'AT SIGN-UP', 'TRIAL', 'MARGIN'],
    data.map((plan) => [
      plan.name,
      fee(plan.month_nano),
      fee(plan.year_nano),
      plan.seats.min === plan.seats.max ? String(plan.seats.min) : `${plan.seats.min}-${plan.seats.max}`,
      showUsd(plan.included_credit_nano),
      plan.signup_tranches_nano.map(showUsd).join(' ') || '-',
      plan.trial_days === 0 ? '-' : `${plan.trial_days} days`,
      `${plan.margin_bp / 100}%`,
    ]),
  );
}

async function show(deps: CliDeps, options: AccountOptions): Promise<void> {
  const { answer } = await ask(deps, options, { method: 'GET', path: pathOf(options.account, 'plan') }, planDetailView);
  print(deps, options, answer, () => showDetail(answer));
}

function showDetail({ account_id: id, subscription, signup, events }: PlanDetailView): string {
  const lines = [subscription === null ? `${id} has no plan; it is treated as on free` : describe(subscription)];
  if (signup !== null) {
    const parts = signup.tranches_nano.map((nano, at) => {
      return `${at + 1}: ${showUsd(nano)}${signup.released.includes(at + 1) ? ' released' : ''}`;
    });
    const gone = signup.clawed_back_at === null ? '' : `; taken back ${signup.clawed_back_at}`;
    lines.push(`sign-up credit  ${parts.join(', ')}${gone}`);
  }
  if (events.length === 0) return `${lines.join('\n')}\n`;
  const rows = events.map((one) => [
    minuteOf(one.at),
    one.kind,
    `${one.plan} x${one.seats}`,
    one.interval,
    one.state,
    showUsd(one.fee_nano),
    one.paid_nano === null ? '-' : showUsd(one.paid_nano),
    one.note ?? '-',
  ]);
  const head = ['AT (UTC)', 'WHAT', 'PLAN', 'INTERVAL', 'STATE', 'FEE', 'PAID', 'NOTE'];
  return `${lines.join('\n')}\n\n${formatTable(head, rows)}`;
}

async function release(deps: CliDeps, options: AccountOptions & { tranche: number }): Promise<void> {
  const path = pathOf(options.account, 'credit/release');
  const body = { tranche: options.tranche };
  const { answer } = await ask(deps, options, { method: 'POST', path, body }, releasedView);
  print(deps, options, answer, () => {
    const what = `Part ${answer.tranche} of ${showUsd(answer.amount_nano)} (${answer.grant_id})`;
    return answer.repeated ? `${what} was released before.\n` : `${what} is released.\n`;
  });
}

async function clawback(deps: CliDeps, options: AccountOptions & { reason: string }): Promise<void> {
  const path = pathOf(options.account, 'credit/clawback');
  const body = { reason: options.reason };
  const { answer } = await ask(deps, options, { method: 'POST', path, body }, clawedBackView);
  print(
    deps,
    options,
    answer,
    () => `${showUsd(answer.grants_nano)} of credit and ${showUsd(answer.envelope_nano)} of promises are taken back.\n`,
  );
}
