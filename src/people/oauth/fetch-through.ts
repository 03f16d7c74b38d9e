import type { CustomFetch } from 'openid-client';
import type { Outbound } from '../../http/outbound.ts';

const NO_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** Nothing was sent, or no answer came; `code` is the reason of the outbound door. */
class OutboundFault extends TypeError {
  override readonly name = 'OutboundFault';
  readonly code: string;
  constructor(code: string) {
    super(`a provider of sign-ins could not be reached: ${code}`);
    this.code = code;
  }
}

/** A fetch that knows one way out: the checked one. Redirects are answers and are not followed. */
export function fetchThrough(outbound: Pick<Outbound, 'get' | 'post'>): CustomFetch {
  return async function ask(url, { method, headers, body }) {
    const sent =
      method === 'GET'
        ? await outbound.get({ url, headers })
        : await outbound.post({ url, headers, body: bodyOf(body) });
    if (!sent.ok) throw new OutboundFault(sent.refusal.reason);
    const { status, contentType, body: text } = sent.value;
    if (status < 200 || status > 599) throw new OutboundFault('bad_status');
    return new Response(NO_BODY.has(status) ? null : text, {
      status,
      headers: contentType === null ? {} : { 'content-type': contentType },
    });
  };
}

function bodyOf(body: unknown): string {
  if (body === undefined || body === null) return '';
  if (typeof body === 'string' || body instanceof URLSearchParams) return body.toString();
  throw new TypeError('only forms are sent to providers of sign-ins');
}
