/** Work that comes back: each job waits for its own last run, never for another's. */
export interface Job {
  /** For the log, after "failed to": `expire credit`. */
  readonly name: string;
  /** From the end of one run to the start of the next. */
  readonly everyMs: number;
  run(): Promise<unknown>;
}

export interface Jobs {
  /** Starts no run more, and waits for those that are running. */
  stop(): Promise<void>;
}

/** Runs each job again and again, the first time after its `everyMs`. A run that throws is told and does not end its job. */
export function startJobs(jobs: readonly Job[], onFault: (name: string, error: unknown) => void): Jobs {
  const lines = jobs.map((job) => startLine(job, onFault));
  return {
    async stop() {
      await Promise.all(lines.map((stop) => stop()));
    },
  };
}

function startLine(job: Job, onFault: (name: string, error: unknown) => void): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  let timer = setTimeout(start, job.everyMs);

  async function runOnce(): Promise<void> {
    try {
      await job.run();
    } catch (error) {
      onFault(job.name, error);
    }
    if (!stopped) timer = setTimeout(start, job.everyMs);
  }
  function start(): void {
    running = runOnce();
  }
  return async function stop() {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
