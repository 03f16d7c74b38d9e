/** A crowd at the door, as a process of its own: `crowd.ts JOB` prints its result as a last line of JSON. */
import { Agent, request } from 'node:http';
import { setPriority } from 'node:os';

export interface CrowdJob {
  readonly port: number;
  /** What everybody does at the same time. */
  readonly what: 'sign-in' | 'sign-up';
  readonly people: number;
  /** Whoever is told to come back does so for so long. */
  readonly durationMs: number;
}

export interface CrowdResult {
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** People who got an answer that was not "come back". */
  readonly served: number;
}

// The crowd shares its core with the load that is measured, which must not wait for it.
setPriority(10);
const job: CrowdJob = JSON.parse(process.argv[2] ?? '');
const agent = new Agent({ keepAlive: true, maxSockets: job.people });
const until = Date.now() + job.durationMs;
const statuses: Record<string, number> = {};
const BUSY: ReadonlySet<number> = new Set([429, 503]);

const served = await Promise.all(Array.from({ length: job.people }, (_, at) => come(at)));
console.log(JSON.stringify({ statuses, served: served.filter(Boolean).length } satisfies CrowdResult));
process.exit(0);

async function come(at: number): Promise<boolean> {
  while (Date.now() < until) {
    const { status, retryAfterS } = await ask(at).catch(() => ({ status: 0, retryAfterS: 1 }));
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (!BUSY.has(status) && status !== 0) return true;
    await new Promise((resolve) => setTimeout(resolve, retryAfterS * 1_000 * (0.8 + Math.random() * 0.4)));
  }
  return false;
}

function ask(at: number): Promise<{ status: number; retryAfterS: number }> {
  const email = `person-${at}@example-${at % 97}.com`;
  const password = `a password of ${at}`;
  const body = JSON.stringify(job.what === 'sign-in' ? { email, password } : { email, password, terms_accepted: true });
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    // Each from a network of their own: the limits of one network are not what is measured.
    'x-forwarded-for': `10.${(at >> 8) & 255}.${at & 255}.7`,
  };
  const path = job.what === 'sign-in' ? '/portal/v1/session' : '/portal/v1/sign-up';
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: job.port, agent, method: 'POST', path, headers }, (answer) => {
      answer.resume();
      const retryAfterS = Number(answer.headers['retry-after'] ?? 1);
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, retryAfterS }));
      answer.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
