import type { ImposeRequest } from '../../../src/enforcement/sanctions/contract.ts';

/** What the form holds; times as fields of a browser write them, in its own time zone. */
export interface ImposeFields {
  account: string | null;
  kind: ImposeRequest['unit']['kind'];
  name: string;
  step: ImposeRequest['step'];
  conduct: ImposeRequest['conduct'];
  requests: number | string;
  first: string;
  last: string;
  hours: number | string;
  alternatives: string;
  note: string;
}

const HOUR_MS = 3_600_000;
export const HOURS_MAX = 17_520;

export function isHours(hours: number | string): boolean {
  return hours === '' || (Number.isInteger(hours) && Number(hours) >= 1 && Number(hours) <= HOURS_MAX);
}

/** Whether one part of the account is meant, which has a name. */
export function hasName(kind: ImposeFields['kind']): kind is 'end_user' | 'key' | 'app' {
  return kind === 'end_user' || kind === 'key' || kind === 'app';
}

/** What is sent; null while something that every order needs is missing. */
export function bodyOf(fields: ImposeFields): ImposeRequest | null {
  const { account, kind, name, step, conduct, requests, first, last, hours } = fields;
  const alternatives = oneLine(fields.alternatives);
  const [from, to] = [Date.parse(first), Date.parse(last)];
  if (account === null || alternatives === '' || Number.isNaN(from) || Number.isNaN(to)) return null;
  if (hasName(kind) && name.trim() === '') return null;
  if (!isHours(hours) || !Number.isInteger(requests) || Number(requests) < 1) return null;
  return {
    unit: { kind, account_id: account, name: hasName(kind) ? name.trim() : null },
    step,
    until: hours === '' ? null : new Date(Date.now() + Number(hours) * HOUR_MS).toISOString(),
    conduct,
    requests: Number(requests),
    first_at: new Date(from).toISOString(),
    last_at: new Date(to).toISOString(),
    note: oneLine(fields.note),
    alternatives,
  };
}

/** A moment as a field of a browser takes it. */
export function toField(ms: number): string {
  const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** The service takes one line; a line that was broken in a field is one sentence after the other. */
export function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/gu, ' ');
}
