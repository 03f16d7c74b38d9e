import { createHash } from 'node:crypto';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Feed } from '../streaming/feed.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { AnswerStore, ClaimName, StoredAnswer } from './answer-store.ts';
import { createSharedFeed, type SharedFeed } from './shared-feed.ts';

/** A request that carries an `Idempotency-Key`. */
export interface ClaimOrder {
  readonly requestId: string;
  readonly keyId: string;
  /** The header's value. */
  readonly name: string;
  readonly endpoint: string;
  /** The body as it was sent. */
  readonly body: string;
  /** The caller's hanging up ends its wait for another's answer. */
  readonly signal: AbortSignal;
}

export type Claimed =
  /** Nobody has asked this yet: answer it. */
  | { readonly kind: 'first'; readonly claim: Claim }
  /** It was answered: this is what was sent. */
  | { readonly kind: 'repeat'; readonly requestId: string; readonly contentType: string; readonly body: string }
  /** It is being answered: this reads along, from the first frame. */
  | { readonly kind: 'attach'; readonly requestId: string; readonly feed: Feed };

/** The right to answer, until `end`. */
export interface Claim {
  /** Keeps a whole answer, or a stream's last frames behind those that were shared. Before the record is written. */
  keep(contentType: string, body: string): void;
  /** Lets others read along. Returns the first reader. */
  share(feed: Feed): Feed;
  /** Reads the shared stream to its end, for whoever comes back. */
  readOn(): void;
  /** Over: with the record written, or with nothing to repeat. Whoever waits goes on. */
  end(): void;
}

export interface Claims {
  claim(order: ClaimOrder): Promise<Result<Claimed, Refusal>>;
}

export interface ClaimsDeps {
  readonly store: AnswerStore;
  /** Largest answer that is kept. */
  readonly answerBytesMax: number;
}

/** Requests that may wait for one other's answer. */
const WAITERS_MAX = 100;
const NAME = /^[\x21-\x7e]{1,255}$/;

interface Pending extends ClaimName {
  readonly requestId: string;
  readonly bodyDigest: string;
  readonly ended: Promise<void>;
  shared: SharedFeed | null;
  waiters: number;
}

/** Claims of this process. Each name of a key is answered by one request at a time. */
export function createClaims({ store, answerBytesMax }: ClaimsDeps): Claims {
  const pending = new Map<string, Pending>();

  async function claim(order: ClaimOrder): Promise<Result<Claimed, Refusal>> {
    if (!NAME.test(order.name)) return refuse(refusal('idempotency_key_invalid'));
    const name = { keyId: order.keyId, nameDigest: digest(order.name) };
    const bodyDigest = digest(`${order.endpoint}\n${order.body}`);
    for (;;) {
      const other = pending.get(placeOf(name));
      if (!other) return begin(order, name, bodyDigest);
      if (other.bodyDigest !== bodyDigest) return refuse(reused());
      const feed = other.shared?.join();
      if (feed) return ok({ kind: 'attach', requestId: other.requestId, feed });
      const waited = await waitFor(other, order.signal);
      if (waited) return refuse(waited);
    }
  }

  /** The place is taken before anything is awaited, so that of requests that come together one is the first. */
  async function begin(order: ClaimOrder, name: ClaimName, bodyDigest: string): Promise<Result<Claimed, Refusal>> {
    const { requestId } = order;
    const ended = Promise.withResolvers<void>();
    const mine: Pending = { ...name, requestId, bodyDigest, ended: ended.promise, shared: null, waiters: 0 };
    pending.set(placeOf(name), mine);
    const end = () => {
      pending.delete(placeOf(name));
      ended.resolve();
    };
    try {
      const known = await store.find(name);
      if (!known) return await offer(mine, end);
      end();
      return repeat(known, bodyDigest);
    } catch (error) {
      end();
      throw error;
    }
  }

  async function offer(mine: Pending, end: () => void): Promise<Result<Claimed, Refusal>> {
    if (!(await store.full(mine.keyId))) return ok({ kind: 'first', claim: createClaim(mine, end) });
    end();
    return refuse(refusal('idempotency_capacity'));
  }

  function createClaim(mine: Pending, end: () => void): Claim {
    return {
      keep(contentType, body) {
        const before = mine.shared === null ? '' : mine.shared.text();
        const whole = before === null ? null : before + body;
        const kept = whole !== null && Buffer.byteLength(whole) <= answerBytesMax ? whole : null;
        store.keep(mine, { requestId: mine.requestId, bodyDigest: mine.bodyDigest, contentType, body: kept });
      },
      share(feed) {
        mine.shared = createSharedFeed(feed, answerBytesMax);
        return mine.shared.join() ?? feed;
      },
      readOn: () => void mine.shared?.finish(),
      end,
    };
  }

  return { claim };
}

function repeat(known: StoredAnswer, bodyDigest: string): Result<Claimed, Refusal> {
  const { requestId, contentType, body } = known;
  if (known.bodyDigest !== bodyDigest) return refuse(reused());
  if (body === null) return refuse(refusal('idempotency_answer_too_large', { id: requestId }));
  return ok({ kind: 'repeat', requestId, contentType, body });
}

/** Null when the other has ended. */
async function waitFor(other: Pending, signal: AbortSignal): Promise<Refusal | null> {
  if (other.waiters >= WAITERS_MAX) return refusal('idempotency_in_progress', {}, { retryAfterMs: RETRY_MS });
  other.waiters++;
  const gone = Promise.withResolvers<Refusal>();
  const leave = () => gone.resolve(refusal('client_gone'));
  signal.addEventListener('abort', leave);
  try {
    if (signal.aborted) return refusal('client_gone');
    return await Promise.race([other.ended.then(() => null), gone.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
    other.waiters--;
  }
}

const RETRY_MS = 1_000;

function reused(): Refusal {
  return refusal('idempotency_key_reused');
}

function placeOf({ keyId, nameDigest }: ClaimName): string {
  return `${keyId} ${nameDigest}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
