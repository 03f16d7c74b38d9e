import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { AttemptLimit, Attempts } from '../../credentials/attempts.ts';
import { tooManyAttempts } from '../../credentials/refusal.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import { CODE_DIGITS, CODE_TRIES_MAX, type Locale } from '../contract.ts';
import { addRungDue } from '../person-store.ts';
import type { PeopleRefusal } from '../refusal.ts';
import type { Seal } from '../seal.ts';
import type { PhoneDriver } from './driver.ts';
import { callingCodeOf, type E164, mobileNumberOf } from './number.ts';
import {
  deleteExpiredCodes,
  dropCode,
  type Phone,
  putCode,
  putPhone,
  readPhone,
  readUntold,
  setTold,
  takeCode,
  tryCode,
} from './store.ts';

export interface PhoneDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly attempts: Attempts;
  readonly seal: Seal;
  /** Null where codes cannot be sent. */
  readonly driver: PhoneDriver | null;
  /** Messages a day, whoever asks: what a flood may cost. */
  readonly messagesPerDay: number;
  /** Told of each proved number at least once, for whoever links accounts. */
  readonly learnt: (personId: string, number: E164) => Promise<void>;
}

/** A mobile number as one more way to be sure of a person: one number, one person. */
export interface Phones {
  readonly available: boolean;
  send(
    asked: { readonly personId: string; readonly networkPrefix: string | null },
    body: { readonly number: string; readonly locale: Locale },
  ): Promise<Result<null, PeopleRefusal>>;
  confirm(personId: string, code: string): Promise<Result<Phone, PeopleRefusal>>;
  read(personId: string): Promise<Phone | null>;
  /** Tells of numbers nobody has heard of yet. */
  tell(): Promise<void>;
  sweep(): Promise<void>;
}

const CODE_MS = 600_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const OF_PERSON_PER_HOUR_MAX = 3;
const OF_PERSON_PER_DAY_MAX = 6;
const TO_NUMBER_PER_DAY_MAX = 3;
const OF_NETWORK_PER_DAY_MAX = 20;
/** Of the messages of a day, to one country: numbers that pay whoever has them called are bought by the country. */
const COUNTRY_SHARE = 0.5;
const TOLD_AT_ONCE_MAX = 100;

const UNAVAILABLE: PeopleRefusal = {
  reason: 'phone_unavailable',
  message: 'this service sends no codes to phones; another proof does as well',
};
const NOT_MOBILE: PeopleRefusal = {
  reason: 'phone_refused',
  message: 'this is not a mobile number that can be checked; give one with its country, such as +44 7400 123456',
};
const NOT_SENT: PeopleRefusal = {
  reason: 'phone_not_sent',
  message: 'the code could not be sent; try again in a minute',
  retryAfterMs: 60_000,
};
const CODE_REFUSED: PeopleRefusal = {
  reason: 'code_refused',
  message: `this code is wrong, too old, or was tried ${CODE_TRIES_MAX} times; ask for a new one`,
};
const TAKEN: PeopleRefusal = {
  reason: 'phone_taken',
  message: 'another account has proved this number; a number counts for one',
};

export function createPhones(deps: PhoneDeps): Phones {
  const { storage, clock, seal, driver } = deps;
  const { reader, writer } = storage;

  async function send(
    { personId, networkPrefix }: { personId: string; networkPrefix: string | null },
    body: { number: string; locale: Locale },
  ): Promise<Result<null, PeopleRefusal>> {
    if (driver === null) return refuse(UNAVAILABLE);
    const number = mobileNumberOf(body.number);
    if (number === null) return refuse(NOT_MOBILE);
    const waitMs = deps.attempts.take(limitsOf({ personId, networkPrefix, number, messages: deps.messagesPerDay }));
    if (waitMs !== null) return refuse(tooManyAttempts(waitMs));
    const code = newCode(deps.random);
    const codeDigest = seal.mac(codeText(personId, number, code));
    const expiresAtMs = clock.wallMs() + CODE_MS;
    const sealed = seal.close(number, boundTo(personId));
    await writer.write([putCode({ personId, sealed, codeDigest, expiresAtMs })]);
    const sent = await driver.send(number, code, body.locale);
    if (sent.ok) return ok(null);
    await writer.write([dropCode(personId, codeDigest)]);
    return refuse(sent.refusal === 'refused' ? NOT_MOBILE : NOT_SENT);
  }

  async function confirm(personId: string, code: string): Promise<Result<Phone, PeopleRefusal>> {
    const tried = await writer.write([tryCode(personId, CODE_TRIES_MAX, clock.wallMs())]);
    const row = tried.ok ? tried.value[0]?.rows[0] : undefined;
    if (row === undefined) return refuse(CODE_REFUSED);
    const codeDigest = bytesOf(row['code_digest']);
    const number = seal.open(bytesOf(row['sealed']), boundTo(personId));
    if (typeof number !== 'string') return refuse(CODE_REFUSED);
    const given = seal.mac(codeText(personId, number, code.replace(/\s/g, '')));
    if (!timingSafeEqual(given, codeDigest)) return refuse(CODE_REFUSED);
    const phone: Phone = {
      personId,
      digest: seal.mac(`phone ${number}`),
      ending: number.slice(-2),
      provedAtMs: clock.wallMs(),
      untold: seal.close(number, boundTo(personId)),
    };
    const rung = addRungDue(personId, 'phone');
    const written = await writer.write([takeCode(personId, codeDigest), putPhone(phone), rung]);
    if (written.ok) return ok(phone);
    return refuse(written.refusal.reason === 'constraint' ? TAKEN : CODE_REFUSED);
  }

  async function tell(): Promise<void> {
    for (const { personId, digest, untold } of await readUntold(reader, TOLD_AT_ONCE_MAX)) {
      const number = untold === null ? null : seal.open(untold, boundTo(personId));
      if (typeof number === 'string') await deps.learnt(personId, number);
      await writer.write([setTold(personId, digest)]);
    }
  }

  return {
    available: driver !== null,
    send,
    confirm,
    read: (personId) => readPhone(reader, personId),
    tell,
    async sweep() {
      await writer.write([deleteExpiredCodes(clock.wallMs())]);
    },
  };
}

/** Every message costs, and some people are paid for those that others make a service send. */
function limitsOf(asked: {
  readonly personId: string;
  readonly networkPrefix: string | null;
  readonly number: E164;
  readonly messages: number;
}): AttemptLimit[] {
  const { personId, networkPrefix, number, messages } = asked;
  const ofCountry = Math.max(1, Math.floor(messages * COUNTRY_SHARE));
  return [
    { key: `phone hourly ${personId}`, max: OF_PERSON_PER_HOUR_MAX, windowMs: HOUR_MS },
    { key: `phone daily ${personId}`, max: OF_PERSON_PER_DAY_MAX, windowMs: DAY_MS },
    { key: `phone to ${number}`, max: TO_NUMBER_PER_DAY_MAX, windowMs: DAY_MS },
    { key: `phone from ${networkPrefix ?? ''}`, max: OF_NETWORK_PER_DAY_MAX, windowMs: DAY_MS },
    { key: `phone country ${callingCodeOf(number)}`, max: ofCountry, windowMs: DAY_MS },
    { key: 'phone', max: messages, windowMs: DAY_MS },
  ];
}

const boundTo = (personId: string) => `phone ${personId}`;

const codeText = (personId: string, number: E164, code: string) => `phone code ${personId} ${number} ${code}`;

const CODES = 10 ** CODE_DIGITS;

/** Each as likely as any other: 40 random bits leave no more than a millionth of a difference. */
function newCode(random: Random): string {
  const value = random.bytes(5).reduce((sum, byte) => sum * 256 + byte, 0);
  return String(value % CODES).padStart(CODE_DIGITS, '0');
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}
