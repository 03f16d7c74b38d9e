import type { PipelineDeps } from './deps.ts';
import type { Job } from './job.ts';

/**
 * Ends the job when its caller hangs up before there is a stream to read: at once, or after the product's grace time.
 * Once an answer streams, its body knows better: a reader that went away may come back to it. Whoever sent an
 * `Idempotency-Key` may ask again, so that its answer is finished for it.
 */
export function watchCaller(job: Job, deps: PipelineDeps): void {
  if (job.claim) return;
  const graceMs = deps.config.products[job.key.product]?.disconnectGraceMs ?? 0;
  const { signal } = job.call.request;
  if (signal.aborted) gone();
  else signal.addEventListener('abort', gone);

  function gone(): void {
    if (graceMs === 0) job.live.cut('client_gone');
    else void deps.sleep(graceMs).then(cutUnanswered);
  }
  function cutUnanswered(): void {
    if (job.draft.firstTokenMs === null) job.live.cut('client_gone');
  }
}
