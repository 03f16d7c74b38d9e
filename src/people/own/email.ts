import { ok, refuse, type Result } from '../../base/result.ts';
import { tooManyAttempts } from '../../credentials/refusal.ts';
import { digestToken, mintToken } from '../../credentials/tokens.ts';
import { dropResetsOf } from '../entry/reset-store.ts';
import { writeMail } from '../mails/texts.ts';
import { emailKeyOf, type Person } from '../person.ts';
import { readPerson, requireUnchanged, setEmail } from '../person-store.ts';
import { CHANGED_MEANWHILE, type PeopleRefusal, TOKEN_REFUSED } from '../refusal.ts';
import type { Origin } from '../sessions.ts';
import { lackOfConfirmation, type PersonSignedIn } from '../signed-in.ts';
import { fromNetwork, HOUR_MS, mailTo, type WayDeps } from '../way.ts';
import {
  confirmBy,
  type EmailChange,
  putEmailChange,
  readEmailChange,
  readEmailChangeBy,
  takeEmailChange,
} from './email-store.ts';

const CHANGE_HOURS = 24;

/**
 * Begins to move an account to another mail address: a link goes to both. Whether the new one has an account already is
 * not told here; its holder is.
 */
export async function startEmailChange(
  deps: WayDeps,
  actor: PersonSignedIn,
  email: string,
): Promise<Result<Person, PeopleRefusal>> {
  const { reader, clock, random, attempts, sessions, outbox, links } = deps;
  const lack = lackOfConfirmation(actor, clock);
  if (lack !== null) return refuse(lack);
  const person = await readPerson(reader, 'id', actor.id);
  if (person === null) return refuse(CHANGED_MEANWHILE);
  const emailKey = emailKeyOf(email);
  const waitMs = attempts.take([...mailTo(emailKey, actor), ...mailTo(person.emailKey, actor)]);
  if (waitMs !== null) return refuse(tooManyAttempts(waitMs));
  const holder = await readPerson(reader, 'email_key', emailKey);
  const taken = holder !== null && holder.id !== person.id;
  const [oldToken, newToken] = [mintToken(random), mintToken(random)];
  const expiresAtMs = clock.wallMs() + CHANGE_HOURS * HOUR_MS;
  const digests = { oldDigest: digestToken(oldToken), newDigest: digestToken(newToken) };
  const waiting = { oldConfirmed: false, newConfirmed: false, expiresAtMs };
  const toNew = taken
    ? ({ kind: 'known', link: links.signIn(), forgot: links.forgot() } as const)
    : ({ kind: 'confirm_new', link: links.confirmEmail(newToken), hours: CHANGE_HOURS } as const);
  const toOld = { kind: 'confirm_old', to: email, link: links.confirmEmail(oldToken), hours: CHANGE_HOURS } as const;
  const written = await sessions.commit([
    requireUnchanged(person),
    putEmailChange({ personId: person.id, email, emailKey, ...digests, ...waiting }),
    outbox.put(writeMail(person.email, person.locale, toOld)),
    outbox.put(writeMail(email, person.locale, toNew)),
  ]);
  if (!written.ok) return refuse(CHANGED_MEANWHILE);
  outbox.poke();
  return ok(person);
}

/** Takes one of the two links; with the second one the account moves. */
export async function confirmEmail(
  deps: WayDeps,
  token: string,
  origin: Origin,
): Promise<Result<'waiting' | 'changed', PeopleRefusal>> {
  const { reader, clock, attempts, sessions } = deps;
  const waitMs = attempts.take([fromNetwork('confirm-email', origin)]);
  if (waitMs !== null) return refuse(tooManyAttempts(waitMs));
  const digest = digestToken(token);
  const found = await readEmailChangeBy(reader, digest, clock.wallMs());
  if (found === null) return refuse(TOKEN_REFUSED);
  const noted = await sessions.commit([confirmBy(found.personId, digest)]);
  if (!noted.ok) return refuse(TOKEN_REFUSED);
  const change = await readEmailChange(reader, found.personId, clock.wallMs());
  if (change === null || !change.oldConfirmed || !change.newConfirmed) return ok('waiting');
  return move(deps, change);
}

async function move(deps: WayDeps, change: EmailChange): Promise<Result<'changed', PeopleRefusal>> {
  const { reader, sessions, outbox, links } = deps;
  const person = await readPerson(reader, 'id', change.personId);
  if (person === null) return refuse(TOKEN_REFUSED);
  const told = { kind: 'email_changed', to: change.email, link: links.signIn() } as const;
  const written = await sessions.commit([
    takeEmailChange(person.id, change.newDigest),
    requireUnchanged(person),
    setEmail(person.id, change.email, change.emailKey),
    // A link that went to the old address must not open the account any more.
    dropResetsOf(person.id),
    outbox.put(writeMail(person.email, person.locale, told)),
    outbox.put(writeMail(change.email, person.locale, told)),
  ]);
  if (written.ok) {
    outbox.poke();
    return ok('changed');
  }
  if (written.refusal.reason === 'rows') return refuse(CHANGED_MEANWHILE);
  return refuse({ reason: 'email_taken', message: 'somebody else has this mail address by now; choose another one' });
}
