import { garbage } from './fault.ts';
import type { AttemptGuard } from './guard.ts';

/** Up to this length a body is read in one go; a longer one is counted, and its silences seen, chunk by chunk. */
const ONE_GO_BYTES_MAX = 64 * 1024;

/** A whole body as text, at most `bytesMax` long; longer throws `garbage`. Broken UTF-8 becomes U+FFFD. */
export async function takeWhole(response: Response, bytesMax: number, guard: AttemptGuard): Promise<string> {
  const declared = declaredLength(response.headers);
  if (declared !== undefined) {
    if (declared > bytesMax) throw tooLarge(bytesMax);
    if (declared <= ONE_GO_BYTES_MAX) return response.text();
  }
  return takeChunks(response, bytesMax, guard);
}

async function takeChunks(response: Response, bytesMax: number, guard: AttemptGuard): Promise<string> {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    guard.waiting();
    const { done, value } = await reader.read();
    guard.gotChunk();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > bytesMax) throw tooLarge(bytesMax);
    text += decoder.decode(value, { stream: true });
  }
}

function declaredLength(headers: Headers): number | undefined {
  const value = headers.get('content-length');
  return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

function tooLarge(bytesMax: number): Error {
  return garbage(`the upstream's body is larger than ${bytesMax} bytes`);
}
