/** The table of the price book: how an entry is written, and how one that was written is believed. */
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { Price, PriceSubject, Rates } from '../price.ts';
import { checkRates, RATE_NAMES, RATE_UNITS } from './rates.ts';
import { subjectText } from './subject.ts';

type PriceTables = {
  ledger_price: {
    id: string;
    kind: 'list' | 'cost';
    model: string | null;
    target: string | null;
    provider: string | null;
    upstream_model: string | null;
    rates: string;
    free: number;
    effective_at_ms: number;
    created_at_ms: number;
    source: string;
    note: string | null;
  };
};

type PriceRow = PriceTables['ledger_price'];

/** An entry that cannot be charged by. Nothing may be served until it is mended. */
class BrokenPrice extends Error {
  override readonly name = 'BrokenPrice';
}

/** Every entry there ever was, oldest first. Throws `BrokenPrice` at the first that cannot be charged by. */
export async function readPrices(reader: Reader): Promise<Price[]> {
  const rows = await reader.withTables<PriceTables>().selectFrom('ledger_price').selectAll().orderBy('id').execute();
  return rows.map(fromRow);
}

export function insertPrice(price: Price): WriteStatement {
  const { subject } = price;
  const list = subject.kind === 'list' ? subject : null;
  const cost = subject.kind === 'cost' ? subject : null;
  return {
    sql: `insert into ledger_price (id, kind, model, target, provider, upstream_model, rates, free, effective_at_ms,
      created_at_ms, source, note) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    parameters: [
      price.id,
      subject.kind,
      list?.model ?? null,
      list?.target ?? null,
      cost?.provider ?? null,
      cost?.upstreamModel ?? null,
      JSON.stringify(Object.fromEntries(RATE_NAMES.map((name) => [name, price.rates[name]?.toString() ?? null]))),
      price.free ? 1 : 0,
      price.effectiveAtMs,
      price.createdAtMs,
      price.source,
      price.note,
    ],
    expectRows: 1,
  };
}

function fromRow(row: PriceRow): Price {
  const subject = subjectOf(row);
  const broken = (wrong: string) =>
    new BrokenPrice(
      `the price ${row.id} of ${subjectText(subject)} cannot be charged by: ${wrong}. Restore the database from a ` +
        'backup, or remove that row of ledger_price and set the price anew.',
    );
  const rates = readRates(row.rates);
  if (typeof rates === 'string') throw broken(rates);
  const wrong = checkRates(rates, row.free === 1);
  if (wrong !== null) throw broken(wrong);
  return {
    id: row.id,
    subject,
    rates,
    free: row.free === 1,
    effectiveAtMs: row.effective_at_ms,
    createdAtMs: row.created_at_ms,
    source: row.source,
    note: row.note,
  };
}

function subjectOf(row: PriceRow): PriceSubject {
  return row.kind === 'list'
    ? { kind: 'list', model: row.model ?? '', target: row.target }
    : { kind: 'cost', provider: row.provider, upstreamModel: row.upstream_model ?? '' };
}

/** The rates of a row, or what is wrong with them. */
function readRates(text: string): Rates | string {
  const stored = parse(text);
  if (stored === null) return 'its rates are no JSON object';
  const rates: Partial<Record<keyof Rates, bigint | null>> = {};
  for (const name of RATE_NAMES) {
    const value = stored[name];
    const optional = RATE_UNITS[name] === 'token' && name !== 'input' && name !== 'output';
    if (value === null && optional) rates[name] = null;
    else if (typeof value === 'string' && /^-?\d{1,19}$/.test(value)) rates[name] = BigInt(value);
    else return `${name} is absent or no whole number of nano-dollars`;
  }
  // Every name was visited, and only those that may be null are.
  return rates as Rates;
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
