/** What a hold turns into when it ends, as plain transfers. */
import { type Nano, smaller } from '../../base/money.ts';
import { grantAccount, type LedgerAccountId } from '../chart.ts';
import type { Charge } from '../ledger.ts';
import type { Part, Pocket } from './purse.ts';
import type { Entry } from './statements.ts';

/** A part of a hold with the number its transfer's id ends with. */
export interface NumberedPart extends Part {
  readonly at: number;
}

/** What one grant gave to a hold, and what of it is posted. */
export interface Share {
  readonly pocket: Pocket;
  readonly amount: Nano;
  readonly posted: Nano;
}

/** What every transfer of one request has in common. */
export interface RequestFacts {
  readonly id: string;
  readonly accountId: string | null;
  readonly atMs: number;
}

/** The parts by grant, in the order in which the grants were first used; the price is posted from them in that order. */
export function shareOut(parts: readonly Part[], price: Nano): Share[] {
  const amounts = new Map<Pocket, Nano>();
  for (const { pocket, amount } of parts) amounts.set(pocket, (amounts.get(pocket) ?? 0n) + amount);
  let rest = price;
  return [...amounts].map(([pocket, amount]) => {
    const posted = smaller(rest, amount);
    rest -= posted;
    return { pocket, amount, posted };
  });
}

export function postedOf(shares: readonly Share[]): Nano {
  return shares.reduce((sum, { posted }) => sum + posted, 0n);
}

export function holdEntries(request: RequestFacts, parts: readonly NumberedPart[]): Entry[] {
  return parts.map(({ at, amount, pocket: { grant } }) =>
    entry(request, `hold:${at}`, 'hold', [grantAccount(grant.id), 'holds'], amount, grant.id),
  );
}

/** The price posted from the shares, their rest given back, and what neither covers written off. */
export function settlementEntries(request: RequestFacts, shares: readonly Share[], charge: Charge | null): Entry[] {
  const entries = shares.flatMap((share, at) => shareEntries(request, share, at));
  if (charge === null) return entries;
  const writtenOff = charge.price - postedOf(shares);
  if (writtenOff > 0n) {
    entries.push(entry(request, 'write_off', 'write_off', ['write_off', 'earnings'], writtenOff, null));
  }
  if (charge.price > 0n && charge.rounding > 0n) {
    const last = shares.findLast(({ posted }) => posted > 0n);
    const from = writtenOff === 0n && last?.pocket.grant.kind === 'promo' ? 'earnings_promo' : 'earnings';
    entries.push(entry(request, 'rounding', 'rounding', [from, 'rounding'], charge.rounding, null));
  }
  if (charge.cost !== null && charge.cost > 0n) entries.push(costEntry(request, charge.cost));
  return entries;
}

/** What an upstream charges for a request. */
export function costEntry(request: RequestFacts, cost: Nano): Entry {
  return entry(request, 'cost', 'cost', ['provider_cost', 'provider_payable'], cost, null);
}

/** What memory gets back once the settlement is on the disk. */
export function applyShares(shares: readonly Share[]): void {
  for (const { pocket, amount, posted } of shares) {
    pocket.held -= amount;
    pocket.available += amount - posted;
  }
}

export function paidParts(shares: readonly Share[]): Part[] {
  return shares.flatMap(({ pocket, posted }) => (posted > 0n ? [{ pocket, amount: posted }] : []));
}

function shareEntries(request: RequestFacts, { pocket: { grant }, amount, posted }: Share, at: number): Entry[] {
  const earned = grant.kind === 'paid' ? 'earnings' : 'earnings_promo';
  const back = grantAccount(grant.id);
  const rest = amount - posted;
  return [
    ...(posted > 0n ? [entry(request, `post:${at}`, 'post', ['holds', earned], posted, grant.id)] : []),
    ...(rest > 0n ? [entry(request, `release:${at}`, 'release', ['holds', back], rest, grant.id)] : []),
  ];
}

function entry(
  { id, accountId, atMs }: RequestFacts,
  suffix: string,
  kind: Entry['kind'],
  [debit, credit]: readonly [LedgerAccountId, LedgerAccountId],
  amount: Nano,
  grantId: string | null,
): Entry {
  return { id: `${id}:${suffix}`, atMs, kind, debit, credit, amount, accountId, subject: id, grantId, note: null };
}
