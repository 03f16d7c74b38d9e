/** The portal API of the people who sign up, as it stands on the wire. Times are ISO 8601 in UTC. */
import { z } from 'zod';
import { ONE_LINE } from '../base/one-line.ts';

export const LOCALES = ['en', 'zh'] as const;
export const PASSWORD_CHARS_MIN = 10;
export const PASSWORD_CHARS_MAX = 256;
export const NAME_CHARS_MAX = 64;
/** Digits of the code in a mail. */
export const CODE_DIGITS = 6;
/** Tries of one code; after the last one it is dead. */
export const CODE_TRIES_MAX = 5;
/** How long the link and the code of a sign-up hold. */
export const VERIFY_MINUTES = 30;
export const RESET_MINUTES = 30;
export const RECOVERY_CODES = 10;
/** A dangerous change asks for a sign-in, or a password given again, no older than this. */
export const CONFIRMED_MINUTES = 15;
/** Days in which a deletion can be taken back. */
export const DELETION_DAYS = 14;
export const PASSKEYS_MAX = 10;
/** Mails kept where there is no mail server. */
export const OUTBOX_MAX = 100;

/** Ends the check there: what comes after it, a pattern above all, may take long over a long text. */
const atMost = (characters: number, error = `must have at most ${characters} characters`) =>
  z.string('must be a text').max(characters, { error, abort: true });

const MAIL_WORDS = 'must be a mail address such as name@example.com';
export const mailAddress = atMost(254, 'must be a mail address of at most 254 characters')
  .trim()
  .regex(
    /^[^\s@\p{Cc}\p{Cs}<>(),;:"[\]\\]{1,64}@[^\s@\p{Cc}\p{Cs}<>(),;:"[\]\\]+\.[^\s@\p{Cc}\p{Cs}<>(),;:"[\]\\.]+$/u,
    MAIL_WORDS,
  );

const NAME_WORDS = `must be 1 to ${NAME_CHARS_MAX} printable characters`;
export const personName = atMost(NAME_CHARS_MAX, NAME_WORDS).trim().regex(ONE_LINE, NAME_WORDS);

/** A password somebody chooses: length is what counts, so nothing is asked of its characters. */
const newPassword = atMost(PASSWORD_CHARS_MAX).min(
  PASSWORD_CHARS_MIN,
  `must have at least ${PASSWORD_CHARS_MIN} characters`,
);
/** A password somebody claims to know: whatever it is, it is compared. */
const claimedPassword = atMost(1024);
const token = atMost(256);
const code = atMost(32);
const locale = z.enum(LOCALES, `must be one of ${LOCALES.join(', ')}`);
/** A page of the portal to go to afterwards. */
const next = atMost(512).regex(/^\/(?![/\\])[\x21-\x7e]*$/, 'must be a path of the portal, such as /keys');

/** `waitlisted`: the mail is proved and the door has not let them in yet. `deletion_pending`: it can be taken back. */
export const personState = z.enum(['waitlisted', 'active', 'deletion_pending']);

export const personView = z.object({
  /** That of their own account: `acct_...`. */
  id: z.string(),
  /** As they wrote it. */
  email: z.string(),
  name: z.string(),
  locale,
  state: personState,
  created_at: z.string(),
  /** False for whoever came in by another service, or by a passkey alone. */
  has_password: z.boolean(),
  /** Whether a code of an authenticator app is asked for after the password. */
  totp: z.boolean(),
  recovery_codes_left: z.number(),
  /** The address a change to waits for, until both are confirmed; null when none does. */
  email_pending: z.string().nullable(),
  /** When the account goes; null unless `deletion_pending`. */
  deletion_at: z.string().nullable(),
});

/** What stops the account now: the person may read and contest, and change nothing else. */
export const ownStopView = z.object({
  id: z.string(),
  cause: z.string(),
  reason: z.string(),
  at: z.string(),
  /** Null: until it is lifted. */
  until: z.string().nullable(),
});

/** `GET /portal/v1/session`, and what every way in answers. */
export const sessionView = z.object({
  /** `second_factor_needed`: the password was right, and `POST /portal/v1/session/second-factor` comes next. */
  state: z.enum(['signed_out', 'second_factor_needed', 'signed_in']),
  /** Null unless signed in. */
  person: personView.nullable(),
  /** For the header `x-candor-csrf`; null unless signed in. */
  csrf: z.string().nullable(),
  /** When the session ends at the latest; null unless signed in. */
  expires_at: z.string().nullable(),
  /** Until when dangerous changes need no password again; null unless signed in. */
  confirmed_until: z.string().nullable(),
  /** Null when nothing stops the account. */
  stop: ownStopView.nullable(),
  /** For `GET /portal/v1/waitlist/{ticket}`; null unless waitlisted. */
  waitlist_ticket: z.string().nullable(),
});

const doorState = z.enum(['open', 'invite_only', 'waitlist', 'paused']);

/** What must be solved before a sign-up is taken. */
export const challengeView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({
    /**
     * Find a text so that the first four bytes of scrypt (RFC 7914) over the mail address in small letters, a line feed and
     * the text, salted with `nonce`, read as a number (the highest byte first), lie under `below`. Nothing to see, nothing to click.
     */
    kind: z.literal('proof_of_work'),
    nonce: z.string(),
    scrypt: z.object({ n: z.number(), r: z.number(), p: z.number() }),
    below: z.number(),
    /** How many texts it takes on average. */
    tries: z.number(),
    expires_at: z.string(),
    /** The same without computing: this nonce counts from `ready_at` on, with an empty solution. */
    wait: z.object({ nonce: z.string(), ready_at: z.string(), expires_at: z.string() }),
  }),
]);

/** `GET /portal/v1/sign-up?plan=`: what stands at the door for whoever asks. */
export const signUpQuery = z.object({ plan: z.string().max(64).optional() });
export const signUpDoorView = z.object({
  plans: z.array(
    z.object({
      /** Null: the way in for whoever names no plan. */
      plan: z.string().nullable(),
      state: doorState,
      /** What the operator says of it, in their words; null where they say nothing. */
      reason: z.string().nullable(),
      /** When it may be tried again, where that is known. */
      retry_at: z.string().nullable(),
    }),
  ),
  challenge: challengeView,
  /** Other services one can sign up and in with, by `GET /portal/v1/oauth/{provider}/start`. */
  providers: z.array(z.object({ id: z.string(), name: z.string() })),
});

/** `POST /portal/v1/sign-up` */
export const signUpBody = z.strictObject({
  email: mailAddress,
  password: newPassword,
  locale: locale.default('en'),
  plan: atMost(64).nullable().default(null),
  /** The code of an invitation, where the door asks for one. */
  invitation: atMost(128).nullable().default(null),
  /** The solution of the challenge; an empty one for a nonce of `wait`. */
  proof: z
    .strictObject({ nonce: atMost(512), solution: atMost(128) })
    .nullable()
    .default(null),
  /** Milliseconds from showing the form to sending it. */
  form_ms: z.number('must be a number').min(0).max(86_400_000).nullable().default(null),
  terms_accepted: z.literal(true, 'must be true: nobody signs up without accepting the terms'),
});

/** 202 of a sign-up and of asking for its mail again: the same for every address. */
export const checkMailView = z.object({
  state: z.literal('check_mail'),
  /** How long the link and the code in the mail hold. */
  minutes: z.number(),
});

/**
 * `POST /portal/v1/sign-up/verify`: the token behind `#` of the link, or the code, which counts in the browser that signed
 * up alone. The link in another browser needs the password too: whoever reads the mail need not have chosen it.
 */
export const verifyBody = z.union(
  [z.strictObject({ token, password: claimedPassword.optional() }), z.strictObject({ email: mailAddress, code })],
  'must hold token, or email and code',
);

/** `POST /portal/v1/sign-up/resend` */
export const resendBody = z.strictObject({ email: mailAddress });

/** `GET /portal/v1/waitlist/{ticket}` */
export const waitlistView = z.object({
  state: z.enum(['waiting', 'admitted']),
  /** How many stand before them, as a range; null when admitted. */
  ahead: z.object({ from: z.number(), to: z.number() }).nullable(),
  /** When their turn may come, as a range; null when it cannot be told. */
  expected: z.object({ from: z.string(), to: z.string() }).nullable(),
  joined_at: z.string(),
  /** Seconds to wait before asking again. */
  poll_after_s: z.number(),
});

/** `POST /portal/v1/session` */
export const signInBody = z.strictObject({ email: atMost(254), password: claimedPassword });

/** `POST /portal/v1/session/second-factor`: six digits of the authenticator app, or a recovery code. */
export const secondFactorBody = z.strictObject({ code });

/** `POST /portal/v1/session/confirm` */
export const confirmBody = z.strictObject({ password: claimedPassword });

/** How many sessions an answer ended. */
export const endedView = z.object({ ended: z.number() });

/** `GET /portal/v1/sessions` */
export const sessionListView = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      /** The one that asks. */
      current: z.boolean(),
      /** What it was begun with. */
      method: z.enum(['password', 'passkey', 'oauth', 'sso', 'verified_mail']),
      /** The browser in a few words, such as `Firefox on Linux`; null when it says nothing known. */
      client: z.string().nullable(),
      created_at: z.string(),
      /** To the minute. */
      last_used_at: z.string(),
      expires_at: z.string(),
      /** /24 or /48 of where it was begun; null when unknown. */
      network_prefix: z.string().nullable(),
    }),
  ),
});

/** `POST /portal/v1/password/forgot` */
export const forgotBody = z.strictObject({ email: mailAddress, locale: locale.default('en') });
/** `POST /portal/v1/password/reset`: every session ends, and nobody is signed in. */
export const resetBody = z.strictObject({ token, password: newPassword });
/** `POST /portal/v1/password`: the current one may be left out where there is none yet. */
export const changePasswordBody = z.strictObject({
  current_password: claimedPassword.nullable().default(null),
  new_password: newPassword,
});
export const doneView = z.object({ done: z.literal(true) });

/** `POST /portal/v1/email`: both addresses get a link; the change takes place once both were opened. */
export const changeEmailBody = z.strictObject({ email: mailAddress });
/** `POST /portal/v1/email/confirm` */
export const confirmEmailBody = z.strictObject({ token });
export const emailConfirmedView = z.object({
  /** `waiting`: the other address has not confirmed yet. */
  state: z.enum(['waiting', 'changed']),
});

/** `POST /portal/v1/totp`: to be confirmed with a code before it counts. */
export const totpStartedView = z.object({
  /** Base 32, for typing. */
  secret: z.string(),
  /** `otpauth://totp/...`, for a QR code. */
  uri: z.string(),
});
/** `POST /portal/v1/totp/confirm` */
export const totpConfirmBody = z.strictObject({ code });
/** Shown once. */
export const recoveryCodesView = z.object({ recovery_codes: z.array(z.string()) });

/** What the browser's own interface of passkeys takes and gives: WebAuthn Level 3, section 5, as JSON. */
const webauthnJson = z.record(z.string(), z.unknown());
const flow = atMost(1024);
/** `POST /portal/v1/session/passkey/options`, `POST /portal/v1/passkeys/options` */
export const passkeyOptionsView = z.object({
  /** To be sent back with the answer. */
  flow: z.string(),
  options: webauthnJson,
});
/** `POST /portal/v1/session/passkey` */
export const passkeySignInBody = z.strictObject({ flow, response: webauthnJson });
/** `POST /portal/v1/passkeys` */
export const addPasskeyBody = z.strictObject({ flow, response: webauthnJson, name: personName });
export const passkeyView = z.object({
  id: z.string(),
  name: z.string(),
  created_at: z.string(),
  last_used_at: z.string().nullable(),
  /** Whether it is kept in an account of its maker and comes along to other devices. */
  synced: z.boolean(),
});
export const passkeyListView = z.object({ data: z.array(passkeyView) });
/** `PATCH /portal/v1/passkeys/{id}` */
export const renamePasskeyBody = z.strictObject({ name: personName });

/** `GET /portal/v1/oauth/{provider}/start`: a redirect to the provider. */
export const oauthStartQuery = z.object({
  next: next.optional(),
  plan: z.string().max(64).optional(),
  invitation: z.string().max(128).optional(),
});
/** `GET /portal/v1/oauth/{provider}/callback`: a redirect to a page of the portal. */
export const oauthCallbackQuery = z.object({
  state: z.string().max(512).optional(),
  code: z.string().max(4096).optional(),
  error: z.string().max(256).optional(),
  iss: z.string().max(512).optional(),
  error_description: z.string().max(1024).optional(),
});

/** Why somebody comes back from another service without a session; the sign-in page says it in words. */
export const WAY_PROBLEMS = [
  /** Too late, used, or begun in another browser. */
  'flow_over',
  /** The person, or the service, said no. */
  'provider_declined',
  /** The service does not answer, or what it answers does not hold. */
  'provider_failed',
  /** The service does not say that the mail address is theirs. */
  'email_unverified',
  /** The address has an account: sign in as usual, then connect the service. */
  'link_needed',
  /** Somebody else has connected this account of the service. */
  'connected_elsewhere',
  /** The address signs in by the single sign-on of its organisation. */
  'sso_required',
  /** The organisation does not let this person in. */
  'sso_refused',
  'door_paused',
  'door_invite_only',
  'session_over',
  /** To connect a service asks for a recent sign-in, or the password given again. */
  'confirm_needed',
  'too_many_attempts',
  'not_now',
] as const;

/** `GET /portal/v1/oauth`: the services one can connect, and those that are. */
export const identityListView = z.object({
  data: z.array(
    z.object({
      /** For `DELETE /portal/v1/oauth/{id}`. */
      id: z.string(),
      /** Its issuer, or the address its tokens come from. */
      service: z.string(),
      /** What the service calls them there; null when it tells none. */
      email: z.string().nullable(),
      created_at: z.string(),
      last_used_at: z.string().nullable(),
    }),
  ),
  providers: z.array(z.object({ id: z.string(), name: z.string() })),
});

/** `POST /portal/v1/sso`: whether single sign-on is asked of whoever has this address. The same for every address of a domain. */
export const ssoQuestionBody = z.strictObject({ email: mailAddress, next: next.optional() });
export const ssoAnswerView = z.object({
  /** `optional`: a password does too. */
  sso: z.enum(['none', 'optional', 'required']),
  /** Where the browser goes to sign in; null for `none`. */
  start: z.string().nullable(),
});

/** `GET /portal/v1/sso/start` */
export const ssoStartQuery = z.object({ domain: z.string().max(253), next: next.optional() });

/** `POST /portal/v1/phone`: a code goes to the number. */
export const phoneBody = z.strictObject({
  /** With its country, such as +44 7400 123456. */
  number: atMost(32).min(4, 'must be a number such as +44 7400 123456'),
  locale: locale.default('en'),
});
/** `POST /portal/v1/phone/confirm` */
export const phoneConfirmBody = z.strictObject({ code });
export const phoneView = z.object({
  /** Whether codes can be sent at all. */
  available: z.boolean(),
  state: z.enum(['none', 'code_sent', 'proved']),
  /** Its last two digits; null unless proved. */
  ending: z.string().nullable(),
  proved_at: z.string().nullable(),
});

/** `PATCH /portal/v1/me`: what is left out stays. */
export const changeMeBody = z
  .strictObject({ name: personName.optional(), locale: locale.optional() })
  .refine((body) => Object.keys(body).length > 0, 'names nothing to change');

/** `GET /portal/v1/me/export`: everything that is kept of the person, by the part of the service that keeps it. */
export const exportView = z.object({
  exported_at: z.string(),
  person: z.record(z.string(), z.unknown()),
  parts: z.record(z.string(), z.unknown()),
});

/** `GET /portal/v1/outbox`: mails that no server takes, for development alone; the newest first. */
export const outboxView = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      at: z.string(),
      to: z.string(),
      subject: z.string(),
      body: z.string(),
      /** The link in it; null when it has none. */
      link: z.string().nullable(),
    }),
  ),
});

export type Locale = (typeof LOCALES)[number];
export type PersonView = z.infer<typeof personView>;
export type SessionView = z.infer<typeof sessionView>;
export type SessionListView = z.infer<typeof sessionListView>;
export type SignUpBody = z.output<typeof signUpBody>;
export type SignUpDoorView = z.infer<typeof signUpDoorView>;
export type WaitlistView = z.infer<typeof waitlistView>;
export type PasskeyView = z.infer<typeof passkeyView>;
export type IdentityListView = z.infer<typeof identityListView>;
export type WayProblem = (typeof WAY_PROBLEMS)[number];
export type ChallengeView = z.infer<typeof challengeView>;
export type PhoneView = z.infer<typeof phoneView>;
export type OutboxView = z.infer<typeof outboxView>;
