import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { PaymentsDeps } from './deps.ts';
import type { DriverName, Fact } from './driver.ts';
import { type EventState, markEvent } from './store.ts';

/** What became of a fact. */
export interface Applied {
  readonly state: EventState | 'repeated';
  readonly paymentId: string | null;
  readonly detail: string | null;
}

export const REPEATED: Applied = { state: 'repeated', paymentId: null, detail: null };

/** The fact being applied, and where its marker goes. */
export interface Incoming<Kind extends Fact['kind'] = Fact['kind']> {
  readonly driver: DriverName;
  readonly fact: Fact<Kind>;
}

/** The marker of a fact that has its effect in the same unit. */
export function applied(deps: PaymentsDeps, { driver, fact }: Incoming, paymentId: string): WriteStatement {
  return markEvent(driver, fact, { state: 'applied', paymentId, detail: null, atMs: deps.clock.wallMs() });
}

/** A fact that changes no balance: kept by itself. A refused one is told, since money may have moved for nothing. */
export async function keepEvent(
  deps: PaymentsDeps,
  { driver, fact }: Incoming,
  state: 'applied' | 'ignored' | 'rejected' | 'waiting',
  paymentId: string | null,
  detail: string | null,
): Promise<Applied> {
  const mark = markEvent(driver, fact, { state, paymentId, detail, atMs: deps.clock.wallMs() });
  const kept = await deps.storage.writer.write([mark]);
  if (!kept.ok) return REPEATED;
  if (state === 'rejected') {
    deps.telemetry.notice('warn', 'a payment event was refused: nothing was credited', {
      driver,
      event: fact.eventId,
      kind: fact.kind,
      payment: paymentId ?? 'unknown',
      why: detail ?? '',
    });
  }
  return { state, paymentId, detail };
}
