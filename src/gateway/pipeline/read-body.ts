import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import { parseJson } from '../../base/safe-json.ts';
import type { ServerConfig } from '../../config/config.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { BodyBudget } from './body-budget.ts';
import { RETRY_SOON_MS } from './explain.ts';

type BodyLimits = Pick<ServerConfig, 'bodyBytesMax' | 'bodyTimeoutMs'>;

export interface Body {
  readonly json: JsonObject;
  /** As it was sent. */
  readonly text: string;
}

/** The body as one JSON object: capped in bytes and time, within what all bodies together may take, parsed once. */
export async function readBody(
  request: Request,
  limits: BodyLimits,
  budget: BodyBudget,
): Promise<Result<Body, Refusal>> {
  const encoding = request.headers.get('content-encoding')?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity') return refuse(refusal('content_encoding'));
  const share = createShare(budget);
  try {
    const text = await readText(request, limits, share);
    return text.ok ? parseBody(text.value) : text;
  } finally {
    share.giveBack();
  }
}

function parseBody(text: string): Result<Body, Refusal> {
  const parsed = parseJson(text);
  if (!parsed.ok) return refuse(refusal('body_not_json', { ...parsed.refusal }));
  if (!isJsonObject(parsed.value)) {
    return refuse(refusal('body_not_json', { detail: 'it must be one object', detail_zh: '必须是一个对象' }));
  }
  return ok({ json: parsed.value, text });
}

async function readText(request: Request, limits: BodyLimits, share: Share): Promise<Result<string, Refusal>> {
  const length = request.headers.get('content-length');
  if (Number(length ?? 0) > limits.bodyBytesMax) return refuse(tooLarge(limits));
  // A stated length was judged already, and no more than it can arrive.
  if (length !== null && !share.take(Number(length))) return refuse(noRoom());
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Result<string, Refusal>>((resolve) => {
    const refused = refuse(refusal('body_timeout', { limit: limits.bodyTimeoutMs }));
    timer = setTimeout(() => resolve(refused), limits.bodyTimeoutMs);
  });
  try {
    const whole = length === null ? readCounted(request, limits, share) : request.text().then(ok);
    return await Promise.race([whole, late]);
  } catch {
    // Either the caller hung up, or the listener has a cap of its own.
    return refuse(request.signal.aborted ? refusal('client_gone') : tooLarge(limits));
  } finally {
    clearTimeout(timer);
  }
}

/** A body of unstated length. */
async function readCounted(request: Request, limits: BodyLimits, share: Share): Promise<Result<string, Refusal>> {
  if (!request.body) return ok('');
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of request.body) {
    bytes += chunk.byteLength;
    if (bytes > limits.bodyBytesMax) return refuse(tooLarge(limits));
    if (!share.take(chunk.byteLength)) return refuse(noRoom());
    text += decoder.decode(chunk, { stream: true });
  }
  return ok(text + decoder.decode());
}

/** What one body has taken of the budget. */
interface Share {
  take(bytes: number): boolean;
  giveBack(): void;
}

function createShare(budget: BodyBudget): Share {
  let taken = 0;
  let over = false;
  return {
    take(bytes) {
      // A body that came too late goes on arriving, and nobody would give back what it takes now.
      if (over || !budget.take(bytes)) return false;
      taken += bytes;
      return true;
    },
    giveBack() {
      over = true;
      budget.give(taken);
      taken = 0;
    },
  };
}

function noRoom(): Refusal {
  return refusal('overloaded', { seconds: RETRY_SOON_MS / 1_000 }, { retryAfterMs: RETRY_SOON_MS });
}

function tooLarge(limits: BodyLimits): Refusal {
  return refusal('body_too_large', { limit: limits.bodyBytesMax });
}
