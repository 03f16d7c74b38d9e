/** The load generator, as a process of its own: `load.ts JOB` prints its result as a last line of JSON. */
import { runChurn } from './load/churn.ts';
import { runClosed } from './load/closed-loop.ts';
import type { ChurnCount, Job, LoadResult, StreamsResult } from './load/job.ts';
import { runOpen } from './load/open-loop.ts';
import { runStreams } from './load/streams.ts';

function run(job: Job): Promise<LoadResult | StreamsResult | ChurnCount> {
  switch (job.mode) {
    case 'closed':
      return runClosed(job);
    case 'open':
      return runOpen(job);
    case 'streams':
      return runStreams(job);
    case 'churn':
      return runChurn(job);
  }
}

const job: Job = JSON.parse(process.argv[2] ?? '');
console.log(JSON.stringify(await run(job)));
process.exit(0);
