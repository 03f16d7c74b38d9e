/** Credit that ran towards its end while its account was stopped wrongly lasts longer by the time that was lost. */
import { sql } from 'kysely';
import type { Clock } from '../../base/clock.ts';
import { fromSqlText, type Nano } from '../../base/money.ts';
import type { Reader, Storage } from '../../storage/sql/storage.ts';
import { grantAccount, type LedgerAccountId } from '../chart.ts';
import type { Grant, GrantBalance, Ledger, Transfer } from '../ledger.ts';

/** Wall milliseconds between which nothing of an account could be spent. */
export interface LostSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface LostTime {
  readonly accountId: string;
  /** The earliest first; they do not overlap. */
  readonly spans: readonly LostSpan[];
}

export interface ProlongOrder extends LostTime {
  /** Names it for ever: the same again does nothing more. At most 64 of `A-Za-z0-9._-`. */
  readonly id: string;
  /** For people and the books. */
  readonly reason: string;
}

/** What of a grant lasts longer. */
export interface Prolonged {
  readonly grantId: string;
  readonly amount: Nano;
  readonly expiresAtMs: number;
}

export interface Prolongation {
  /** What would be prolonged now. */
  find(lost: LostTime): Promise<readonly Prolonged[]>;
  /** Durable when it resolves, with how many grants last longer, those of an earlier call included. */
  prolong(order: ProlongOrder): Promise<number>;
}

interface Part extends Prolonged {
  readonly grant: GrantBalance;
  /** Where what was left of it went when it expired; null where it still lies in the grant. */
  readonly swept: LedgerAccountId | null;
}

/**
 * A grant never changes, so what is left of it moves into one on the same terms that ends later; what expired in the
 * meantime comes back. Sign-up credit is left to those who release it.
 */
export function createProlongation(deps: {
  readonly storage: Pick<Storage, 'reader'>;
  readonly ledger: Pick<Ledger, 'balance' | 'post'>;
  readonly clock: Clock;
}): Prolongation {
  const { storage, ledger, clock } = deps;

  async function partsOf({ accountId, spans }: LostTime): Promise<Part[]> {
    const [first] = spans;
    if (first === undefined) return [];
    const { grants } = await ledger.balance(accountId);
    const expired = await readExpired(storage.reader, accountId, first.fromMs);
    const came = new Set(grants.flatMap(({ id }) => id.split(PROLONGS).slice(1).join(PROLONGS) || []));
    return grants.flatMap((grant): Part[] => {
      const { id, source, expiresAtMs } = grant;
      const later = endOf(grant, spans);
      if (source === 'signup' || later === null || later === expiresAtMs) return [];
      const to = { grant, grantId: id, expiresAtMs: later };
      if (grant.available > 0n) return [{ ...to, amount: grant.available, swept: null }];
      const swept = expired.get(id);
      return swept === undefined || came.has(id) ? [] : [{ ...to, ...swept }];
    });
  }

  return {
    find: partsOf,
    async prolong(order) {
      for (const { grant, grantId, amount, expiresAtMs, swept } of await partsOf(order)) {
        const id = nameOf(order.id, grantId);
        if (grantId.startsWith(nameOf(order.id, ''))) continue;
        await ledger.post({
          id: `${id}:moved`,
          kind: 'correction',
          accountId: order.accountId,
          transfers: moving(grant, { to: id, amount, swept }),
          grants: [prolonged(grant, { id, expiresAtMs, nowMs: clock.wallMs(), reason: order.reason })],
          note: order.reason,
        });
      }
      const { grants } = await ledger.balance(order.accountId);
      return grants.filter(({ id }) => id.startsWith(nameOf(order.id, ''))).length;
    },
  };
}

/** When it would have ended, had it not run while nobody could spend it; null for what never ends. */
function endOf({ startsAtMs, expiresAtMs }: Grant, spans: readonly LostSpan[]): number | null {
  let end = expiresAtMs;
  for (const { fromMs, toMs } of spans) {
    if (end !== null && end > fromMs && startsAtMs < toMs) end += toMs - Math.max(fromMs, startsAtMs);
  }
  return end;
}

const PROLONGS = ':prolongs:';

function nameOf(orderId: string, grantId: string): string {
  return `grant_${orderId}${PROLONGS}${grantId}`;
}

/** A transfer names one grant, so what moves from one to another goes by where it would go when it expires. */
function moving(
  { id, kind }: Grant,
  { to, amount, swept }: { readonly to: string; readonly amount: Nano; readonly swept: LedgerAccountId | null },
): Transfer[] {
  const by = swept ?? (kind === 'paid' ? 'breakage' : 'promo_expense');
  const given = { debit: by, credit: grantAccount(to), amount };
  return swept === null ? [{ debit: grantAccount(id), credit: by, amount }, given] : [given];
}

function prolonged(
  grant: Grant,
  to: { readonly id: string; readonly expiresAtMs: number; readonly nowMs: number; readonly reason: string },
): Grant {
  const { accountId, kind, priority, startsAtMs, models, products, paymentId } = grant;
  const { id, expiresAtMs, nowMs, reason } = to;
  const terms = { accountId, kind, priority, startsAtMs, models, products, paymentId };
  return { ...terms, id, source: 'restored', expiresAtMs, reason, createdAtMs: nowMs };
}

/** What was left of grants when they expired, and where it went, since a time. */
async function readExpired(
  reader: Reader,
  accountId: string,
  fromMs: number,
): Promise<ReadonlyMap<string, { readonly amount: Nano; readonly swept: LedgerAccountId }>> {
  const { rows } = await sql<{ debit: string; credit: LedgerAccountId; amount: string }>`
    select debit, credit, cast(sum(amount) as text) as amount from ledger_transfer
    where account_id = ${accountId} and subject is null and kind = 'expiry' and at_ms >= ${fromMs}
    group by debit, credit`.execute(reader);
  return new Map(
    rows.map(({ debit, credit, amount }) => [
      debit.slice('grant:'.length),
      { amount: fromSqlText(amount), swept: credit },
    ]),
  );
}
