import type { Clock } from '../base/clock.ts';
import { ok, refuse, type Result } from '../base/result.ts';
import type { Storage } from '../storage/sql/storage.ts';
import type { WriteStatement } from '../storage/sql/writer.ts';
import { type Canonical, canonicalJson } from './canonical.ts';
import { type Entry, hashOf, type Head } from './entry.ts';
import { findEntry, insertEntry, readHead } from './store.ts';
import { type Verification, verifyRecord } from './verify.ts';
import type { Signer } from './signing.ts';

export interface AuditDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly signer: Signer;
}

/** What is to be recorded. */
export interface Draft {
  /** 1 to 64 characters. */
  readonly kind: string;
  readonly subject: string;
  /** At most 64 KiB as canonical JSON. */
  readonly body: Canonical;
}

/** Something that was to be written with an entry was refused; nothing was written. */
export interface AppendRefusal {
  readonly reason: 'refused';
  /** Of `also`, from 0. */
  readonly statement: number;
}

/** A head with the signature of this service, to be kept elsewhere. */
export interface SignedHead extends Head {
  readonly atMs: number;
  readonly key: string;
  readonly signature: string;
}

/** The tamper-evident record: entries are added, each tied to the one before by its hash, and never changed. */
export interface Audit {
  /** Writes an entry and what belongs to it, all or nothing; durable when it resolves. Rejects with `StorageFault`. */
  append(
    kind: string,
    subject: string,
    body: Canonical,
    also: readonly WriteStatement[],
  ): Promise<Result<Entry, AppendRefusal>>;
  /** Several entries and what belongs to them, all or nothing. At least one, at most 1,000. */
  appendAll(
    drafts: readonly Draft[],
    also: readonly WriteStatement[],
  ): Promise<Result<readonly Entry[], AppendRefusal>>;
  /** The last entry that is durable. */
  head(): Promise<SignedHead>;
  find(kind: string, subject: string): Promise<Entry | null>;
  /** From the first entry to the last; with a head that was kept elsewhere, whether it is still in it. */
  verify(kept?: Head | null): Promise<Verification>;
  readonly signer: Signer;
}

const BODY_BYTES_MAX = 65_536;
const ENTRIES_AT_ONCE_MAX = 1_000;
/** The record was found to have gone on elsewhere this often before an entry is given up. */
const ROUNDS_MAX = 3;

export function createAudit({ storage, clock, signer }: AuditDeps): Audit {
  /** Null: to be read from the disk, because what is there is not known. */
  let known: Head | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  async function add(
    drafts: readonly Checked[],
    also: readonly WriteStatement[],
  ): Promise<Result<readonly Entry[], AppendRefusal>> {
    for (let round = 1; ; round++) {
      const before: Head = known ?? (await readHead(storage.reader));
      const entries = chain(drafts, before, clock.wallMs());
      // Unknown until the disk has spoken: a fault may have come after the commit.
      known = null;
      const written = await storage.writer.write([...entries.map(insertEntry), ...also]);
      if (written.ok) {
        known = entries.at(-1) ?? before;
        return ok(entries);
      }
      const { statement } = written.refusal;
      if (statement >= entries.length) {
        known = before;
        return refuse({ reason: 'refused', statement: statement - entries.length });
      }
      if (round === ROUNDS_MAX) throw new Error('the record goes on from another entry each time it is read');
    }
  }

  function appendAll(drafts: readonly Draft[], also: readonly WriteStatement[]) {
    const checked = check(drafts);
    const added = turn.then(() => add(checked, also));
    turn = added.catch(() => undefined);
    return added;
  }

  return {
    appendAll,
    async append(kind, subject, body, also) {
      const added = await appendAll([{ kind, subject, body }], also);
      if (!added.ok) return added;
      const [entry] = added.value;
      if (entry === undefined) throw new Error('an entry was added and is not there');
      return ok(entry);
    },
    async head() {
      const { seq, hash } = await readHead(storage.reader);
      const atMs = clock.wallMs();
      return { seq, hash, atMs, key: signer.publicKey, signature: signer.sign(signedText({ seq, hash, atMs })) };
    },
    find: (kind, subject) => findEntry(storage.reader, kind, subject),
    verify: (kept = null) => verifyRecord(storage.reader, { kept }),
    signer,
  };
}

/** What the signature of a head signs. */
export function signedText({ seq, hash, atMs }: Head & { readonly atMs: number }): string {
  return canonicalJson(['candor.head.1', seq, hash, atMs]);
}

interface Checked {
  readonly kind: string;
  readonly subject: string;
  readonly text: string;
}

function check(drafts: readonly Draft[]): Checked[] {
  if (drafts.length === 0 || drafts.length > ENTRIES_AT_ONCE_MAX) {
    throw new RangeError(`an append has 1 to ${ENTRIES_AT_ONCE_MAX} entries, not ${drafts.length}`);
  }
  return drafts.map(({ kind, subject, body }) => {
    if (kind === '' || kind.length > 64) throw new RangeError('the kind of an entry has 1 to 64 characters');
    const text = canonicalJson(body);
    const bytes = Buffer.byteLength(text);
    if (bytes > BODY_BYTES_MAX) throw new RangeError(`an entry has at most ${BODY_BYTES_MAX} bytes, not ${bytes}`);
    return { kind, subject, text };
  });
}

function chain(drafts: readonly Checked[], before: Head, atMs: number): Entry[] {
  let last = before;
  return drafts.map(({ kind, subject, text }) => {
    const said = { seq: last.seq + 1, atMs, kind, subject, body: text, prevHash: last.hash };
    const entry = { ...said, hash: hashOf(said) };
    last = entry;
    return entry;
  });
}
