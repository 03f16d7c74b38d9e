import type { ApiKey } from '../../accounts/index.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Nano } from '../../base/money.ts';
import type { BudgetTake, Hold, HoldRefusal, Quote } from '../../ledger/index.ts';
import { type Bill, freeBill } from '../money/bill.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { Model } from '../routing/router.ts';
import type { Call } from './call.ts';
import type { PipelineDeps } from './deps.ts';
import { explainBudget, explainHold, explainQuote } from './explain-money.ts';
import type { Ask } from './job.ts';

/** Output by which a hold grows while an answer is produced. */
export const CHUNK_TOKENS = 256;
/** Output an answer is let in with at least, if it may be so long. */
const LEAST_TOKENS = 16;
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
 * stream holds what such answers tend to cost, because its hold can grow while it runs; a whole answer holds the most it
 * may cost. Where there is less than that, either begins with a chunk of output or what there is, leaves the rest to
 * others of its account, and grows while it is produced.
 */
export async function setAside(call: Call, asked: Asked, deps: PipelineDeps): Promise<Result<Bill, Refusal>> {
  const { key, ask, model, reservedOutput } = asked;
  const terms = deps.terms.termsOf(key.accountId);
  if (terms.billing === 'house') return ok(freeBill(ask.images));
  if (ask.serviceTier !== null && !PRICED_TIERS.has(ask.serviceTier)) return refuse(tierUnpriced());
  const { marginBp } = terms;
  const quoted = deps.prices.quote({ model: model.alias, targets: model.quoted, marginBp });
  if (!quoted.ok) return refuse(explainQuote(quoted.refusal));
  const quote = quoted.value;
  const outputLimit = limitOf(ask, model);
  const output = ask.streamed ? reservedOutput : openOutput(ask, outputLimit);
  const price = (tokens: number) => quote.bound({ input: heldInput(ask), output: tokens }, ask.images);
  const common = { quote, marginBp, images: ask.images, outputLimit };
  const need = price(output);
  if (need === 0n) return ok({ ...common, hold: null, take: null, coveredOutput: Infinity, short: false });
  const amounts = {
    need,
    chunk: price(Math.min(output, CHUNK_TOKENS)),
    least: price(Math.min(output, LEAST_TOKENS)),
  };
  const held = await holdCredit(call, asked, amounts, deps);
  if (!held.ok) return refuse(explainHold(held.refusal, deps.freePace.waitMs(key.accountId)));
  const hold = held.value;
  const taken = takeBudgets(call, asked, hold, amounts.least, deps);
  if (!taken.ok) {
    hold.open.kept(false);
    return taken;
  }
  const take = taken.value;
  const amount = take.cutTo ?? hold.held();
  const short = amount < need;
  return ok({ ...common, hold, take, short, coveredOutput: short ? affordable(quote, ask, amount) : output });
}

/** Tiers that cost what the price book says, or less. Others cost more, and nobody else would pay for that. */
const PRICED_TIERS: ReadonlySet<string> = new Set(['auto', 'default', 'flex', 'standard_only']);

function tierUnpriced(): Refusal {
  const where = { where: 'accounts that pay from credit', where_zh: '按额度付费的账户' };
  return refusal('unsupported_field', where, { param: 'service_tier' });
}

/** Nano-dollars of what is wanted, of what is enough to begin with, and of what will do. */
interface Amounts {
  readonly need: Nano;
  readonly chunk: Nano;
  readonly least: Nano;
}

async function holdCredit(
  call: Call,
  { key, model }: Asked,
  { need, chunk, least }: Amounts,
  deps: PipelineDeps,
): Promise<Result<Hold, HoldRefusal>> {
  const order = {
    id: call.id,
    accountId: key.accountId,
    model: model.alias,
    product: key.product,
    signupMost: () => deps.freePace.headroom(key.accountId),
    signal: call.request.signal,
  };
  const all = await deps.ledger.hold({ ...order, need, least: need, waitMs: 0 });
  if (all.ok || all.refusal.reason === 'aborted') return all;
  return deps.ledger.hold({ ...order, need: chunk, least, waitMs: deps.config.pricing.holdWaitMs });
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
  const taken = deps.budgets.take({ requestId: call.id, ...owner, amount, least: least });
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

/** Our count of a prompt is an estimate: an upstream that counts a little more must still find its price held. */
function heldInput({ inputTokens }: Ask): number {
  return Math.ceil(inputTokens * 1.1) + 16;
}

const MILLION = 1_000_000;

/** Output tokens that `amount` pays for beside the prompt. */
function affordable(quote: Quote, ask: Ask, amount: Nano): number {
  return tokensFor(quote, amount - quote.bound({ input: heldInput(ask), output: 0 }, ask.images));
}

/** Output tokens that `amount` pays for, rounded down. */
export function tokensFor(quote: Quote, amount: Nano): number {
  const million = quote.output(MILLION);
  if (million === 0n) return Infinity;
  return amount <= 0n ? 0 : Number((amount * BigInt(MILLION)) / million);
}

/** Of a request that goes no further: nothing was written of it yet. */
export function giveBack({ hold, take }: Bill): void {
  hold?.open.kept(false);
  take?.open.kept(false);
}
