/** One entry of the record, and the hash that ties it to the one before. */
import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical.ts';

export interface Entry {
  /** From 1, without gaps. */
  readonly seq: number;
  /** Wall milliseconds. */
  readonly atMs: number;
  /** What happened: `decision`. */
  readonly kind: string;
  /** Id of what it happened to: `dec_01J...`. */
  readonly subject: string;
  /** Canonical JSON. */
  readonly body: string;
  /** Of the entry before, 64 hexadecimal digits; zeros before the first. */
  readonly prevHash: string;
  readonly hash: string;
}

/** The last entry, which stands for all before it. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** Before the first entry. */
export const EMPTY: Head = { seq: 0, hash: '0'.repeat(64) };

/** Tells these hashes from those of any other use. */
const DOMAIN = 'candor.record.1\n';

/** SHA-256 of everything an entry says, the hash of the one before included. */
export function hashOf({ seq, atMs, kind, subject, body, prevHash }: Omit<Entry, 'hash'>): string {
  const said = canonicalJson([seq, atMs, kind, subject, body, prevHash]);
  return createHash('sha256').update(DOMAIN).update(said).digest('hex');
}
