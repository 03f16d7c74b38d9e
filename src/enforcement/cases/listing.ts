/** Lists of cases, the most pressing first, of those somebody may see. */
import { ok, type Result } from '../../base/result.ts';
import type { Case } from './case.ts';
import { SEARCH_CASES_MAX } from './contract.ts';
import type { Desk, Viewer } from './desk.ts';
import { priorityOf } from './priority.ts';
import { asOfNow, isUndecided } from './routing.ts';
import { searchOf, searchValuesOf } from './search.ts';
import { readDecided } from './store.ts';

export interface Asked {
  readonly queue: string | null;
  readonly state: Case['state'] | 'undecided' | 'all';
  readonly assignee: string | null;
  readonly accountId: string | null;
  readonly query: string | null;
}

export interface Found {
  readonly cases: readonly Case[];
  /** Of those that lack what was asked for; they are not among the cases. */
  readonly unknown: number;
}

/** Decided cases a search looks at, the newest. */
const DECIDED_MAX = 5_000;

/** Undecided by priority, decided by when; the refusal says what is wrong with the expression. */
export async function listCases(desk: Desk, viewer: Viewer, asked: Asked): Promise<Result<Found, string>> {
  const search = asked.query === null ? null : searchOf(asked.query);
  if (search?.ok === false) return search;
  const nowMs = desk.deps.clock.wallMs();
  const stored = await rowsFor(desk, asked.state);
  const found: Case[] = [];
  let unknown = 0;
  for (const row of stored.slice(0, SEARCH_CASES_MAX)) {
    const one = asOfNow(row, nowMs);
    if (!matches(one, asked) || !desk.maySee(one, viewer)) continue;
    const meant = search === null || search.value(searchValuesOf(one, nowMs));
    if (meant === 'unknown') unknown += 1;
    else if (meant) found.push(one);
  }
  const rank = new Map(found.map((one) => [one.id, isUndecided(one) ? priorityOf(one, nowMs).value : -1]));
  found.sort((a, b) => (rank.get(b.id) ?? 0) - (rank.get(a.id) ?? 0) || (a.id < b.id ? 1 : -1));
  return ok({ cases: found, unknown });
}

async function rowsFor(desk: Desk, state: Asked['state']): Promise<readonly Case[]> {
  const { reader } = desk.deps.storage;
  if (state === 'decided' || state === 'closed') return readDecided(reader, DECIDED_MAX);
  const undecided = [...desk.table.all()];
  return state === 'all' ? [...undecided, ...(await readDecided(reader, DECIDED_MAX))] : undecided;
}

function matches(one: Case, { queue, state, assignee, accountId }: Asked): boolean {
  if (state !== 'all' && (state === 'undecided' ? !isUndecided(one) : one.state !== state)) return false;
  if (queue !== null && one.queue !== queue) return false;
  if (assignee !== null && one.assignee !== assignee) return false;
  return accountId === null || one.owner.accountId === accountId;
}
