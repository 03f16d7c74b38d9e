import { answerRefusal } from '../credentials/refusal.ts';

/** Everything the staff's routes refuse. */
export interface StaffRefusal {
  readonly reason: /** Mail address and password do not belong together, or may not sign in; which of it is never told. */
    | 'sign_in_refused'
    | 'password_wrong'
    | 'token_refused'
    | 'setup_done'
    | 'too_many_attempts'
    /** Too many passwords wait to be worked out. */
    | 'busy'
    | 'staff_not_found'
    | 'email_taken'
    | 'too_many_staff'
    | 'not_permitted'
    | 'own_role'
    | 'last_owner'
    | 'staff_disabled'
    | 'changed_meanwhile';
  readonly message: string;
  /** How long to wait before trying again; where waiting helps. */
  readonly retryAfterMs?: number;
}

const STATUS: Readonly<Record<StaffRefusal['reason'], 401 | 403 | 404 | 409 | 429 | 503>> = {
  sign_in_refused: 401,
  password_wrong: 403,
  token_refused: 403,
  setup_done: 409,
  too_many_attempts: 429,
  busy: 503,
  staff_not_found: 404,
  email_taken: 409,
  too_many_staff: 409,
  not_permitted: 403,
  own_role: 403,
  last_owner: 409,
  staff_disabled: 409,
  changed_meanwhile: 409,
};

/** A refusal as control routes answer it. */
export function refusalResponse(refusal: StaffRefusal): Response {
  return answerRefusal(refusal, STATUS[refusal.reason]);
}

export const CHANGED_MEANWHILE: StaffRefusal = {
  reason: 'changed_meanwhile',
  message: 'this has changed in the meantime; look at it again, then try again',
};

/** The command line is nobody in particular: it has no session and no password. */
export function refuseLocal(): Response {
  const message = 'this is about the session of a person; the command line has none';
  return Response.json({ error: { reason: 'no_session', message } }, { status: 409 });
}
