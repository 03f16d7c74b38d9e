import { type ScryptOptions, scrypt } from 'node:crypto';
import { toIso } from '../../base/calendar.ts';
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Attempts } from '../../credentials/attempts.ts';
import type { ChallengeView } from '../contract.ts';
import { createNotes } from '../notes.ts';
import type { Surge } from './surge.ts';

/**
 * A price on signing up that a person does not notice and a farm pays for every account: a search by a function that needs
 * memory, so that graphics cards gain little. It is a tax and no wall: nothing is trusted for having paid it. Whoever
 * cannot compute waits instead.
 */
export interface ProofOfWork {
  /** What to solve, as hard as the rush of this moment asks. */
  challenge(networkPrefix: string | null): Extract<ChallengeView, { kind: 'proof_of_work' }>;
  /** Takes a solution, once, and counts whoever brings it as come. One hash, off the event loop. */
  verify(proof: Proof, facts: ProofFacts): Promise<Result<Proved, ProofRefusal>>;
}

export interface Proof {
  readonly nonce: string;
  readonly solution: string;
}

/** What the solution must be for. */
export interface ProofFacts {
  readonly email: string;
  readonly networkPrefix: string | null;
}

/** Waiting lets somebody in and proves nothing. */
export interface Proved {
  readonly rung: 'proof_of_work' | null;
}

export interface ProofRefusal {
  /** `stale`: unknown here, too old or used: ask for another. `early`: the wait is not over. `too_many`: wait for a solution to count. */
  readonly reason: 'stale' | 'wrong' | 'early' | 'too_many' | 'busy';
  readonly retryAfterMs?: number;
}

export interface ProofOfWorkDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly surge: Surge;
  readonly attempts: Attempts;
}

/** 2 MiB: 128 * r * n bytes. Two to four milliseconds a try on a desk, four times that on an ordinary phone. */
const COST = { n: 2048, r: 8, p: 1 } as const;
/** Of 0.1 to 0.2 s on a desk and half a second on an ordinary phone, on average. */
const TRIES = 32;
const LIFE_MS = 600_000;
/** What waiting takes in quiet times, and at the most. */
const WAIT_MS = 60_000;
const WAIT_MAX_MS = 300_000;
const HOUR_MS = 3_600_000;
/** Sign-ups by waiting from one network, and in all. */
const WAITS_OF_NETWORK_MAX = 5;
const WAITS_MAX = 500;
/** Solutions being checked or waiting for it. */
const CHECKING_MAX = 200;
const HASH_BYTES = 32;
const RANGE = 2 ** 32;

type Content =
  | { readonly kind: 'work'; readonly below: number }
  | { readonly kind: 'wait'; readonly fromMs: number; readonly network: string | null };

export function createProofOfWork(deps: ProofOfWorkDeps): ProofOfWork {
  const { clock, surge, attempts } = deps;
  const notes = createNotes<Content>({ ...deps, purpose: 'proof of work', lifeMs: LIFE_MS });
  let checking = 0;

  function takeWait(content: Extract<Content, { kind: 'wait' }>, nonce: string, network: string | null) {
    if (content.network !== network) return refuse({ reason: 'stale' as const });
    const leftMs = content.fromMs - clock.monoMs();
    if (leftMs > 0) return refuse({ reason: 'early' as const, retryAfterMs: leftMs });
    const waitMs = attempts.take([
      { key: `sign-up by waiting ${network ?? ''}`, max: WAITS_OF_NETWORK_MAX, windowMs: HOUR_MS },
      { key: 'sign-up by waiting', max: WAITS_MAX, windowMs: HOUR_MS },
    ]);
    if (waitMs !== null) return refuse({ reason: 'too_many' as const, retryAfterMs: waitMs });
    return notes.spend(nonce) ? ok({ rung: null }) : refuse({ reason: 'stale' as const });
  }

  return {
    challenge(network) {
      const factor = surge.factor(network);
      const nowMs = clock.wallMs();
      const below = Math.floor(RANGE / (TRIES * factor));
      const waitMs = Math.min(WAIT_MAX_MS, WAIT_MS * factor);
      const expires_at = toIso(nowMs + LIFE_MS);
      const wait = notes.write({ kind: 'wait', fromMs: clock.monoMs() + waitMs, network });
      return {
        kind: 'proof_of_work',
        nonce: notes.write({ kind: 'work', below }),
        scrypt: COST,
        below,
        tries: Math.round(TRIES * factor),
        expires_at,
        wait: { nonce: wait, ready_at: toIso(nowMs + waitMs), expires_at },
      };
    },
    async verify({ nonce, solution }, { email, networkPrefix }) {
      const content = notes.read(nonce);
      if (content === null) return refuse({ reason: 'stale' });
      surge.came(networkPrefix);
      if (content.kind === 'wait') return takeWait(content, nonce, networkPrefix);
      if (checking >= CHECKING_MAX) return refuse({ reason: 'busy', retryAfterMs: 1_000 });
      // Spent before it is checked: one nonce makes the service compute once, whatever comes with it.
      if (!notes.spend(nonce)) return refuse({ reason: 'stale' });
      checking++;
      try {
        const found = await firstBytes(`${email.trim().toLowerCase()}\n${solution}`, nonce);
        return found < content.below ? ok({ rung: 'proof_of_work' }) : refuse({ reason: 'wrong' });
      } finally {
        checking--;
      }
    },
  };
}

/** scrypt (RFC 7914) of a text; its first four bytes as a number, the highest first. */
function firstBytes(text: string, salt: string): Promise<number> {
  const options: ScryptOptions = { N: COST.n, r: COST.r, p: COST.p };
  return new Promise((resolve, reject) => {
    scrypt(text, salt, HASH_BYTES, options, (error, hash) => {
      // Undefined in one runtime and null in another.
      if (error instanceof Error) reject(error);
      else resolve(hash.readUInt32BE(0));
    });
  });
}
