import { Connection } from './connection.ts';
import type { ChurnCount, ChurnJob } from './job.ts';
import { seededRandom } from './seeded-random.ts';

const DONE = Buffer.from('data: [DONE]');
const REPORT_MS = 500;

/** Keeps `lanes` streams open, each on a connection of its own, until enough were aborted or the time is over. */
export async function runChurn(job: ChurnJob): Promise<ChurnCount> {
  const count = { aborted: 0, completed: 0, errors: 0 };
  const random = seededRandom(job.seed);
  const request = Buffer.from(job.request, 'latin1');
  const endMs = performance.now() + job.durationMs;
  const goesOn = (): boolean => count.aborted < job.abortedMax && performance.now() < endMs;
  const report = setInterval(() => console.log(JSON.stringify(count)), REPORT_MS);

  const lane = async (): Promise<void> => {
    while (goesOn()) {
      const completes = random() * job.completeEvery < 1;
      const lifeMs = completes ? null : random() * job.abortWithinMs;
      count[await oneStream(job.port, request, lifeMs)] += 1;
    }
  };
  await Promise.all(Array.from({ length: job.lanes }, lane));
  clearInterval(report);
  return count;
}

/** `lifeMs` null reads to the end. */
function oneStream(port: number, request: Buffer, lifeMs: number | null): Promise<keyof ChurnCount> {
  return new Promise((resolve) => {
    let sawDone = false;
    let left = false;
    const opened = Connection.open(port, {
      body: (bytes) => {
        sawDone ||= bytes.includes(DONE);
      },
      done: (connection) => {
        resolve(connection.status === 200 && sawDone ? 'completed' : 'errors');
        connection.abort();
      },
      closed: () => resolve(left ? 'aborted' : 'errors'),
    });
    opened.then(
      (connection) => {
        connection.send(request);
        if (lifeMs === null) return;
        setTimeout(() => {
          left = true;
          connection.abort();
        }, lifeMs);
      },
      () => resolve('errors'),
    );
  });
}
