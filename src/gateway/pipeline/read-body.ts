import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import { parseJson } from '../../base/safe-json.ts';
import type { ServerConfig } from '../../config/config.ts';
import { type Refusal, refusal } from '../refusal.ts';

type BodyLimits = Pick<ServerConfig, 'bodyBytesMax' | 'bodyTimeoutMs'>;

const LATE = Symbol('late');

/** The body as one JSON object: capped in bytes and time, parsed once. */
export async function readBody(request: Request, limits: BodyLimits): Promise<Result<JsonObject, Refusal>> {
  const encoding = request.headers.get('content-encoding')?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity') return refuse(refusal('content_encoding'));
  if (Number(request.headers.get('content-length') ?? 0) > limits.bodyBytesMax) return refuse(tooLarge(limits));
  const text = await readText(request, limits);
  if (!text.ok) return text;
  const parsed = parseJson(text.value);
  if (!parsed.ok) return refuse(refusal('body_not_json', { ...parsed.refusal }));
  if (!isJsonObject(parsed.value)) {
    return refuse(refusal('body_not_json', { detail: 'it must be one object', detail_zh: '必须是一个对象' }));
  }
  return ok(parsed.value);
}

async function readText(request: Request, limits: BodyLimits): Promise<Result<string, Refusal>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => resolve(LATE), limits.bodyTimeoutMs);
  });
  // A stated length was judged already, and no more than it can arrive.
  const stated = request.headers.has('content-length');
  try {
    const text = await Promise.race([stated ? request.text() : readCounted(request, limits.bodyBytesMax), late]);
    if (text === LATE) return refuse(refusal('body_timeout', { limit: limits.bodyTimeoutMs }));
    return text === null ? refuse(tooLarge(limits)) : ok(text);
  } catch {
    // Either the caller hung up, or the listener has a cap of its own.
    return refuse(request.signal.aborted ? refusal('client_gone') : tooLarge(limits));
  } finally {
    clearTimeout(timer);
  }
}

/** A body of unstated length; null once it is longer than allowed. */
async function readCounted(request: Request, bytesMax: number): Promise<string | null> {
  if (!request.body) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of request.body) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function tooLarge(limits: BodyLimits): Refusal {
  return refusal('body_too_large', { limit: limits.bodyBytesMax });
}
