import type { ApiKey } from '../../accounts/index.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import { type Nano, smaller } from '../../base/money.ts';
import type { BudgetTake, Hold, HoldRefusal, Quote } from '../../ledger/index.ts';
import { type Bill, freeBill } from '../money/bill.ts';
import type { Refusal } from '../refusal.ts';
import type { Model } from '../routing/router.ts';
import type { Call } from './call.ts';
import type { PipelineDeps } from './deps.ts';
import { explainBudget, explainHold, explainQuote } from './explain-money.ts';
import type { Ask } from './job.ts';

/** Output a stream is let in with at least, and by which its hold grows. */
export const CHUNK_TOKENS = 256;
/** Reserved where neither caller nor configuration sets a limit. */
export const OPEN_OUTPUT_TOKENS = 16_384;

export interface Asked {
  readonly key: ApiKey;
  readonly app: string | null;
  readonly ask: Ask;
  readonly model: Model;
  /** Output tokens such answers tend to take. */
  readonly reservedOutput: number;
}

/**
 * Fixes the price of a request and sets its credit aside, in memory: the first step of each must then be written. A
 * stream holds what such answers tend to cost, because its hold can grow while it runs. A whole answer cannot be stopped
 * midway, so it holds the most it may cost; where there is less than that, half of what there is, and its output is
 * limited to what that pays for. Either is let in with less still, down to one chunk of output.
 */
export async function setAside(call: Call, asked: Asked, deps: PipelineDeps): Promise<Result<Bill, Refusal>> {
  const { key, ask, model, reservedOutput } = asked;
  const terms = deps.terms.termsOf(key.accountId);
  if (terms.billing === 'house') return ok(freeBill(ask.images));
  const { marginBp } = terms;
  const quoted = deps.prices.quote({ model: model.alias, targets: model.quoted, marginBp });
  if (!quoted.ok) return refuse(explainQuote(quoted.refusal));
  const quote = quoted.value;
  const outputLimit = limitOf(ask, model);
  const output = ask.streamed ? reservedOutput : openOutput(ask, outputLimit);
  const price = (tokens: number) => quote.bound({ input: ask.inputTokens, output: tokens }, ask.images);
  const common = { quote, marginBp, images: ask.images, outputLimit };
  const need = price(output);
  if (need === 0n) return ok({ ...common, hold: null, take: null, coveredOutput: Infinity, outputMax: null });
  const amounts = {
    need,
    usual: price(Math.min(output, reservedOutput)),
    least: price(Math.min(output, CHUNK_TOKENS)),
  };
  const held = await holdCredit(call, asked, amounts, deps);
  if (!held.ok) return refuse(explainHold(held.refusal));
  const hold = held.value;
  const taken = takeBudgets(call, asked, hold, amounts.least, deps);
  if (!taken.ok) {
    hold.open.kept(false);
    return taken;
  }
  const take = taken.value;
  const amount = take.cutTo ?? hold.held();
  const covered = amount >= need ? output : affordable(quote, ask, amount);
  const outputMax = ask.streamed || covered >= output ? null : perChoice(covered, ask);
  return ok({ ...common, hold, take, coveredOutput: covered, outputMax });
}

/** Nano-dollars of what is wanted, of what such requests tend to cost, and of what will do. */
interface Amounts {
  readonly need: Nano;
  readonly usual: Nano;
  readonly least: Nano;
}

async function holdCredit(
  call: Call,
  { key, ask, model }: Asked,
  { need, usual, least }: Amounts,
  deps: PipelineDeps,
): Promise<Result<Hold, HoldRefusal>> {
  const order = {
    id: call.id,
    accountId: key.accountId,
    model: model.alias,
    product: key.product,
    signal: call.request.signal,
  };
  const waitMs = deps.config.pricing.holdWaitMs;
  if (ask.streamed) return deps.ledger.hold({ ...order, need, least, waitMs });
  const most = await deps.ledger.hold({ ...order, need, least: need, waitMs: 0 });
  if (most.ok || most.refusal.reason !== 'credit_exhausted') return most;
  // Half of it each time, so that one answer that might be long does not keep all others of its account waiting.
  const half = most.refusal.available / 2n;
  const some = smaller(need, half > usual ? half : usual);
  return deps.ledger.hold({ ...order, need: some > least ? some : least, least, waitMs });
}

/** The budgets' share of what is held; where one has no room for all of it, the room there is will do. */
function takeBudgets(
  call: Call,
  { key, app }: Asked,
  hold: Hold,
  least: Nano,
  deps: PipelineDeps,
): Result<BudgetTake, Refusal> {
  const owner = { accountId: key.accountId, keyId: key.originId, app, member: key.member };
  const amount = hold.held();
  const taken = deps.budgets.take({ requestId: call.id, ...owner, amount, least: smaller(least, amount) });
  return taken.ok ? taken : refuse(explainBudget(taken.refusal));
}

/** The most output tokens that can come of this, all choices together; infinite when nothing limits them. */
function limitOf(ask: Ask, model: Model): number {
  if (!ask.output) return 0;
  const { maxOutputTokens, contextTokens } = model.config;
  const room = contextTokens === null ? Infinity : Math.max(1, contextTokens - ask.inputTokens);
  return ask.output.choices * Math.min(ask.output.maxTokens ?? Infinity, maxOutputTokens ?? Infinity, room);
}

/** What is held for a whole answer that nothing limits: a longer one takes the rest of its price where it finds it. */
function openOutput(ask: Ask, outputLimit: number): number {
  return outputLimit === Infinity ? (ask.output?.choices ?? 0) * OPEN_OUTPUT_TOKENS : outputLimit;
}

const MILLION = 1_000_000;

/** Output tokens that `amount` pays for beside the prompt. */
function affordable(quote: Quote, ask: Ask, amount: Nano): number {
  return tokensFor(quote, amount - quote.bound({ input: ask.inputTokens, output: 0 }, ask.images));
}

/** Output tokens that `amount` pays for, rounded down. */
export function tokensFor(quote: Quote, amount: Nano): number {
  const million = quote.output(MILLION);
  if (million === 0n) return Infinity;
  return amount <= 0n ? 0 : Number((amount * BigInt(MILLION)) / million);
}

function perChoice(tokens: number, ask: Ask): number {
  return Math.max(1, Math.floor(tokens / (ask.output?.choices ?? 1)));
}

/** Of a request that goes no further: nothing was written of it yet. */
export function giveBack({ hold, take }: Bill): void {
  hold?.open.kept(false);
  take?.open.kept(false);
}
