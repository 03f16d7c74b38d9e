/** What every way in refuses alike, for staff and for people who signed up. */
export interface TooMany {
  readonly reason: 'too_many_attempts';
  readonly message: string;
  readonly retryAfterMs: number;
}

export interface Busy {
  readonly reason: 'busy';
  readonly message: string;
  readonly retryAfterMs: number;
}

export const BUSY: Busy = {
  reason: 'busy',
  message: 'too many passwords are being checked; try again in a moment',
  retryAfterMs: 2_000,
};

export function tooManyAttempts(waitMs: number): TooMany {
  const minutes = Math.max(1, Math.ceil(waitMs / 60_000));
  const message = `too many attempts; try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
  return { reason: 'too_many_attempts', message, retryAfterMs: waitMs };
}

/** A refusal as an answer, with `retry-after` in whole seconds where waiting helps. */
export function answerRefusal(
  {
    reason,
    message,
    retryAfterMs,
  }: { readonly reason: string; readonly message: string; readonly retryAfterMs?: number },
  status: number,
): Response {
  const headers =
    retryAfterMs === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) };
  return Response.json({ error: { reason, message } }, { status, headers });
}
