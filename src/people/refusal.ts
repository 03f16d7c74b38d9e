import { type Busy, type TooMany, answerRefusal } from '../credentials/refusal.ts';

const STATUS = {
  /** Mail address and password do not belong together; which of it is never told. */
  sign_in_refused: 401,
  second_factor_refused: 401,
  /** The half of a sign-in that a second factor completes is gone. */
  sign_in_over: 401,
  password_wrong: 403,
  /** A link that was used, has expired, or never was. */
  token_refused: 403,
  code_refused: 403,
  /** The link was opened in a browser that did not sign up. */
  password_needed: 403,
  confirm_needed: 403,
  door_paused: 403,
  door_invite_only: 403,
  invitation_invalid: 403,
  plan_not_offered: 404,
  /** The challenge of `GET /portal/v1/sign-up` is to be solved first, or anew. */
  proof_needed: 403,
  email_taken: 409,
  already_set: 409,
  not_set: 409,
  owns_workspaces: 409,
  session_not_found: 404,
  too_many_accounts: 503,
  changed_meanwhile: 409,
  /** No passkey of a person here, or its answer is not good. */
  passkey_refused: 401,
  /** What was begun has been used, is too old, or was begun in another browser. */
  flow_over: 403,
  passkeys_unavailable: 409,
  passkey_known: 409,
  passkey_not_found: 404,
  too_many_passkeys: 409,
  identity_not_found: 404,
  /** Without it the person could not sign in any more. */
  last_way_in: 409,
  /** Whoever has an address of this domain signs in by single sign-on. */
  sso_required: 403,
  phone_unavailable: 409,
  phone_refused: 403,
  phone_taken: 409,
  phone_not_sent: 503,
  too_many_attempts: 429,
  busy: 503,
} as const;

/** Everything the routes of people refuse. */
export type PeopleRefusal =
  | TooMany
  | Busy
  | {
      readonly reason: Exclude<keyof typeof STATUS, 'too_many_attempts' | 'busy'>;
      readonly message: string;
      /** How long to wait before trying again; where waiting helps. */
      readonly retryAfterMs?: number;
    };

/** A refusal as the routes of the portal answer it. */
export function refusalResponse(refusal: PeopleRefusal): Response {
  return answerRefusal(refusal, STATUS[refusal.reason]);
}

export const CHANGED_MEANWHILE: PeopleRefusal = {
  reason: 'changed_meanwhile',
  message: 'this has changed in the meantime; look at it again, then try again',
};

export const TOKEN_REFUSED: PeopleRefusal = {
  reason: 'token_refused',
  message: 'this link was used, has expired, or was replaced by a newer one; ask for a new one',
};

export const CONFIRM_NEEDED: PeopleRefusal = {
  reason: 'confirm_needed',
  message: 'give the password again with POST /portal/v1/session/confirm, or sign in anew, and then ask this again',
};

/** Whoever asked is gone by now, or is nobody who signed up. */
export function refuseNobody(): Response {
  return answerRefusal({ reason: 'signed_out', message: 'sign in first' }, 401);
}
