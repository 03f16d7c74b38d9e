import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import { ONE_LINE } from '../../base/one-line.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { Accounts } from '../accounts.ts';
import { OPERATOR_ACCOUNT_ID } from '../contract.ts';
import type { Keys } from '../keys.ts';
import type { Closed, CutOffReceipt, Standing, StandingRefusal, Stop, StopOrder, StopSubject } from './stop.ts';
import { insertReceipt, insertStop, readReceipt, readStopsOf, setLifted } from './stop-store.ts';
import { catches, type StopTable } from './stop-table.ts';

export interface StandingDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly mintId: MintId;
  readonly table: StopTable;
  readonly keys: Pick<Keys, 'get' | 'countWorking'>;
  readonly accounts: Pick<Accounts, 'get'>;
}

type Closer = (subject: StopSubject) => Promise<Closed>;

const REASON_CHARS_MAX = 500;
/** Not lifted, of one subject. */
const STOPS_OF_ONE_SUBJECT_MAX = 50;

export function createStanding(deps: StandingDeps): Standing {
  const { storage, clock, mintId, table } = deps;
  const closers = new Set<Closer>();

  async function stop(order: StopOrder): Promise<Result<CutOffReceipt, StandingRefusal>> {
    const refusal = check(order, deps);
    if (refusal !== null) return refuse(refusal);
    const keys = deps.keys.countWorking(order.subject.accountId, (key) => catches(order.subject, key));
    const decidedAtMs = clock.wallMs();
    const decided: Stop = { ...order, id: mintId('stop'), atMs: decidedAtMs, lifted: null };
    // In memory first: what is asked from now on is refused, and what is in progress is cut within this turn.
    table.put(decided);
    const closing = [...closers].map((close) => close(order.subject));
    const written = storage.writer.write([insertStop(decided)]);
    const [closed] = await Promise.all([Promise.all(closing), written]);
    const receipt = { ...tally(closed), stop: decided, decidedAtMs, closedAtMs: clock.wallMs(), keys };
    await storage.writer.write([insertReceipt(receipt)]);
    return ok(receipt);
  }

  async function lift(stopId: string, by: string): Promise<Result<Stop, StandingRefusal>> {
    const held = table.get(stopId);
    const atMs = clock.wallMs();
    const written = held === null ? null : await storage.writer.write([setLifted(stopId, atMs, by)]);
    if (held === null || !written?.ok) return refuse(notFound(stopId));
    // In memory last: access comes back only once that is on the disk.
    table.take(stopId);
    return ok({ ...held, lifted: { atMs, by } });
  }

  return {
    stop,
    lift,
    stopOf: table.of,
    stopOfAccount: table.ofAccount,
    stopOfMember: table.ofMember,
    stopOfEndUser: table.ofEndUser,
    on: table.on,
    inForce: (cause) => table.all().filter((one) => one.cause === cause),
    list: (accountId) => readStopsOf(storage.reader, accountId),
    receipt: (stopId) => readReceipt(storage.reader, stopId),
    onStop(close) {
      closers.add(close);
      return () => void closers.delete(close);
    },
  };
}

function check({ subject, reason, untilMs }: StopOrder, deps: StandingDeps): StandingRefusal | null {
  const { accountId } = subject;
  if (reason.length > REASON_CHARS_MAX || !ONE_LINE.test(reason)) {
    return { reason: 'invalid_field', message: `reason: must be 1 to ${REASON_CHARS_MAX} printable characters` };
  }
  if (untilMs !== null && untilMs <= deps.clock.wallMs()) {
    return { reason: 'invalid_field', message: 'until: must be a time to come, or null' };
  }
  if (deps.accounts.get(accountId) === null) {
    return { reason: 'account_not_found', message: `there is no account ${accountId}` };
  }
  if (subject.kind === 'account' && accountId === OPERATOR_ACCOUNT_ID) {
    return { reason: 'house_account', message: 'the account of whoever runs the service cannot be stopped as a whole' };
  }
  if (subject.kind === 'key' && deps.keys.get(subject.keyId)?.accountId !== accountId) {
    return { reason: 'key_not_found', message: `account ${accountId} has no key ${subject.keyId}` };
  }
  if (deps.table.countOf(subject) >= STOPS_OF_ONE_SUBJECT_MAX) {
    const message = `this was stopped ${STOPS_OF_ONE_SUBJECT_MAX} times and not lifted; lift the stops that are there`;
    return { reason: 'too_many_stops', message };
  }
  return null;
}

function tally(closed: readonly Closed[]): Pick<CutOffReceipt, 'sessions' | 'streams' | 'lastByteAtMs'> {
  const count = (what: Closed['what']) => closed.reduce((sum, one) => sum + (one.what === what ? one.count : 0), 0);
  const times = closed.flatMap(({ lastByteAtMs }) => (lastByteAtMs === null ? [] : [lastByteAtMs]));
  return {
    sessions: count('sessions'),
    streams: count('streams'),
    lastByteAtMs: times.length === 0 ? null : Math.max(...times),
  };
}

function notFound(stopId: string): StandingRefusal {
  return { reason: 'stop_not_found', message: `there is no stop ${stopId} in force` };
}
