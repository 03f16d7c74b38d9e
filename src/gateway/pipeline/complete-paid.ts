import {
  type Attempt,
  collect,
  estimateTokens,
  type Generation,
  type GenerationEvent,
  type GenerationRequest,
  type Provider,
  type Usage,
} from '../../providers/index.ts';
import type { Refusal } from '../refusal.ts';
import { createTally } from '../streaming/tally.ts';
import { promptOnly } from './charge.ts';
import type { PipelineDeps } from './deps.ts';
import { addPaidFor, affordMore, inPieces } from './extend.ts';
import type { Job } from './job.ts';

export interface PaidAnswer {
  readonly answer: Generation;
  /** When credit or a budget ended first: why, and what was produced. Its choices then end as at their length. */
  readonly cut: { readonly refusal: Refusal; readonly usage: Usage } | null;
}

/**
 * A whole answer. Where what is held does not pay for the most it may cost, it is read as a stream instead, so that it is
 * paid for as it grows, like any stream, and stopped where nothing is left.
 */
export async function completePaid(
  provider: Provider,
  request: GenerationRequest,
  attempt: Attempt,
  job: Job,
  deps: PipelineDeps,
): Promise<PaidAnswer> {
  if (!job.bill.short) return { answer: await provider.complete(request, attempt), cut: null };
  const kept: GenerationEvent[] = [];
  const tally = createTally(estimateTokens);
  for await (const batch of provider.stream(request, attempt)) {
    let rest = inPieces(batch, job.bill);
    while (rest.length > 0) {
      const paid = addPaidFor(rest, tally, job.bill);
      kept.push(...rest.slice(0, paid));
      rest = rest.slice(paid);
      const output = tally.outputEstimate();
      const refusal = await affordMore(job, output, deps);
      if (refusal) {
        const usage = { ...promptOnly(job.ask.inputTokens), outputTokens: output };
        return { answer: endedAtLength(collect(kept)), cut: { refusal, usage } };
      }
    }
  }
  return { answer: collect(kept), cut: null };
}

function endedAtLength(answer: Generation): Generation {
  return { ...answer, choices: answer.choices.map((choice) => ({ ...choice, finish: 'length' as const })) };
}
