import { ok, refuse, type Result } from '../../base/result.ts';
import { BUSY, tooManyAttempts } from '../../credentials/refusal.ts';
import { digestToken, mintToken } from '../../credentials/tokens.ts';
import { CODE_DIGITS, type SignUpBody, VERIFY_MINUTES } from '../contract.ts';
import type { OutgoingMail } from '../mails/outbox.ts';
import { writeMail } from '../mails/texts.ts';
import { emailKeyOf } from '../person.ts';
import { readPerson } from '../person-store.ts';
import type { PeopleRefusal } from '../refusal.ts';
import type { SignUpFacts, SignUpRung } from '../seams.ts';
import type { Origin } from '../sessions.ts';
import { fromNetwork, mailTo, MINUTE_MS, type WayDeps } from '../way.ts';
import { doorRefusal } from './join.ts';
import { insertSignUp, readSignUp, renewSignUp, type SignUp, type SignUpContent } from './sign-up-store.ts';

/** Mails of one sign-up. */
const SENDS_MAX = 4;

/** What a sign-up came with, besides its body. */
export interface SignUpOrigin extends Origin {
  readonly facts: SignUpFacts;
}

/**
 * Takes a sign-up and sends its mail. Whether the address has an account changes nothing of the answer, and nothing of
 * the work: both hash a password, write one row and one mail; only the mail says another thing. Gives the token of the
 * cookie that tells this browser from others.
 */
export async function signUp(
  deps: WayDeps,
  body: SignUpBody,
  origin: SignUpOrigin,
): Promise<Result<{ readonly browserToken: string }, PeopleRefusal>> {
  const { reader, clock, random, mintId, passwords, attempts, seal, outbox, sessions } = deps;
  const emailKey = emailKeyOf(body.email);
  const waitMs = attempts.take([fromNetwork('sign-up', origin), ...mailTo(emailKey, origin)]);
  if (waitMs !== null) return refuse(tooManyAttempts(waitMs));
  const way = { plan: body.plan, region: deps.regionOf(origin.networkPrefix) };
  deps.door.note('submitted', way);
  const knocked = await deps.door.knock(way, body.invitation);
  if (!knocked.ok) {
    deps.door.note('refused', way);
    return refuse(doorRefusal(knocked.refusal, clock.wallMs()));
  }
  const rungs = await checkProof(deps, body, origin);
  if (!rungs.ok) return rungs;
  const password = await passwords.hash(body.password);
  if (!password.ok) return refuse(BUSY);
  const known = await readPerson(reader, 'email_key', emailKey);
  const { email, locale, invitation } = body;
  const content: SignUpContent = { email, locale, way, invitation, facts: origin.facts, rungs: rungs.value };
  const id = mintId('sup');
  const nowMs = clock.wallMs();
  const secrets = newSecrets(deps, id);
  const browserToken = mintToken(random);
  const made: SignUp = {
    id,
    emailKey,
    known: known !== null,
    sealed: seal.close(content, id),
    password: password.value,
    tokenDigest: digestToken(secrets.token),
    codeDigest: secrets.codeDigest,
    codeTries: 0,
    sends: 1,
    browserDigest: digestToken(browserToken),
    createdAtMs: nowMs,
    expiresAtMs: nowMs + VERIFY_MINUTES * MINUTE_MS,
  };
  await sessions.commit([insertSignUp(made), outbox.put(mailOf(deps, content, secrets, known?.email ?? null))]);
  outbox.poke();
  return ok({ browserToken });
}

/** Sends the mail of a sign-up again, with a new link and code, if this browser has one that may. The answer never tells. */
export async function resend(
  deps: WayDeps,
  email: string,
  browserToken: string | null,
  origin: Origin,
): Promise<Result<null, PeopleRefusal>> {
  const { reader, clock, attempts, seal, sessions, outbox } = deps;
  const emailKey = emailKeyOf(email);
  const waitMs = attempts.take([fromNetwork('sign-up', origin), ...mailTo(emailKey, origin)]);
  if (waitMs !== null) return refuse(tooManyAttempts(waitMs));
  const held =
    browserToken === null
      ? null
      : await readSignUp(reader, 'browser_digest', digestToken(browserToken), clock.wallMs());
  if (held === null || held.emailKey !== emailKey) return ok(null);
  const content = seal.open(held.sealed, held.id) as SignUpContent | null;
  if (content === null) return ok(null);
  const known = await readPerson(reader, 'email_key', emailKey);
  const secrets = newSecrets(deps, held.id);
  const renewed = { tokenDigest: digestToken(secrets.token), codeDigest: secrets.codeDigest };
  const mail = outbox.put(mailOf(deps, content, secrets, known?.email ?? null));
  const written = await sessions.commit([renewSignUp(held.id, renewed, SENDS_MAX), mail]);
  if (written.ok) outbox.poke();
  return ok(null);
}

/** The proof of the challenge, where one is asked for, and what it proves. */
async function checkProof(
  { proofs }: WayDeps,
  { email, proof }: SignUpBody,
  { networkPrefix }: Origin,
): Promise<Result<readonly SignUpRung[], PeopleRefusal>> {
  if (proofs === null) return ok([]);
  const message = 'solve the challenge that GET /portal/v1/sign-up tells, and send the proof with the sign-up';
  if (proof === null) return refuse({ reason: 'proof_needed', message });
  const checked = await proofs.verify(proof, { email, networkPrefix });
  if (checked.ok) return ok(checked.value.rung === null ? [] : [checked.value.rung]);
  const { reason, retryAfterMs } = checked.refusal;
  if (reason === 'busy') return refuse(BUSY);
  const again = 'this proof does not count (any more); ask for another challenge with GET /portal/v1/sign-up';
  return refuse({ reason: 'proof_needed', message: again, ...(retryAfterMs !== undefined && { retryAfterMs }) });
}

interface Secrets {
  readonly token: string;
  readonly code: string;
  readonly codeDigest: Uint8Array;
}

function newSecrets({ random, seal }: WayDeps, signUpId: string): Secrets {
  const code = newCode(random.bytes(8));
  return { token: mintToken(random), code, codeDigest: seal.mac(`${signUpId} ${code}`) };
}

/** 64 random bits for six digits: no digit is likelier than another by more than one part in 10^13. */
function newCode(bytes: Uint8Array): string {
  const number = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
  return String(number % 10n ** BigInt(CODE_DIGITS)).padStart(CODE_DIGITS, '0');
}

function mailOf(
  { links }: WayDeps,
  { email, locale }: SignUpContent,
  { token, code }: Secrets,
  knownEmail: string | null,
): OutgoingMail {
  if (knownEmail !== null) {
    return writeMail(knownEmail, locale, { kind: 'known', link: links.signIn(), forgot: links.forgot() });
  }
  return writeMail(email, locale, { kind: 'verify', code, link: links.verify(token), minutes: VERIFY_MINUTES });
}
