import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { lineOf, networkPrefix } from '../../base/address.ts';
import type { LaterFacts, SignupFacts } from '../evidence.ts';
import { clientClassOf } from './client-class.ts';
import type { Digest, DigestOf } from './digest.ts';
import { type FieldName, fieldCode } from './fields.ts';
import { type MailFacts, mailFactsOf } from './mail.ts';
import type { NetworkLookup } from './network-lookup.ts';

/** A value of a field, of which nothing but equality can be seen. */
export interface EvidenceValue extends Digest {
  /** See `EVIDENCE`. */
  readonly field: number;
}

/** Whether a mailbox tells of its owner, and of how its owner came by it. */
export interface MailTraits {
  /** At a domain of its own, where whoever holds it can make as many addresses as they like. */
  readonly own: boolean;
  readonly academic: boolean;
  readonly drawn: boolean;
  readonly disposable: boolean;
}

/** What is kept of a sign-up: digests and traits, no address. */
export interface Evidence {
  readonly values: readonly EvidenceValue[];
  readonly mail: MailTraits;
}

export interface EvidenceDeps {
  readonly digestOf: DigestOf;
  readonly lookUp: NetworkLookup;
}

/** Sign-ups this close are in step with one another. */
export const GAP_MS = 900_000;
/** Digits of a phone number that name its block, besides the country's. */
const BLOCK_DIGITS = 5;

type Values = (name: FieldName, value: string | null) => void;

function collect(digestOf: DigestOf): { readonly put: Values; readonly values: EvidenceValue[] } {
  const values: EvidenceValue[] = [];
  return {
    values,
    put(name, value) {
      if (value !== null) values.push({ field: fieldCode(name), ...digestOf(name, value) });
    },
  };
}

/** What a sign-up shows of who is behind it. */
export function evidenceOf(facts: SignupFacts, { digestOf, lookUp }: EvidenceDeps): Evidence {
  const { put, values } = collect(digestOf);
  const mail = mailFactsOf(facts.email);
  putNetwork(put, facts.ip, lookUp);
  put('device', facts.device);
  put('client_class', clientClassOf(facts.headers, facts.tlsClass));
  putMail(put, mail);
  put('signup_gap', String(Math.floor(facts.atMs / GAP_MS)));
  const own = mail.kind === 'organisation';
  const { academic, drawn } = mail;
  return { values, mail: { own, academic, drawn, disposable: mail.kind === 'disposable' } };
}

/** What became known later; the values of a template come from its likeness to others, see `templates`. */
export function laterEvidenceOf(
  facts: Exclude<LaterFacts, { kind: 'template' }>,
  { digestOf, lookUp }: EvidenceDeps,
): EvidenceValue[] {
  const { put, values } = collect(digestOf);
  if (facts.kind === 'card') put('card', facts.fingerprint);
  else if (facts.kind === 'phone') putPhone(put, facts.number);
  else putNetwork(put, facts.ip, lookUp);
  return values;
}

function putNetwork(put: Values, ip: string | null, lookUp: NetworkLookup): void {
  if (ip === null) return;
  put('ip', lineOf(ip));
  put('prefix', networkPrefix(ip));
  const { asn } = lookUp(ip);
  put('organisation', asn === null ? null : String(asn));
}

/** The local part tells nothing where a relay made it up. */
function putMail(put: Values, mail: MailFacts): void {
  if (mail.spellings) put('mail_address', mail.address);
  if (mail.kind === 'relay') return;
  if (mail.kind === 'disposable') put('mail_kind', mail.kind);
  if (mail.kind === 'organisation') {
    put('mail_domain', mail.domain);
    put('mail_kind', `${mail.kind} ${mail.shape}`);
  }
  put('local_root', mail.root);
  put('local_shape', mail.shape);
}

function putPhone(put: Values, number: string): void {
  const parsed = parsePhoneNumberFromString(number);
  put('phone', parsed?.number ?? number.replace(/[^+\d]/g, ''));
  if (parsed) put('phone_prefix', `${parsed.countryCallingCode} ${parsed.nationalNumber.slice(0, BLOCK_DIGITS)}`);
}
