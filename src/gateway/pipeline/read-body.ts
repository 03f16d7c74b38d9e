import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import { parseJson } from '../../base/safe-json.ts';
import type { ServerConfig } from '../../config/config.ts';
import { type Refusal, refusal } from '../refusal.ts';

type BodyLimits = Pick<ServerConfig, 'bodyBytesMax' | 'bodyTimeoutMs'>;

/** The body as one JSON object: capped in bytes and time, parsed once. */
export async function readBody(request: Request, limits: BodyLimits): Promise<Result<JsonObject, Refusal>> {
  const encoding = request.headers.get('content-encoding')?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity') return refuse(refusal('content_encoding'));
  if (Number(request.headers.get('content-length') ?? 0) > limits.bodyBytesMax) {
    return refuse(refusal('body_too_large', { limit: limits.bodyBytesMax }));
  }
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
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), limits.bodyTimeoutMs);
  });
  try {
    const text = await Promise.race([request.text(), late]);
    if (text === null) return refuse(refusal('body_timeout', { limit: limits.bodyTimeoutMs }));
    return ok(text);
  } catch {
    // The listener refuses bodies without a stated length once they pass the cap; a caller that hangs up ends here too.
    if (request.signal.aborted) return refuse(refusal('client_gone'));
    return refuse(refusal('body_too_large', { limit: limits.bodyBytesMax }));
  } finally {
    clearTimeout(timer);
  }
}
