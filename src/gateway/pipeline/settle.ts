import type { UsageEvent } from '../../metering/index.ts';
import type { PipelineDeps } from './deps.ts';
import { type Ending, finishDraft } from './draft.ts';
import type { Job } from './job.ts';

/**
 * Ends a job: its one usage event becomes durable, then its places and reservations are given back. Every way out of
 * the pipeline after `prepare` comes through here, once. Rejects when the record cannot be kept; what was held is given
 * back all the same, and the open record left behind is closed by the next boot.
 */
export async function settle(job: Job, ending: Ending, deps: PipelineDeps): Promise<void> {
  const event: UsageEvent = finishDraft(job.draft, ending, deps.clock.monoMs() - job.call.startMs);
  try {
    await deps.metering.close(event);
  } finally {
    const used = ending.usage;
    job.permit.settle(used ? used.inputTokens + used.outputTokens : 0);
    job.permit.release();
    deps.live.end(job.call.id);
    if (ending.outcome === 'completed' && used && job.ask.output) {
      deps.forecast.learn(job.key.id, job.model.alias, used.outputTokens / job.ask.output.choices);
    }
    deps.telemetry.requestEnded(event, job.call.request.headers.get('traceparent'));
  }
}
