/** How one delivery ended. `retry` may help later; `never` will not. */
export type Delivery = { readonly ok: true } | { readonly ok: false; readonly retry: boolean; readonly why: string };

export interface OtlpClient {
  /** Sends one document; never throws. */
  send(path: '/v1/traces' | '/v1/metrics', body: string): Promise<Delivery>;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Statuses after which the protocol asks to send the same again. */
const RETRY_STATUSES: readonly number[] = [429, 502, 503, 504];

/** OTLP over HTTP to one collector. Redirects are refused, so that the headers reach only the host they were written for. */
export function createOtlpClient(
  settings: { readonly endpoint: string; readonly headers: Readonly<Record<string, string>> },
  fetch: Fetch,
  timeoutMs: number,
  stop: AbortSignal,
): OtlpClient {
  const base = settings.endpoint.replace(/\/+$/, '');
  return {
    async send(path, body) {
      try {
        const response = await fetch(base + path, {
          method: 'POST',
          headers: { ...settings.headers, 'content-type': 'application/json' },
          body,
          redirect: 'manual',
          signal: AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]),
        });
        await response.body?.cancel();
        if (response.ok) return { ok: true };
        return { ok: false, retry: RETRY_STATUSES.includes(response.status), why: `status ${response.status}` };
      } catch (error) {
        return { ok: false, retry: true, why: nameOf(error) };
      }
    },
  };
}

/** Only the name or code: a message may hold the address with its credentials. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : error.name;
}
