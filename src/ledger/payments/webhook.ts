import type { Clock } from '../../base/clock.ts';
import type { Telemetry } from '../../telemetry/telemetry.ts';
import type { CardSeen, PaymentDriver } from './driver.ts';
import type { Payments } from './create.ts';

export interface WebhookDeps {
  readonly driver: PaymentDriver;
  readonly payments: Pick<Payments, 'apply'>;
  /** Hears of cards that paid; the same one again whenever it pays. */
  readonly onCard: (card: CardSeen) => Promise<void>;
  /** Hears of payments that somebody took back at their bank, each once. */
  readonly onDisputed: (paymentId: string) => Promise<void>;
  readonly clock: Clock;
  readonly telemetry: Pick<Telemetry, 'notice' | 'fault'>;
  /** Time a body may take to arrive. */
  readonly bodyTimeoutMs: number;
}

/** Several times the largest event a driver sends. */
const BODY_BYTES_MAX = 1_048_576;

/**
 * What a driver of money tells us. It sends again whatever is not answered with 2xx, so 200 is said of everything that
 * is signed and durable, a refused event among it; 401 of what is not signed; 503 of what could not be kept.
 */
export function createWebhook(deps: WebhookDeps): (request: Request) => Promise<Response> {
  return async function handle(request) {
    if (request.method !== 'POST') return answer(405, 'method_not_allowed', { allow: 'POST' });
    const body = await readBytes(request, deps.bodyTimeoutMs);
    if (body === 'too_large') return answer(413, 'body_too_large');
    if (body === 'too_late') return answer(408, 'body_timeout');
    const read = deps.driver.readWebhook({ body, headers: request.headers, atMs: deps.clock.wallMs() });
    if (!read.ok) {
      const { reason } = read.refusal;
      deps.telemetry.notice('warn', 'a payment event could not be believed', { driver: deps.driver.name, why: reason });
      return reason === 'malformed' ? answer(400, reason) : answer(401, reason);
    }
    try {
      const states: string[] = [];
      for (const fact of read.value) {
        if (fact.kind === 'card_seen') {
          await deps.onCard(fact);
          continue;
        }
        const { state, paymentId } = await deps.payments.apply(deps.driver.name, fact);
        states.push(state);
        if (fact.kind === 'disputed' && state === 'applied' && paymentId !== null) await deps.onDisputed(paymentId);
      }
      return answer(200, states[0] ?? 'ignored');
    } catch (error) {
      deps.telemetry.fault('apply a payment event', error);
      return answer(503, 'try_again', { 'retry-after': '60' });
    }
  };
}

async function readBytes(request: Request, timeoutMs: number): Promise<Uint8Array | 'too_large' | 'too_late'> {
  if (Number(request.headers.get('content-length') ?? 0) > BODY_BYTES_MAX) return 'too_large';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<'too_late'>((resolve) => {
    timer = setTimeout(() => resolve('too_late'), timeoutMs);
  });
  try {
    return await Promise.race([readCounted(request), late]);
  } catch {
    return 'too_late';
  } finally {
    clearTimeout(timer);
  }
}

async function readCounted(request: Request): Promise<Uint8Array | 'too_large'> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > BODY_BYTES_MAX) return 'too_large';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function answer(status: number, state: string, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(status === 200 ? { received: true, state } : { error: { reason: state } }, { status, headers });
}
