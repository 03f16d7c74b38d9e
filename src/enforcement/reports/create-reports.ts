import { OPERATOR_ACCOUNT_ID } from '../../accounts/index.ts';
import { createLanes } from '../../ledger/index.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Signal } from '../signal.ts';
import type { Owner } from '../unit.ts';
import type { ReportsDeps } from './deps.ts';
import {
  CONDUCT_OF_CATEGORY,
  type KeptReport,
  type Report,
  REPORT_CHARS_MAX,
  type ReportOrder,
  type ReportRefusal,
  type Reports,
} from './report.ts';
import { countOutcomes, countSignals, insertReport, readSame, readSignalled, setOutcome } from './store.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const REPORTS_PER_HOUR_MAX = 20;
const REPORTS_PER_DAY_MAX = 60;
/** However many report an account in a day, so many speak against it; the rest is read by a person. */
const SIGNALS_PER_DAY_MAX = 20;
/** A report alone never settles anything: somebody else looks first, however often its account was right. */
const CONFIDENCE_MAX = 0.8;
/** Of an account nobody knows yet, as a Beta distribution: more often wrong than right. */
const PRIOR = { right: 1, wrong: 2 } as const;
const FRESH_MS = 30 * DAY_MS;
const VERSION = 'reports@1';

export function createReports(deps: ReportsDeps): Reports {
  const { storage, clock, attempts } = deps;
  const { reader, writer } = storage;
  const listeners = new Set<(report: KeptReport) => void>();
  const inLane = createLanes();

  async function accuracyOf(reporterId: string): Promise<number> {
    const { right, wrong } = await countOutcomes(reader, reporterId);
    return (PRIOR.right + right) / (PRIOR.right + PRIOR.wrong + right + wrong);
  }

  async function keep(order: ReportOrder): Promise<Report> {
    const before = await readSame(reader, order);
    if (before !== null) return toReport(before, true);
    const heard = await hear(order, await accuracyOf(order.reporterId), deps);
    const report: KeptReport = {
      ...order,
      text: order.text.trim(),
      id: deps.mintId('rep'),
      atMs: clock.wallMs(),
      ...heard,
    };
    const written = await writer.write([insertReport(report)]);
    if (!written.ok) return toReport((await readSame(reader, order)) ?? report, true);
    for (const listener of listeners) listener(report);
    return toReport(report, false);
  }

  return {
    accuracyOf,
    async file(order): Promise<Result<Report, ReportRefusal>> {
      const problem = problemOf(order);
      if (problem !== null) return refuse({ reason: 'invalid_field', message: problem, retryAfterMs: null });
      const key = `reports of ${order.reporterId}`;
      const waitMs = attempts.take([
        { key, max: REPORTS_PER_HOUR_MAX, windowMs: HOUR_MS },
        { key: `${key} by day`, max: REPORTS_PER_DAY_MAX, windowMs: DAY_MS },
      ]);
      if (waitMs !== null) {
        const message = `at most ${REPORTS_PER_HOUR_MAX} reports an hour and ${REPORTS_PER_DAY_MAX} a day; try again later`;
        return refuse({ reason: 'too_often', message, retryAfterMs: waitMs });
      }
      // Many who report one request at once are heard one after the other, and speak once.
      return ok(await inLane(order.requestId ?? order.reporterId, () => keep(order)));
    },
    async settled(incidentId, wasRight) {
      await writer.write([setOutcome(incidentId, wasRight)]);
    },
    onFiled(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

type HeardOf = Pick<KeptReport, 'reportedId' | 'signalId' | 'incidentId'>;

const NOTHING: HeardOf = { reportedId: null, signalId: null, incidentId: null };

/** What a report says against somebody: the first of each request and category is a signal, the others join it. */
async function hear(order: ReportOrder, accuracy: number, deps: ReportsDeps): Promise<HeardOf> {
  const { requestId, category } = order;
  const { reader } = deps.storage;
  const request = requestId === null ? null : await deps.requestOf(requestId);
  const owner = request && reportedOf(request.owner, order);
  const conduct = CONDUCT_OF_CATEGORY[category];
  if (requestId === null || request === null || owner === null || conduct === null) return NOTHING;
  const reportedId = owner.accountId;
  const first = await readSignalled(reader, requestId, category);
  if (first !== null) return { reportedId, signalId: first.signalId, incidentId: first.incidentId };
  const nowMs = deps.clock.wallMs();
  if ((await countSignals(reader, reportedId, nowMs - DAY_MS)) >= SIGNALS_PER_DAY_MAX)
    return { ...NOTHING, reportedId };
  const signal: Signal = {
    id: deps.mintId('sig'),
    atMs: nowMs,
    source: 'report',
    sourceVersion: VERSION,
    owner,
    requestId,
    conduct,
    confidence: Math.min(accuracy, CONFIDENCE_MAX),
    conversation: null,
    template: null,
    language: null,
    cleanBefore: 0,
    freshUntilMs: nowMs + FRESH_MS,
  };
  const { incidentId } = await deps.signal(signal);
  return { reportedId, signalId: signal.id, incidentId };
}

/** Whom a report speaks against: who asked, where it was somebody else; of one's own request, or the house's, it is about the answer. */
function reportedOf(owner: Owner, { reporterId, accountId }: ReportOrder): Owner | null {
  const isOwn = owner.accountId === reporterId || owner.accountId === accountId;
  const isAnother = !isOwn || owner.endUser !== null;
  return isAnother && owner.accountId !== OPERATOR_ACCOUNT_ID ? owner : null;
}

function problemOf({ requestId, app, text }: ReportOrder): string | null {
  if (requestId === null && app === null) return 'request_id: must be given, or app';
  return text.length > REPORT_CHARS_MAX ? `text: must have at most ${REPORT_CHARS_MAX} characters` : null;
}

function toReport({ id, atMs, category, requestId, app }: KeptReport, repeated: boolean): Report {
  return { id, atMs, category, requestId, app, repeated };
}
