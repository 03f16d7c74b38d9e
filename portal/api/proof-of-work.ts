import type { ChallengeView } from '../../src/people/contract.ts';
import type { ProofNews, ProofTask } from './proof-worker.ts';

type Work = Extract<ChallengeView, { kind: 'proof_of_work' }>;

interface Solving {
  readonly signal: AbortSignal;
  /** Tries so far, of those it takes on average; may pass 1. */
  readonly onShare: (share: number) => void;
}

/**
 * Solves the challenge for this address (in small letters) in a worker. Rejects where the browser cannot, and when it is
 * stopped.
 */
export function solve(work: Work, email: string, { signal, onShare }: Solving): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./proof-worker.ts', import.meta.url), { type: 'module' });
    const end = () => worker.terminate();
    signal.addEventListener('abort', () => {
      end();
      reject(new Error('stopped'));
    });
    worker.addEventListener('error', () => {
      end();
      reject(new Error('the worker failed'));
    });
    worker.addEventListener('message', ({ data }: MessageEvent<ProofNews>) => {
      if (data.kind === 'tried') return onShare(data.tries / work.tries);
      end();
      resolve(data.solution);
    });
    const { nonce, scrypt, below } = work;
    worker.postMessage({ nonce, email, scrypt, below } satisfies ProofTask);
  });
}
