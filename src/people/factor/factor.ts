import { ok, refuse, type Result } from '../../base/result.ts';
import { tooManyAttempts } from '../../credentials/refusal.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import { writeMail } from '../mails/texts.ts';
import type { Person } from '../person.ts';
import { useTotpStep } from '../person-store.ts';
import type { PeopleRefusal } from '../refusal.ts';
import { QUARTER_HOUR_MS, TRIES_OF_ONE_PERSON_MAX, type WayDeps } from '../way.ts';
import { countRecoveryCodes, hasRecoveryCode, takeRecoveryCode } from './factor-store.ts';
import { stepOfCode } from './totp.ts';

const REFUSED: PeopleRefusal = {
  reason: 'second_factor_refused',
  message: 'this code is wrong or was used already; wait for the next one, or use a recovery code',
};

type FactorDeps = Pick<WayDeps, 'reader' | 'clock' | 'attempts' | 'seal' | 'outbox' | 'links'>;

/**
 * What using up a code that is right takes: a code of the authenticator app, or one of the recovery codes. The tries before
 * it are forgiven by `forgiveTries` once it was used: one that was seen, and used already, must not forgive them.
 */
export async function takeFactor(
  deps: FactorDeps,
  person: Person,
  given: string,
): Promise<Result<readonly WriteStatement[], PeopleRefusal>> {
  const limit = { key: triesOf(person.id), max: TRIES_OF_ONE_PERSON_MAX, windowMs: QUARTER_HOUR_MS };
  const waitMs = deps.attempts.take([limit]);
  if (waitMs !== null) return refuse(tooManyAttempts(waitMs));
  const secret = secretOf(deps, person);
  const step = secret === null ? null : stepOfCode(secret, given.replace(/\s/g, ''), deps.clock.wallMs());
  if (step !== null) return ok([useTotpStep(person.id, step)]);
  const digest = digestRecoveryCode(deps, person.id, given);
  if (!(await hasRecoveryCode(deps.reader, person.id, digest))) return refuse(REFUSED);
  const left = (await countRecoveryCodes(deps.reader, person.id)) - 1;
  const told = writeMail(person.email, person.locale, {
    kind: 'recovery_code_used',
    left,
    link: deps.links.security(),
  });
  return ok([takeRecoveryCode(person.id, digest), deps.outbox.put(told)]);
}

export function forgiveTries({ attempts }: Pick<WayDeps, 'attempts'>, personId: string): void {
  attempts.forgive(triesOf(personId));
}

const triesOf = (personId: string) => `factor ${personId}`;

/** Refused when the code was used between its check and the write. */
export const FACTOR_USED = REFUSED;

export function boundToTotp(personId: string): string {
  return `totp ${personId}`;
}

function secretOf({ seal }: FactorDeps, person: Person): string | null {
  return person.totp === null ? null : (seal.open(person.totp, boundToTotp(person.id)) as string | null);
}

/** However it is typed: in small letters, with spaces or without its hyphens. */
export function digestRecoveryCode({ seal }: Pick<WayDeps, 'seal'>, personId: string, code: string): Uint8Array {
  return seal.mac(`recovery ${personId} ${code.toUpperCase().replace(/[^0-9A-Z]/g, '')}`);
}
