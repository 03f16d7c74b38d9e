import { formatUsd } from '../../base/money.ts';
import type { UsageEvent } from '../../metering/index.ts';
import { StorageFault } from '../../storage/sql/writer.ts';
import { REFUSALS } from '../refusal.ts';
import { owedFor, unpaid } from './charge.ts';
import type { PipelineDeps } from './deps.ts';
import { type Ending, finishDraft } from './draft.ts';
import { holdTo, keepContent } from './evidence.ts';
import type { Job } from './job.ts';
import { reviewedOf } from './review.ts';

/**
 * Ends a job: its one usage event, its hold and its budgets become durable together, then its places and reservations
 * are given back. Every way out of the pipeline after `prepare` comes through here, once. Rejects when the record cannot
 * be kept now; what was held is given back all the same, and the record is made later.
 */
export async function settle(job: Job, ending: Ending, deps: PipelineDeps): Promise<void> {
  const { call, draft, bill } = job;
  const owed = owedFor(job, ending, deps);
  const reviewed = reviewedOf(job);
  const { verdict, categories } = reviewed;
  const held = holdTo(job, reviewed, deps);
  const also = [...reviewed.statements, ...held.statements];
  Object.assign(draft, { verdict, categories });
  const closing = deps.books.settle(call.id, bill, owed, also);
  const event = finishDraft(draft, ending, closing.settled, deps.clock.monoMs() - call.startMs);
  try {
    await deps.books.keep(event, closing);
    if (event.writtenOffNano > 0n) tellWriteOff(event, deps);
    held.durable();
    keepContent(job, reviewed, deps);
  } catch (error) {
    if (error instanceof StorageFault) {
      const sent = job.ask.streamed && draft.firstTokenMs !== null;
      const status = sent ? 200 : REFUSALS.storage_unavailable.status;
      // What the caller has seen of a stream is paid for; a whole answer that cannot be recorded is not sent.
      const late = { ...event, outcome: 'failed', reason: 'storage_unavailable', status } as const;
      deps.books.keepLater({ event: late, bill, owed: sent ? owed : unpaid(owed), also, onKept: held.durable });
    }
    throw error;
  } finally {
    const used = ending.usage;
    job.permit.settle(used ? used.inputTokens + used.outputTokens : 0);
    job.permit.release();
    job.claim?.end();
    deps.live.end(call.id);
    if (ending.outcome === 'completed' && used && job.ask.output) {
      deps.forecast.learn(job.key.id, job.model.alias, used.outputTokens / job.ask.output.choices);
    }
    deps.telemetry.requestEnded(event, call.request.headers.get('traceparent'));
  }
}

/** Once in so many of a kind: the record has each. */
function tellWriteOff(event: UsageEvent, deps: PipelineDeps): void {
  deps.telemetry.notice('warn', 'an answer cost more than its account had left; the rest was written off', {
    request_id: event.id,
    account: event.accountId ?? '',
    model: event.modelRequested ?? '',
    written_off_usd: formatUsd(event.writtenOffNano),
  });
}
