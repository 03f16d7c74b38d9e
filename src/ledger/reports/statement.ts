import { assert } from '../../base/assert.ts';
import { type Month, type Span, toIso } from '../../base/calendar.ts';
import type { Nano } from '../../base/money.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import {
  type GrantFacts,
  readCreditNow,
  readEntriesOfRequests,
  readGrantsOf,
  readOpenHoldsOf,
  readPostingsOf,
} from './account-journal.ts';
import type { StatementLineView, StatementView } from './contract.ts';
import { creditChange, type Entry, heldChange } from './entry.ts';
import { createUsageLines, NO_USAGE } from './usage-lines.ts';
import type { UsageRecord, UsageRecords } from './usage-records.ts';

export interface StatementSources {
  /** Of one moment: nothing is booked between two reads. */
  readonly reader: Reader;
  readonly usage: UsageRecords;
}

/** More lines than this belong in an export. Usage has one line for each day and model. */
const LINES_MAX = 50_000;

/**
 * What changed the credit of an account in a month, up to `nowMs` when it is not over. Credit is what is available and
 * what requests in progress have set aside; promised credit counts once it is released. Reads the account's whole
 * history, because the balance it opens with is that of all transfers before and the balance it closes with is checked
 * against the balances as they are kept now. Refused, in words, for an account that nothing was ever booked for, and
 * when there are too many lines.
 */
export async function accountStatement(
  sources: StatementSources,
  accountId: string,
  month: Month,
  nowMs: number,
): Promise<Result<StatementView, string>> {
  const { fromMs } = month;
  const toMs = Math.max(fromMs, Math.min(month.toMs, nowMs));
  const grants = await readGrantsOf(sources.reader, accountId);
  if (grants.size === 0) return refuse(`${accountId} never had any credit`);
  const draft = createDraft(grants, { fromMs, toMs });
  for await (const page of readPostingsOf(sources.reader, accountId)) {
    for (const entry of page) draft.add(entry, null);
  }
  for await (const { records, entries } of requestsOf(sources, accountId)) {
    for (const entry of entries) draft.add(entry, records.get(entry.subject ?? '') ?? null);
  }
  const { opening, closing, held, after, lines } = draft.finish();
  const now = await readCreditNow(sources.reader, accountId);
  assert(
    now.available + now.held - after === closing,
    `the statement of ${accountId} adds up: opening balance and lines are the closing balance`,
  );
  if (lines.length > LINES_MAX) return refuse(`there are ${lines.length} lines; export the transfers instead`);
  return ok({
    account_id: accountId,
    month: month.name,
    from: toIso(fromMs),
    to: toIso(toMs),
    complete: toMs === month.toMs,
    opening_nano: String(opening),
    lines,
    held_nano: String(held),
    closing_nano: String(closing),
  });
}

/** The transfers of all requests an account ever made, page by page: of those that ended, and of those in progress. */
async function* requestsOf({ reader, usage }: StatementSources, accountId: string) {
  for await (const page of usage.ofAccount(accountId)) {
    const records: ReadonlyMap<string, UsageRecord> = new Map(page.map((record) => [record.id, record]));
    yield { records, entries: await readEntriesOfRequests(reader, [...records.keys()]) };
  }
  const entries = await readEntriesOfRequests(reader, await readOpenHoldsOf(reader, accountId));
  yield { records: new Map<string, UsageRecord>(), entries };
}

function createDraft(grants: ReadonlyMap<string, GrantFacts>, { fromMs, toMs }: Span) {
  const usage = createUsageLines();
  const lines: StatementLineView[] = [];
  let opening: Nano = 0n;
  let during: Nano = 0n;
  let after: Nano = 0n;
  let held: Nano = 0n;
  return {
    add(entry: Entry, record: UsageRecord | null): void {
      const change = creditChange(entry);
      if (entry.atMs < toMs) held += heldChange(entry);
      if (entry.atMs < fromMs) opening += change;
      else if (entry.atMs >= toMs) after += change;
      else if (change !== 0n) {
        during += change;
        if (entry.debit === 'holds') usage.add(entry, record);
        else lines.push(toLine(entry, grants));
      }
    },
    finish() {
      const closing = opening + during;
      assert(held >= 0n, 'requests hold no less than nothing');
      return { opening, closing, held, after, lines: [...lines, ...usage.lines()].sort(byTime) };
    },
  };
}

function toLine(entry: Entry, grants: ReadonlyMap<string, GrantFacts>): StatementLineView {
  const account = [entry.credit, entry.debit].find((side) => side.startsWith('grant:'));
  const grant = grants.get(account?.slice('grant:'.length) ?? '');
  return {
    ...NO_USAGE,
    at: toIso(entry.atMs),
    kind: entry.kind,
    text: textOf(entry, grant),
    amount_nano: String(creditChange(entry)),
    grant_id: grant?.id ?? null,
    payment_id: grant?.paymentId ?? null,
  };
}

function textOf(entry: Entry, grant: GrantFacts | undefined): string {
  if (grant === undefined) return entry.note ?? '';
  const what = `${grant.kind === 'paid' ? 'paid' : 'promotional'} credit, ${grant.source}`;
  return `${what}: ${entry.note ?? grant.reason}`;
}

/** A day comes before its moments; the usage of a day is told at its start. */
function byTime(a: StatementLineView, b: StatementLineView): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return a.text < b.text ? -1 : 1;
}
