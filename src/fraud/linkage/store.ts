import type { Agreement } from '../evidence.ts';
import { fieldAt, fieldCode } from '../evidence/fields.ts';
import { SKETCH_SLOTS } from '../../sketch/sketch.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { Fall } from './edges.ts';
import type { StoredAccount, StoredLink, StoredTemplate } from './keeping.ts';

type LinkageTables = {
  fraud_account: { number: number; account_id: string; at_ms: number; traits: number; evidence: Uint8Array };
  fraud_link: {
    number: number;
    a: number;
    b: number;
    hard: number;
    bits: number;
    agreements: string;
    at_ms: number;
    expires_at_ms: number;
    fell_at_ms: number | null;
    fell_reason: string | null;
  };
  fraud_waiting: { number: number; account_id: string; at_ms: number; traits: number; evidence: Uint8Array };
  fraud_template: { name: string; sketch: Uint8Array; at_ms: number };
  fraud_network: { prefix: string; shared: number; seemed: number; reason: string; by: string; at_ms: number };
};

const PUT_ACCOUNT =
  'insert into fraud_account (number, account_id, at_ms, traits, evidence) values (?, ?, ?, ?, ?)' +
  ' on conflict (number) do update set traits = excluded.traits, evidence = excluded.evidence';
const PUT_LINK =
  'insert into fraud_link (number, a, b, hard, bits, agreements, at_ms, expires_at_ms) values (?, ?, ?, ?, ?, ?, ?, ?)';
const PUT_TEMPLATE = 'insert into fraud_template (name, sketch, at_ms) values (?, ?, ?) on conflict (name) do nothing';
const PUT_NETWORK =
  'insert into fraud_network (prefix, shared, seemed, reason, by, at_ms) values (?, ?, ?, ?, ?, ?) on conflict (prefix)' +
  ' do update set shared = excluded.shared, seemed = excluded.seemed, reason = excluded.reason, by = excluded.by, at_ms = excluded.at_ms';
const PUT_WAITING =
  'insert into fraud_waiting (account_id, at_ms, traits, evidence) values (?, ?, ?, ?) on conflict (account_id) do nothing';
/** Few enough to be taken in before others wait long for their turn. */
const PAGE = 500;

export function putAccount({ number, accountId, atMs, traits, evidence }: StoredAccount): WriteStatement[] {
  return [{ sql: PUT_ACCOUNT, parameters: [number, accountId, atMs, traits, evidence], expectRows: 1 }];
}

export function putLink({ number, a, b, strength, bits, agreements, atMs, expiresAtMs }: StoredLink): WriteStatement[] {
  const agreed = JSON.stringify(agreements.map((one) => [fieldCode(one.field), one.bits, one.operators]));
  const parameters = [number, a, b, Number(strength === 'hard'), bits, agreed, atMs, expiresAtMs];
  return [{ sql: PUT_LINK, parameters, expectRows: 1 }];
}

export function putFall(number: number, { atMs, reason }: Fall): WriteStatement[] {
  const sql = 'update fraud_link set fell_at_ms = ?, fell_reason = ? where number = ?';
  return [{ sql, parameters: [atMs, reason, number], expectRows: 1 }];
}

export function putTemplate({ name, sketch }: StoredTemplate, atMs: number): WriteStatement[] {
  const bytes = new Uint8Array(sketch.buffer, sketch.byteOffset, sketch.byteLength);
  return [{ sql: PUT_TEMPLATE, parameters: [name, bytes, atMs] }];
}

/** A sign-up that came too early to be compared. */
export function putWaiting({ accountId, atMs, traits, evidence }: Omit<StoredAccount, 'number'>): WriteStatement[] {
  return [{ sql: PUT_WAITING, parameters: [accountId, atMs, traits, evidence] }];
}

export function dropWaiting(): WriteStatement[] {
  return [{ sql: 'delete from fraud_waiting', parameters: [] }];
}

/** Those that wait, after the one numbered so, in the order they came; some of them. */
export async function readWaiting(reader: Reader, after: number): Promise<StoredAccount[]> {
  const rows = reader.withTables<LinkageTables>().selectFrom('fraud_waiting').selectAll().orderBy('number').limit(PAGE);
  return (await rows.where('number', '>', after).execute()).map(toStoredAccount);
}

/** Pages of accounts in the order they came. */
export async function* readAccounts(reader: Reader): AsyncGenerator<readonly StoredAccount[]> {
  const rows = reader.withTables<LinkageTables>().selectFrom('fraud_account').selectAll().orderBy('number').limit(PAGE);
  for (let after = -1; ; ) {
    const page = await rows.where('number', '>', after).execute();
    yield page.map(toStoredAccount);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.number;
  }
}

function toStoredAccount({
  number,
  account_id,
  at_ms,
  traits,
  evidence,
}: LinkageTables['fraud_account']): StoredAccount {
  return { number, accountId: account_id, atMs: at_ms, traits, evidence };
}

/** Pages of links in the order they were made. */
export async function* readLinks(reader: Reader): AsyncGenerator<readonly StoredLink[]> {
  const rows = reader.withTables<LinkageTables>().selectFrom('fraud_link').selectAll().orderBy('number').limit(PAGE);
  for (let after = -1; ; ) {
    const page = await rows.where('number', '>', after).execute();
    yield page.map(toStoredLink);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.number;
  }
}

function toStoredLink(row: LinkageTables['fraud_link']): StoredLink {
  const agreed = JSON.parse(row.agreements) as [field: number, bits: number, operators: number][];
  return {
    number: row.number,
    a: row.a,
    b: row.b,
    strength: row.hard === 1 ? 'hard' : 'soft',
    bits: row.bits,
    agreements: agreed.map(([code, bits, operators]): Agreement => {
      const { name, family } = fieldAt(code);
      return { family, field: name, bits, operators };
    }),
    atMs: row.at_ms,
    expiresAtMs: row.expires_at_ms,
    fell: row.fell_at_ms === null ? null : { atMs: row.fell_at_ms, reason: row.fell_reason ?? '' },
  };
}

/** The newest templates, oldest first. */
export async function readTemplates(reader: Reader, most: number): Promise<StoredTemplate[]> {
  const rows = reader.withTables<LinkageTables>().selectFrom('fraud_template').selectAll();
  const newest = await rows.orderBy('at_ms', 'desc').orderBy('name').limit(most).execute();
  return newest
    .filter(({ sketch }) => sketch.byteLength === 4 * SKETCH_SLOTS)
    .reverse()
    .map(({ name, sketch }) => ({ name, sketch: new Uint32Array(sketch.slice().buffer) }));
}

/** What somebody of the staff said of a network. */
export interface NetworkMark {
  readonly prefix: string;
  readonly shared: boolean;
  /** What the traffic seemed to say then. */
  readonly seemed: boolean;
  readonly reason: string;
  readonly by: string;
  readonly atMs: number;
}

export function putNetworkMark({ prefix, shared, seemed, reason, by, atMs }: NetworkMark): WriteStatement[] {
  return [{ sql: PUT_NETWORK, parameters: [prefix, Number(shared), Number(seemed), reason, by, atMs], expectRows: 1 }];
}

export function dropNetworkMark(prefix: string): WriteStatement[] {
  return [{ sql: 'delete from fraud_network where prefix = ?', parameters: [prefix] }];
}

export async function readNetworkMarks(reader: Reader): Promise<NetworkMark[]> {
  const rows = reader.withTables<LinkageTables>().selectFrom('fraud_network').selectAll().orderBy('prefix');
  return (await rows.execute()).map(({ at_ms: atMs, ...row }) => ({
    ...row,
    atMs,
    shared: row.shared === 1,
    seemed: row.seemed === 1,
  }));
}
