import { refuse, ok, type Result } from '../../base/result.ts';
import type { Attempts } from '../../credentials/attempts.ts';
import type { PortalRefusal } from '../refusals.ts';

/** Places for questions that take a while: of one account at the same time, of all together, and in a minute. */
export interface TurnLimits {
  readonly name: string;
  readonly ofAccountMax: number;
  readonly allMax: number;
  readonly perMinuteMax: number;
}

export type Turns = <Value>(accountId: string, work: () => Promise<Value>) => Promise<Result<Value, PortalRefusal>>;

const MINUTE_MS = 60_000;

/** Whoever signs up may ask, and what answers is shared with those who run the service: nobody takes all of it. */
export function createTurns(attempts: Attempts, { name, ofAccountMax, allMax, perMinuteMax }: TurnLimits): Turns {
  const running = new Map<string, number>();
  let all = 0;
  return async function inTurn(accountId, work) {
    const own = running.get(accountId) ?? 0;
    if (own >= ofAccountMax || all >= allMax) return refuse(TOO_MANY);
    const waitMs = attempts.take([{ key: `${name} ${accountId}`, max: perMinuteMax, windowMs: MINUTE_MS }]);
    if (waitMs !== null) return refuse(TOO_MANY);
    running.set(accountId, own + 1);
    all++;
    try {
      return ok(await work());
    } finally {
      all--;
      const left = (running.get(accountId) ?? 1) - 1;
      if (left === 0) running.delete(accountId);
      else running.set(accountId, left);
    }
  };
}

const TOO_MANY: PortalRefusal = {
  status: 429,
  reason: 'too_many_questions',
  message: 'much is being asked at the same time; wait a moment and ask again',
};
