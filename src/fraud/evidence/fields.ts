import type { Family } from '../evidence.ts';

/** A field of evidence, what it tells and how long it is kept. `docs/privacy.md` is held against this table. */
export interface EvidenceField {
  readonly name: FieldName;
  readonly family: Family;
  /** How it is worked out; a field that is worked out anew is another version. */
  readonly version: number;
  readonly retentionDays: number;
  /** How often two accounts of one operator agree in it, by published figures of fraud rings. */
  readonly m: number;
  /** Newest accounts with the same value that a new one is compared with; 0: never compared for this alone. */
  readonly compared: number;
  /** Sanctioned accounts with the same value are looked at, whether an account is the return of one. */
  readonly finds: boolean;
}

export type FieldName =
  | 'ip'
  | 'prefix'
  | 'organisation'
  | 'device'
  | 'client_class'
  | 'mail_address'
  | 'mail_domain'
  | 'local_root'
  | 'local_shape'
  | 'card'
  | 'phone'
  | 'phone_prefix'
  | 'template'
  | 'signup_gap'
  | 'mail_kind'
  | 'wording';

/** The place of a field in this list is its code in memory and on the disk: new ones go to the end. */
export const EVIDENCE: readonly EvidenceField[] = [
  { name: 'ip', family: 'network', version: 1, retentionDays: 90, m: 0.25, compared: 40, finds: true },
  { name: 'prefix', family: 'network', version: 1, retentionDays: 90, m: 0.3, compared: 40, finds: true },
  { name: 'organisation', family: 'network', version: 1, retentionDays: 90, m: 0.5, compared: 0, finds: false },
  { name: 'device', family: 'device', version: 1, retentionDays: 180, m: 0.25, compared: 40, finds: true },
  { name: 'client_class', family: 'client', version: 1, retentionDays: 90, m: 0.8, compared: 0, finds: false },
  { name: 'mail_address', family: 'mail', version: 1, retentionDays: 365, m: 0.3, compared: 40, finds: true },
  { name: 'mail_domain', family: 'mail', version: 1, retentionDays: 180, m: 0.4, compared: 40, finds: true },
  { name: 'local_root', family: 'mail', version: 1, retentionDays: 180, m: 0.3, compared: 40, finds: true },
  { name: 'local_shape', family: 'mail', version: 1, retentionDays: 180, m: 0.5, compared: 0, finds: false },
  { name: 'card', family: 'payment', version: 1, retentionDays: 365, m: 0.25, compared: 40, finds: true },
  { name: 'phone', family: 'payment', version: 1, retentionDays: 365, m: 0.25, compared: 40, finds: true },
  { name: 'phone_prefix', family: 'payment', version: 1, retentionDays: 180, m: 0.3, compared: 0, finds: false },
  { name: 'template', family: 'content', version: 1, retentionDays: 60, m: 0.6, compared: 40, finds: true },
  { name: 'signup_gap', family: 'time', version: 1, retentionDays: 90, m: 0.4, compared: 0, finds: false },
  { name: 'mail_kind', family: 'mail', version: 1, retentionDays: 180, m: 0.5, compared: 0, finds: false },
  { name: 'wording', family: 'content', version: 1, retentionDays: 60, m: 0.5, compared: 0, finds: true },
];

/** Pairs of words kept of one prompt, and of all early prompts of an account: at some 50 bytes each in memory. */
export const WORDINGS_KEPT = 24;
export const WORDINGS_OF_ACCOUNT_MAX = 32;

const CODES: ReadonlyMap<string, number> = new Map(EVIDENCE.map(({ name }, code) => [name, code]));

export function fieldCode(name: string): number {
  const code = CODES.get(name);
  if (code === undefined) throw new RangeError(`no field of evidence is called ${name}`);
  return code;
}

export function fieldAt(code: number): EvidenceField {
  const field = EVIDENCE[code];
  if (field === undefined) throw new RangeError(`no field of evidence has the code ${code}`);
  return field;
}
