import type { Clock } from '../../base/clock.ts';
import { formatUsd, type Nano, smaller } from '../../base/money.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import { readPaidBy } from '../books/paid-by.ts';
import { grantAccount, type HouseAccount } from '../chart.ts';
import type { Grant, GrantBalance, GrantKind, Ledger, Posting, Slice } from '../ledger.ts';
import { type Correction, correctionPrefix, readCorrections } from './read.ts';

/** What a correction asks of whoever keeps the records of requests. */
export interface ChargedRequest {
  readonly id: string;
  readonly accountId: string | null;
  readonly product: string | null;
  readonly modelRequested: string | null;
}

export interface CorrectionDeps {
  readonly reader: Reader;
  readonly ledger: Pick<Ledger, 'post' | 'balance'>;
  readonly findRequest: (id: string) => Promise<ChargedRequest | null>;
  readonly clock: Clock;
}

export interface CorrectionOrder {
  readonly requestId: string;
  /** Above zero gives credit back, below zero charges more. */
  readonly amount: Nano;
  /** For people and the books. */
  readonly reason: string;
  /** Which correction of the request it is, from 1, so that sending it again corrects once; left out: the next one. */
  readonly number?: number | null;
}

export interface CorrectionRefusal {
  readonly reason: 'request_not_found' | 'correction_too_large' | 'credit_insufficient' | 'correction_conflict';
  readonly message: string;
}

/** Credit that is given back can be spent for this long at least: 30 days. */
const RESTORED_MS_MIN = 30 * 86_400_000;

const EARNED = { paid: 'earnings', promo: 'earnings_promo' } as const satisfies Record<GrantKind, HouseAccount>;

/**
 * Corrects what a request was charged by a new posting of this moment; what was booked stays as it is. Giving back makes
 * a new grant for each that had paid, on its terms, and never gives back more than was paid. Charging more takes it from
 * the grants the request could be paid with now. Durable once it resolves.
 */
export function createCorrections({ reader, ledger, findRequest, clock }: CorrectionDeps) {
  async function correct(order: CorrectionOrder): Promise<Result<Correction, CorrectionRefusal>> {
    const request = await findRequest(order.requestId);
    if (request === null || request.accountId === null) return refuse(notFound(order.requestId));
    const { accountId } = request;
    const earlier = await readCorrections(reader, request.id);
    const number = order.number ?? earlier.length + 1;
    const known = earlier[number - 1];
    if (known) return isSame(known, order) ? ok(known) : refuse(CONFLICT);
    if (number !== earlier.length + 1) return refuse(CONFLICT);
    const { grants } = await ledger.balance(accountId);
    const draft =
      order.amount > 0n
        ? giveBack(order.amount, await readPaidBy(reader, request.id), earlier, grants)
        : chargeMore(-order.amount, request, grants);
    if (!draft.ok) return draft;
    const id = `${correctionPrefix(request.id)}${number}`;
    const posting = order.amount > 0n ? restoring(id, draft.value, clock.wallMs()) : charging(draft.value);
    const common = { id, kind: 'correction', accountId, note: order.reason } as const;
    const posted = await ledger.post({ ...common, ...posting });
    if (!posted.ok && posted.refusal.reason === 'insufficient') return refuse(insufficient(posted.refusal.available));
    const made = (await readCorrections(reader, request.id)).find((one) => one.id === id);
    // The same amount for another reason is another correction, and was not made.
    if (!posted.ok || made === undefined || !isSame(made, order)) return refuse(CONFLICT);
    return ok(made);
  }

  return { correct, list: (requestId: string) => readCorrections(reader, requestId) };
}

function isSame(made: Correction, order: CorrectionOrder): boolean {
  return made.amount === order.amount && made.reason === order.reason;
}

export type Corrections = ReturnType<typeof createCorrections>;

/** One grant's part in a correction. */
interface Part {
  readonly grant: Grant;
  readonly amount: Nano;
}

/** Undoes the payment from its end: the grant that paid last gets its part back first. */
function giveBack(
  amount: Nano,
  paid: readonly Slice[],
  earlier: readonly Correction[],
  grants: readonly GrantBalance[],
): Result<Part[], CorrectionRefusal> {
  const restored = restoredByGrant(earlier);
  const parts: Part[] = [];
  let rest = amount;
  let most = 0n;
  for (const { grantId, amount: had } of paid.toReversed()) {
    const grant = grants.find((one) => one.id === grantId);
    const left = had - (restored.get(grantId) ?? 0n);
    most += left;
    const part = smaller(rest, left);
    if (grant === undefined || part <= 0n) continue;
    parts.push({ grant, amount: part });
    rest -= part;
  }
  return rest === 0n ? ok(parts) : refuse(tooLarge(most));
}

/** Restored grants are named after the grant that had paid, see `restoredId`. */
function restoredByGrant(earlier: readonly Correction[]): ReadonlyMap<string, Nano> {
  const restored = new Map<string, Nano>();
  for (const { amount, grants } of earlier) {
    if (amount < 0n) continue;
    for (const { grantId, amount: part } of grants) {
      const original = grantId.slice(grantId.indexOf(RESTORES) + RESTORES.length);
      restored.set(original, (restored.get(original) ?? 0n) + part);
    }
  }
  return restored;
}

const RESTORES = ':restores:';

function restoredId(correctionId: string, grantId: string): string {
  return `${correctionId}${RESTORES}${grantId}`;
}

function restoring(id: string, parts: readonly Part[], nowMs: number): Pick<Posting, 'grants' | 'transfers'> {
  const grants = parts.map(({ grant }) => restoredGrant(restoredId(id, grant.id), grant, nowMs));
  const transfers = parts.map(({ grant, amount }) => ({
    debit: EARNED[grant.kind],
    credit: grantAccount(restoredId(id, grant.id)),
    amount,
  }));
  return { grants, transfers };
}

/** On the terms of the grant that had paid, but never gone before anybody can spend it. */
function restoredGrant(id: string, grant: Grant, nowMs: number): Grant {
  const { accountId, kind, priority, models, products, paymentId } = grant;
  return {
    id,
    accountId,
    kind,
    source: 'restored',
    priority,
    startsAtMs: nowMs,
    expiresAtMs: grant.expiresAtMs === null ? null : Math.max(grant.expiresAtMs, nowMs + RESTORED_MS_MIN),
    models,
    products,
    reason: `given back of ${grant.id}`,
    paymentId,
    createdAtMs: nowMs,
  };
}

function chargeMore(
  amount: Nano,
  request: ChargedRequest,
  grants: readonly GrantBalance[],
): Result<Part[], CorrectionRefusal> {
  const parts: Part[] = [];
  let rest = amount;
  for (const grant of grants) {
    const part = smaller(rest, grant.available);
    if (grant.state !== 'active' || part <= 0n || !covers(grant, request)) continue;
    parts.push({ grant, amount: part });
    rest -= part;
  }
  return rest === 0n ? ok(parts) : refuse(insufficient(amount - rest));
}

function covers({ models, products }: Grant, { modelRequested, product }: ChargedRequest): boolean {
  return (models?.includes(modelRequested ?? '') ?? true) && (products?.includes(product ?? '') ?? true);
}

function charging(parts: readonly Part[]): Pick<Posting, 'transfers'> {
  return {
    transfers: parts.map(({ grant, amount }) => ({
      debit: grantAccount(grant.id),
      credit: EARNED[grant.kind],
      amount,
    })),
  };
}

function notFound(id: string): CorrectionRefusal {
  return { reason: 'request_not_found', message: `there is no record of a request ${id} that an account made` };
}

function tooLarge(most: Nano): CorrectionRefusal {
  const message = `at most ${formatUsd(most)} US dollars of what credit paid for it are left to give back`;
  return { reason: 'correction_too_large', message };
}

function insufficient(available: Nano): CorrectionRefusal {
  const message = `the account has ${formatUsd(available)} US dollars it could be taken from`;
  return { reason: 'credit_insufficient', message };
}

const CONFLICT: CorrectionRefusal = {
  reason: 'correction_conflict',
  message: 'that correction of the request is another one; look at its receipt and try again with the next number',
};
