import { ProviderFault } from '../../providers/index.ts';
import type { Target } from '../routing/target.ts';
import type { PipelineDeps } from './deps.ts';
import type { Job } from './job.ts';
import { ownerOf } from './judge.ts';

/** The upstream knows the person, and does not answer them any more. */
const OF_THE_PERSON = /identifier|user_blocked|account_blocked/;

/** Passes on that an upstream refused a request for what is in it or for who sent it. */
export function noticePolicyBlock(job: Job, target: Target, error: unknown, deps: PipelineDeps): void {
  if (deps.upstreamNotice === null || !(error instanceof ProviderFault) || error.policyCode === undefined) return;
  try {
    deps.upstreamNotice({
      atMs: deps.clock.wallMs(),
      provider: target.providerName,
      kind: OF_THE_PERSON.test(error.policyCode) ? 'blocked' : 'refused',
      detail: error.policyCode,
      conduct: null,
      owner: ownerOf(job),
      requestId: job.call.id,
    });
  } catch (fault) {
    deps.telemetry.fault('hear what an upstream says of somebody', fault, job.call.id);
  }
}
