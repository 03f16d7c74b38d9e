import { useCallback, useEffect, useState } from 'react';
import type { ChallengeView } from '../../../src/people/contract.ts';
import { mailAddress } from '../../../src/people/contract.ts';
import { solve } from '../../api/proof-of-work.ts';

/** What a sign-up sends for the challenge. */
export interface Proof {
  readonly nonce: string;
  readonly solution: string;
}

export type ProofState =
  | { readonly kind: 'not_needed' | 'awaits_email' | 'failed' }
  /** Share: tries so far of those it takes on average; may pass 1. */
  | { readonly kind: 'working'; readonly share: number }
  | { readonly kind: 'waiting'; readonly readyAtMs: number }
  | { readonly kind: 'done'; readonly proof: Proof };

export interface ProofWork {
  readonly state: ProofState;
  /** Takes the way without computing; null where there is nothing to wait for. */
  readonly wait: (() => void) | null;
}

const TICK_MS = 500;

/** Solves the challenge for this address in the background, from the moment the address is one. */
export function useProof(challenge: ChallengeView, email: string): ProofWork {
  const address = mailAddress.safeParse(email).data?.toLowerCase() ?? '';
  const [solved, setSolved] = useState<{
    readonly nonce: string;
    readonly address: string;
    readonly solution: string;
  }>();
  const [share, setShare] = useState(0);
  const [failed, setFailed] = useState(false);
  const [waits, setWaits] = useState(false);
  const nonce = challenge.kind === 'none' ? '' : challenge.nonce;
  useEffect(() => {
    if (challenge.kind === 'none' || address === '' || waits) return;
    const stop = new AbortController();
    setShare(0);
    setFailed(false);
    solve(challenge, address, { signal: stop.signal, onShare: setShare }).then(
      (solution) => setSolved({ nonce: challenge.nonce, address, solution }),
      () => {
        if (!stop.signal.aborted) setFailed(true);
      },
    );
    return () => stop.abort();
  }, [challenge, address, waits]);
  const ready = useReady(challenge, waits);
  const wait = useCallback(() => setWaits(true), []);
  if (challenge.kind === 'none') return { state: { kind: 'not_needed' }, wait: null };
  if (waits) {
    const readyAtMs = Date.parse(challenge.wait.ready_at);
    const proof = { nonce: challenge.wait.nonce, solution: '' };
    return { state: ready ? { kind: 'done', proof } : { kind: 'waiting', readyAtMs }, wait: null };
  }
  if (address === '') return { state: { kind: 'awaits_email' }, wait };
  if (solved?.nonce === nonce && solved.address === address) {
    return { state: { kind: 'done', proof: { nonce, solution: solved.solution } }, wait: null };
  }
  return { state: failed ? { kind: 'failed' } : { kind: 'working', share }, wait };
}

/** Whether the wait is over, looked at twice a second while somebody waits. */
function useReady(challenge: ChallengeView, waits: boolean): boolean {
  const readyAtMs = challenge.kind === 'none' ? 0 : Date.parse(challenge.wait.ready_at);
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    if (!waits) return;
    const timer = setInterval(() => setNowMs(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [waits]);
  return waits && nowMs >= readyAtMs;
}
