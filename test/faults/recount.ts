/**
 * An independent recount of the books: every balance from its transfers, every price from its tokens, every debit from
 * its event. It shares no code with the ledger, so that one mistake cannot hide in both.
 */
import { sql } from 'kysely';
import { openReader, type Reader } from '../../src/storage/sql/storage.ts';
import { USAGE } from '../world/upstream-script.ts';
import { type FaultAccount, type FaultRates, LIST_RATES } from './account.ts';

export interface Recount {
  /** What does not hold, in words; empty when the books are right. */
  readonly wrong: readonly string[];
  /** Requests that were charged. */
  readonly charged: number;
  /** All that was charged and not written off, nano-dollars. */
  readonly debited: bigint;
  /** Credit still set aside. */
  readonly holdsOpen: number;
}

interface TransferRow {
  readonly id: string;
  readonly debit: string;
  readonly credit: string;
  readonly amount: string;
  readonly subject: string | null;
}

interface EventRow {
  readonly id: string;
  readonly endpoint: string;
  readonly outcome: string;
  readonly model: string | null;
  readonly input: number | null;
  readonly cached: number | null;
  readonly output: number | null;
  readonly price: string | null;
  readonly off: string | null;
}

const WRONG_SHOWN_MAX = 10;

export async function recount(dataDir: string, account: FaultAccount): Promise<Recount> {
  const { reader, database } = openReader(dataDir);
  try {
    return await reader.transaction().execute((tables) => recountIn(tables, account));
  } finally {
    database.close();
  }
}

async function recountIn(tables: Reader, account: FaultAccount): Promise<Recount> {
  const rows = async <Row>(text: string) => (await sql.raw<Row>(text).execute(tables)).rows;
  const transfers = await rows<TransferRow>(
    'select id, debit, credit, cast(amount as text) as amount, subject from ledger_transfer',
  );
  const stored = await rows<{ id: string; owner: string | null; balance: string; floor: string | null }>(
    'select id, owner, cast(balance as text) as balance, cast(floor as text) as floor from ledger_account',
  );
  const events = await rows<EventRow>(
    `select id, endpoint, outcome, model_requested as model, input_tokens as input, cached_input_tokens as cached,
      output_tokens as output, cast(price_nano as text) as price, cast(written_off_nano as text) as off
      from usage_event`,
  );
  const [open] = await rows<{ count: number }>('select count(*) as count from ledger_hold');
  const wrong: string[] = [];
  const note = (text: string) => void (wrong.length < WRONG_SHOWN_MAX && wrong.push(text));
  const balances = balancesOf(transfers);
  checkBalances(balances, stored, note);
  const requests = transfersByRequest(transfers);
  let charged = 0;
  let debited = 0n;
  for (const event of events) {
    const paid = checkEvent(event, requests.get(event.id) ?? NO_TRANSFERS, note);
    requests.delete(event.id);
    if (paid > 0n) charged++;
    debited += paid;
  }
  const holdsOpen = open?.count ?? 0;
  if (holdsOpen === 0 && requests.size > 0) note(`transfers of requests without an event: ${[...requests.keys()][0]}`);
  const left = stored.filter((row) => row.owner === account.id).reduce((sum, row) => sum + BigInt(row.balance), 0n);
  const held = balances.get('holds') ?? 0n;
  if (holdsOpen === 0 && held !== 0n) note(`no hold is open, and ${held} is held`);
  if (left + held + debited !== account.granted) {
    note(`${account.granted} was given; ${left} left + ${held} held + ${debited} debited is ${left + held + debited}`);
  }
  return { wrong, charged, debited, holdsOpen };
}

function balancesOf(transfers: readonly TransferRow[]): Map<string, bigint> {
  const balances = new Map<string, bigint>();
  for (const { debit, credit, amount } of transfers) {
    balances.set(debit, (balances.get(debit) ?? 0n) - BigInt(amount));
    balances.set(credit, (balances.get(credit) ?? 0n) + BigInt(amount));
  }
  return balances;
}

function checkBalances(
  balances: ReadonlyMap<string, bigint>,
  stored: readonly { readonly id: string; readonly balance: string; readonly floor: string | null }[],
  note: (text: string) => void,
): void {
  const sum = stored.reduce((total, { balance }) => total + BigInt(balance), 0n);
  if (sum !== 0n) note(`the balances sum to ${sum}`);
  for (const { id, balance, floor } of stored) {
    const counted = balances.get(id) ?? 0n;
    if (BigInt(balance) !== counted) note(`${id} has ${balance}, and its transfers come to ${counted}`);
    if (floor !== null && BigInt(balance) < BigInt(floor)) note(`${id} has ${balance}, below its floor of ${floor}`);
  }
}

interface RequestTransfers {
  held: bigint;
  released: bigint;
  posted: bigint;
  writtenOff: bigint;
}

const NO_TRANSFERS: RequestTransfers = { held: 0n, released: 0n, posted: 0n, writtenOff: 0n };

/** By the request that `<request>:<what>:<n>` names. */
function transfersByRequest(transfers: readonly TransferRow[]): Map<string, RequestTransfers> {
  const requests = new Map<string, RequestTransfers>();
  for (const { id, amount } of transfers) {
    const [, request = '', what] = /^(req_[^:]+):(hold|post|release|write_off)/.exec(id) ?? [];
    if (what === undefined) continue;
    const one = requests.get(request) ?? { ...NO_TRANSFERS };
    requests.set(request, one);
    if (what === 'hold') one.held += BigInt(amount);
    else if (what === 'post') one.posted += BigInt(amount);
    else if (what === 'release') one.released += BigInt(amount);
    else one.writtenOff += BigInt(amount);
  }
  return requests;
}

/** An answer that was given before, as its `Idempotency-Key` says. */
const REPEAT = 'generations.repeat';
/** However these ended, what was produced is paid for. */
const PAID_FOR = new Set(['completed', 'disconnected', 'cancelled', 'cut']);

function saysWhatUpstreamSaid({ input, cached, output }: EventRow): boolean {
  return input === USAGE.inputTokens && cached === USAGE.cachedInputTokens && output === USAGE.outputTokens;
}

/** Compares one event with its tokens and its transfers; returns what was taken from the account. */
function checkEvent(event: EventRow, transfers: RequestTransfers, note: (text: string) => void): bigint {
  const { id, outcome, model, price } = event;
  const { held, released, posted, writtenOff } = transfers;
  const charged = BigInt(price ?? '0');
  if (held !== released + posted) note(`${id} held ${held}, and ${posted} posted + ${released} released is not that`);
  if (charged !== posted + writtenOff) note(`${id} was priced ${charged}, and ${posted} + ${writtenOff} was booked`);
  if (BigInt(event.off ?? '0') !== writtenOff) note(`${id} says ${event.off} was written off, and ${writtenOff} was`);
  if (outcome === 'recovered' && held > 0n && charged === 0n) note(`${id} was closed by a start for nothing`);
  if (event.endpoint === REPEAT) {
    if (charged > 0n || held > 0n) note(`${id} repeats an answer, and was charged`);
    return posted;
  }
  if (outcome === 'completed' && model === 'up' && !saysWhatUpstreamSaid(event)) note(`${id} has other counts`);
  const rates = LIST_RATES[model ?? ''];
  if (rates !== undefined && (charged > 0n || (PAID_FOR.has(outcome) && event.output !== null))) {
    const exact = priceOf(event, rates);
    // What a dead process left is charged no more than was held for it.
    const due = outcome === 'recovered' && exact > held ? held : exact;
    if (charged !== due) note(`${id} (${outcome}, ${model}) was priced ${charged}; its tokens cost ${due}`);
  }
  return posted;
}

const MILLION = 1_000_000n;

/** The exact price rounded up. */
function priceOf({ input, cached, output }: EventRow, rates: FaultRates): bigint {
  const cachedTokens = BigInt(cached ?? 0);
  const plainTokens = BigInt(input ?? 0) - cachedTokens;
  const parts =
    plainTokens * rates.input + cachedTokens * (rates.cacheRead ?? rates.input) + BigInt(output ?? 0) * rates.output;
  return (parts + MILLION - 1n) / MILLION;
}
