/** The tables of rules and of their modes, and every statement that writes them. */
import { sql } from 'kysely';
import type { Reader } from '../../../storage/sql/storage.ts';
import type { WriteStatement } from '../../../storage/sql/writer.ts';
import type { PauseReason, RuleDocument, RuleMode } from '../contract.ts';

export type RuleOrigin = 'console' | 'file' | 'shipped';

export interface RuleVersion {
  readonly name: string;
  readonly version: number;
  readonly document: RuleDocument;
  readonly origin: RuleOrigin;
  readonly note: string;
  readonly changedBy: string;
  readonly atMs: number;
}

export interface ModeChange {
  readonly name: string;
  readonly mode: RuleMode;
  readonly canaryPercent: number;
  /** Of a pause. */
  readonly reason: PauseReason | null;
  readonly detail: string;
  readonly by: string;
  readonly atMs: number;
}

type RuleTables = {
  enforcement_rule: {
    name: string;
    version: number;
    document: string;
    origin: RuleOrigin;
    note: string;
    changed_by: string;
    at_ms: number;
  };
  enforcement_rule_mode: {
    seq: number;
    name: string;
    mode: RuleMode;
    canary_percent: number;
    reason: PauseReason | null;
    detail: string;
    changed_by: string;
    at_ms: number;
  };
};

/** Breaks a constraint where this version is there already. */
export function insertRule(rule: RuleVersion): WriteStatement {
  const text =
    'insert into enforcement_rule (name, version, document, origin, note, changed_by, at_ms) values (?, ?, ?, ?, ?, ?, ?)';
  const { name, version, document, origin, note, changedBy, atMs } = rule;
  const parameters = [name, version, JSON.stringify(document), origin, note, changedBy, atMs];
  return { sql: text, parameters, expectRows: 1 };
}

export function insertMode({ name, mode, canaryPercent, reason, detail, by, atMs }: ModeChange): WriteStatement {
  const text =
    'insert into enforcement_rule_mode (name, mode, canary_percent, reason, detail, changed_by, at_ms) values (?, ?, ?, ?, ?, ?, ?)';
  return { sql: text, parameters: [name, mode, canaryPercent, reason, detail, by, atMs], expectRows: 1 };
}

/** The newest version of every rule. */
export async function readNewestRules(reader: Reader): Promise<RuleVersion[]> {
  const rows = await reader
    .withTables<RuleTables>()
    .selectFrom('enforcement_rule as r')
    .selectAll()
    .where('version', '=', (of) =>
      of
        .selectFrom('enforcement_rule as other')
        .select(({ fn }) => fn.max('other.version').as('newest'))
        .whereRef('other.name', '=', 'r.name'),
    )
    .execute();
  return rows.map(toRule);
}

/** Newest first. */
export async function readVersions(reader: Reader, name: string, limit: number): Promise<RuleVersion[]> {
  const rows = await reader
    .withTables<RuleTables>()
    .selectFrom('enforcement_rule')
    .selectAll()
    .where('name', '=', name)
    .orderBy('version', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toRule);
}

/** The newest version that came from there, of every rule that has one. */
export async function readNewestOf(reader: Reader, origin: RuleOrigin): Promise<RuleVersion[]> {
  const rows = await reader
    .withTables<RuleTables>()
    .selectFrom('enforcement_rule')
    .select(['name', 'document', 'origin', 'note', 'changed_by', 'at_ms', sql<number>`max(version)`.as('version')])
    .where('origin', '=', origin)
    .groupBy('name')
    .execute();
  return rows.map(toRule);
}

/** How each rule stands. */
export async function readNewestModes(reader: Reader): Promise<ModeChange[]> {
  const rows = await reader
    .withTables<RuleTables>()
    .selectFrom('enforcement_rule_mode')
    .selectAll()
    .where('seq', 'in', (of) =>
      of
        .selectFrom('enforcement_rule_mode')
        .select(({ fn }) => fn.max('seq').as('newest'))
        .groupBy('name'),
    )
    .execute();
  return rows.map(toMode);
}

/** Newest first. */
export async function readModes(reader: Reader, name: string, limit: number): Promise<ModeChange[]> {
  const rows = await reader
    .withTables<RuleTables>()
    .selectFrom('enforcement_rule_mode')
    .selectAll()
    .where('name', '=', name)
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toMode);
}

function toRule(row: RuleTables['enforcement_rule']): RuleVersion {
  return {
    name: row.name,
    version: row.version,
    document: JSON.parse(row.document) as RuleDocument,
    origin: row.origin,
    note: row.note,
    changedBy: row.changed_by,
    atMs: row.at_ms,
  };
}

function toMode(row: RuleTables['enforcement_rule_mode']): ModeChange {
  return {
    name: row.name,
    mode: row.mode,
    canaryPercent: row.canary_percent,
    reason: row.reason,
    detail: row.detail,
    by: row.changed_by,
    atMs: row.at_ms,
  };
}
