/** The largest body of a control request, wherever it comes from. */
export const CONTROL_BODY_BYTES_MAX = 256 * 1024;
/** How long a body may take to arrive. */
const CONTROL_BODY_MS_MAX = 30_000;

/** `cut_off`: whoever sent it went away. */
export type BodyRefusal = 'too_large' | 'too_slow' | 'cut_off';

/** The whole body, however it arrives; no more of it is read once it has more bytes, or took longer, than it may. */
export async function readBytes(
  body: ReadableStream<Uint8Array>,
  { bytesMax, msMax }: { readonly bytesMax: number; readonly msMax: number },
): Promise<Uint8Array<ArrayBuffer> | BodyRefusal> {
  const reader = body.getReader();
  const late = Promise.withResolvers<'too_slow'>();
  const timer = setTimeout(() => late.resolve('too_slow'), msMax);
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const read = await Promise.race([reader.read(), late.promise]);
      if (read === 'too_slow') return read;
      if (read.done) return joined(parts, length);
      length += read.value.byteLength;
      if (length > bytesMax) return 'too_large';
      parts.push(read.value);
    }
  } catch {
    // A body has nothing else that could fail.
    return 'cut_off';
  } finally {
    clearTimeout(timer);
    reader.cancel().catch(() => undefined);
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

/** The same request with its body in hand; or why there is none, as it is to be answered. */
export async function withWholeBody(raw: Request, msMax = CONTROL_BODY_MS_MAX): Promise<Request | BodyProblem> {
  if (raw.body === null) return raw;
  const bytes = await readBytes(raw.body, { bytesMax: CONTROL_BODY_BYTES_MAX, msMax });
  if (typeof bytes === 'string') return PROBLEMS[bytes];
  const { method, headers, signal } = raw;
  return new Request(raw.url, { method, headers, signal, body: bytes });
}

export interface BodyProblem {
  readonly status: 400 | 408 | 413;
  readonly reason: string;
  readonly message: string;
}

const PROBLEMS: Readonly<Record<BodyRefusal, BodyProblem>> = {
  too_slow: { status: 408, reason: 'body_too_slow', message: 'the body did not arrive in time' },
  too_large: {
    status: 413,
    reason: 'body_too_large',
    message: `the body is larger than ${CONTROL_BODY_BYTES_MAX} bytes`,
  },
  cut_off: { status: 400, reason: 'body_cut_off', message: 'the connection closed before the body was whole' },
};
