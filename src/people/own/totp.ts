import { ok, refuse, type Result } from '../../base/result.ts';
import { tooManyAttempts } from '../../credentials/refusal.ts';
import { RECOVERY_CODES } from '../contract.ts';
import { boundToTotp, digestRecoveryCode } from '../factor/factor.ts';
import {
  dropDraft,
  dropRecoveryCodes,
  insertRecoveryCode,
  putDraft,
  readDraft,
  takeDraft,
} from '../factor/factor-store.ts';
import { newTotpSecret, stepOfCode, totpUri } from '../factor/totp.ts';
import { writeMail } from '../mails/texts.ts';
import { readPerson, requireUnchanged, setTotp, useTotpStep } from '../person-store.ts';
import { CHANGED_MEANWHILE, type PeopleRefusal } from '../refusal.ts';
import { requireSession } from '../session-store.ts';
import { lackOfConfirmation, type PersonSignedIn } from '../signed-in.ts';
import { HOUR_MS, QUARTER_HOUR_MS, TRIES_OF_ONE_PERSON_MAX, type WayDeps } from '../way.ts';

const ON_ALREADY: PeopleRefusal = { reason: 'already_set', message: 'the second factor is on; turn it off first' };
const NOT_BEGUN: PeopleRefusal = { reason: 'not_set', message: 'begin with POST /portal/v1/totp' };
const NOT_ON: PeopleRefusal = { reason: 'not_set', message: 'the second factor is off already' };
const CODE_WRONG: PeopleRefusal = {
  reason: 'code_refused',
  message: 'this is not the code of now; check the clock of the phone, and try the next one',
};

/** A secret for an authenticator app. It counts once `confirmTotp` has seen a code of it. */
export async function startTotp(
  deps: WayDeps,
  issuer: string,
  actor: PersonSignedIn,
): Promise<Result<{ readonly secret: string; readonly uri: string }, PeopleRefusal>> {
  const lack = lackOfConfirmation(actor, deps.clock);
  if (lack !== null) return refuse(lack);
  const person = await readPerson(deps.reader, 'id', actor.id);
  if (person === null) return refuse(CHANGED_MEANWHILE);
  if (person.totp !== null) return refuse(ON_ALREADY);
  const secret = newTotpSecret(deps.random);
  const sealed = deps.seal.close(secret, boundToTotp(person.id));
  await deps.sessions.commit([putDraft(person.id, sealed, deps.clock.wallMs() + HOUR_MS)]);
  return ok({ secret, uri: totpUri(secret, issuer, person.email) });
}

/** Turns the second factor on with a code of it; gives the recovery codes, which are kept as digests alone. */
export async function confirmTotp(
  deps: WayDeps,
  actor: PersonSignedIn,
  code: string,
): Promise<Result<readonly string[], PeopleRefusal>> {
  const lack = lackOfConfirmation(actor, deps.clock);
  if (lack !== null) return refuse(lack);
  const limit = { key: `totp ${actor.id}`, max: TRIES_OF_ONE_PERSON_MAX, windowMs: QUARTER_HOUR_MS };
  const waitMs = deps.attempts.take([limit]);
  if (waitMs !== null) return refuse(tooManyAttempts(waitMs));
  const nowMs = deps.clock.wallMs();
  const person = await readPerson(deps.reader, 'id', actor.id);
  const draft = await readDraft(deps.reader, actor.id, nowMs);
  const secret = draft === null ? null : (deps.seal.open(draft, boundToTotp(actor.id)) as string | null);
  if (person === null || draft === null || secret === null) return refuse(NOT_BEGUN);
  const step = stepOfCode(secret, code.replace(/\s/g, ''), nowMs);
  if (step === null) return refuse(CODE_WRONG);
  const codes = Array.from({ length: RECOVERY_CODES }, () => newRecoveryCode(deps.random.bytes(16)));
  const told = writeMail(person.email, person.locale, { kind: 'totp_on', link: deps.links.security() });
  const written = await deps.sessions.commit([
    requireSession(actor.sessionId),
    requireUnchanged(person),
    takeDraft(person.id, draft),
    setTotp(person.id, draft),
    useTotpStep(person.id, step),
    dropRecoveryCodes(person.id),
    ...codes.map((one) => insertRecoveryCode(person.id, digestRecoveryCode(deps, person.id, one))),
    deps.outbox.put(told),
  ]);
  if (!written.ok) return refuse(CHANGED_MEANWHILE);
  deps.outbox.poke();
  return ok(codes);
}

export async function dropTotp(deps: WayDeps, actor: PersonSignedIn): Promise<Result<null, PeopleRefusal>> {
  const lack = lackOfConfirmation(actor, deps.clock);
  if (lack !== null) return refuse(lack);
  const person = await readPerson(deps.reader, 'id', actor.id);
  if (person === null) return refuse(CHANGED_MEANWHILE);
  if (person.totp === null) return refuse(NOT_ON);
  const told = writeMail(person.email, person.locale, { kind: 'totp_off', link: deps.links.security() });
  const written = await deps.sessions.commit([
    requireSession(actor.sessionId),
    requireUnchanged(person),
    setTotp(person.id, null),
    dropRecoveryCodes(person.id),
    dropDraft(person.id),
    deps.outbox.put(told),
  ]);
  if (!written.ok) return refuse(CHANGED_MEANWHILE);
  deps.outbox.poke();
  return ok(null);
}

/** Crockford's digits: none is mistaken for another. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 80 random bits, such as `4K7Q-9F2M-XW8D-3RTB`. */
function newRecoveryCode(bytes: Uint8Array): string {
  const text = [...bytes].map((byte) => DIGITS[byte & 31]).join('');
  return text.replace(/(.{4})(?=.)/g, '$1-');
}
