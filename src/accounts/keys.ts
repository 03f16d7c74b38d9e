import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { ok, refuse, type Result } from '../base/result.ts';
import { loadSecretFile, secretFileExists } from '../storage/secret-file.ts';
import type { Storage } from '../storage/sql/storage.ts';
import type { CreateKeyBody } from './contract.ts';
import type { ApiKey, FallenKey, KeyRefusal } from './key.ts';
import { createKeyTable, type KeyChange, type KeyTable } from './key-table.ts';
import { digestKey, mintKeyText, readKeyText, sameDigest } from './key-text.ts';
import { checkNewKey, type NewKey } from './new-key.ts';
import type { StopTable } from './standing/stop-table.ts';
import { insertKey, insertOperator, readKeys, setExpiry, setLastUsed, setRevoked, type StoredKey } from './store.ts';
import { createSuccessors } from './successors.ts';

export interface KeysDeps {
  readonly storage: Pick<Storage, 'dataDir' | 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly random: Random;
  /** What stops a key now, from memory; nothing does when left out. */
  readonly stopOf?: StopTable['of'];
}

/** A key just made. `text` is the only copy of it there will ever be. */
export interface IssuedKey {
  readonly key: ApiKey;
  readonly text: string;
  /** After a rotation: the id of the key this one stands in for, and when that one ends. */
  readonly replaces: { readonly id: string; readonly endsAtMs: number } | null;
}

/** Why a key was not made or changed, in words for the operator. */
export interface KeyActionRefusal {
  readonly reason:
    | 'invalid_field'
    | 'account_not_found'
    | 'key_not_found'
    | 'key_revoked'
    | 'key_rotated'
    | 'key_expired';
  readonly message: string;
}

export interface Keys {
  /** Checks the input and makes a key, durable once this resolves. */
  create(input: CreateKeyBody): Promise<Result<IssuedKey, KeyActionRefusal>>;
  /** A key by its id, as it is now; null when there never was one. */
  get(id: string): ApiKey | null;
  /** Every key there ever was, oldest first. */
  list(): ApiKey[];
  /** Every key one account ever had, oldest first. Costs what it has, however many there are of others. */
  ofAccount(accountId: string): ApiKey[];
  /** Keys that work now, and all there ever were. */
  count(): { readonly active: number; readonly total: number };
  /** How many keys of an account that fit work now. */
  countWorking(accountId: string, fits: (key: ApiKey) => boolean): number;
  /** Up to `limit` of those that fit, oldest first, from behind the key `after` on; from the first where there is none. */
  page(page: { readonly after: string | null; readonly limit: number; fits(key: ApiKey): boolean }): ApiKey[];
  /**
   * Makes a key with the same attributes; the old one goes on working for `graceMs`, or until its own
   * earlier expiry. A key is rotated once: after that its own end is forgotten, so the key in its place is the one to rotate.
   */
  rotate(id: string, graceMs: number): Promise<Result<IssuedKey, KeyActionRefusal>>;
  /** Ends a key at once; listeners are told before the disk is. Revoking twice is the same as once. */
  revoke(id: string): Promise<Result<ApiKey, KeyActionRefusal>>;
  /** Whose credential this is. Works from memory alone; an unknown key costs the same work as a wrong secret. */
  verify(bearer: string | null): Result<ApiKey, KeyRefusal>;
  /** Whether a key verified before has been revoked, has expired or was stopped since; null while it is good. */
  fallen(keyId: string): FallenKey | null;
  /** Notes that a key was used now. Never waits for the disk. */
  touch(keyId: string): void;
  /** Calls `listener` on every change, in the order they happen; returns how to stop that. */
  onChange(listener: (change: KeyChange) => void): () => void;
  /** Stops the expiry timer. */
  close(): void;
}

const PEPPER_FILE = 'key-pepper';
/** How old the last use on the disk may get before a use is written again. */
const TOUCH_EVERY_MS = 60_000;

/** Loads every key into memory and makes the operator's account if it is not there. */
export async function createKeys(deps: KeysDeps): Promise<Keys> {
  const { storage, clock, random } = deps;
  const made = await storage.writer.write([insertOperator(clock.wallMs())]);
  assert(made.ok, 'the operator account can be made');
  const stored = await readKeys(storage.reader);
  if (stored.length > 0 && !secretFileExists(storage.dataDir, PEPPER_FILE)) {
    throw new Error(
      `${storage.dataDir}/${PEPPER_FILE} is missing and no key works without it; restore it from a backup`,
    );
  }
  const pepper = loadSecretFile(storage.dataDir, PEPPER_FILE, random);
  const table = createKeyTable(clock, stored);
  return {
    ...createReading(table, pepper, deps),
    ...createChanging(table, pepper, deps),
    onChange: table.onChange,
    close: table.close,
  };
}

function createReading(table: KeyTable, pepper: Uint8Array, { storage, clock, random, stopOf }: KeysDeps) {
  /** What the digest of an unknown key is compared with. */
  const nobody = random.bytes(32);

  function verify(bearer: string | null): Result<ApiKey, KeyRefusal> {
    if (bearer === null || bearer === '') return refuse({ reason: 'missing_key', key: null });
    const parts = readKeyText(bearer);
    if (parts === null) return refuse({ reason: 'invalid_key', key: null });
    const found = table.get(parts.id);
    const same = sameDigest(digestKey(parts.signed, pepper), found?.digest ?? nobody);
    if (found === undefined || !same) return refuse({ reason: 'invalid_key', key: null });
    const { key } = found;
    const reason = fallen(key.id);
    return reason === null ? ok(key) : refuse({ reason, key });
  }

  function fallen(keyId: string): FallenKey | null {
    const key = table.get(keyId)?.key;
    assert(key, 'a key that was verified is known');
    if (key.revokedAtMs !== null) return 'key_revoked';
    if (isExpired(key, clock.wallMs())) return 'key_expired';
    return stopOf?.(key) ? 'access_stopped' : null;
  }

  function touch(keyId: string): void {
    const found = table.get(keyId);
    if (found === undefined) return;
    const now = clock.wallMs();
    found.lastUsedAtMs = now;
    if (Math.abs(now - found.writtenUseAtMs) < TOUCH_EVERY_MS) return;
    found.writtenUseAtMs = now;
    // A lost note of last use harms nobody, and a store that fails says so on the writes that matter.
    storage.writer.write([setLastUsed(keyId, now)]).catch(() => undefined);
  }

  function list(): ApiKey[] {
    return table
      .all()
      .map((one) => ({ ...one.key, lastUsedAtMs: one.lastUsedAtMs }))
      .sort(byAge);
  }

  function page({ after, limit, fits }: Parameters<Keys['page']>[0]): ApiKey[] {
    const from = after === null ? undefined : table.get(after)?.key;
    return table
      .all()
      .filter(({ key }) => (from === undefined || byAge(from, key) < 0) && fits(key))
      .map((one) => ({ ...one.key, lastUsedAtMs: one.lastUsedAtMs }))
      .sort(byAge)
      .slice(0, limit);
  }

  const get = (id: string) => table.get(id)?.key ?? null;
  const ofAccount = (accountId: string) =>
    table
      .ofAccount(accountId)
      .map((one) => ({ ...one.key, lastUsedAtMs: one.lastUsedAtMs }))
      .sort(byAge);
  function count(): { active: number; total: number } {
    const nowMs = clock.wallMs();
    const all = table.all();
    const active = all.filter(({ key }) => key.revokedAtMs === null && !isExpired(key, nowMs));
    return { active: active.length, total: all.length };
  }
  const countWorking = (accountId: string, fits: (key: ApiKey) => boolean) =>
    table.ofAccount(accountId).filter(({ key }) => fits(key) && fallen(key.id) === null).length;

  return { verify, fallen, touch, get, list, page, ofAccount, count, countWorking };
}

function createChanging(table: KeyTable, pepper: Uint8Array, { storage, clock, random }: KeysDeps) {
  const successors = createSuccessors(table.all());

  function mint(wanted: NewKey, replaced: ApiKey | null): StoredKey & { readonly text: string } {
    let made = mintKeyText(random);
    while (table.get(made.id) !== undefined) made = mintKeyText(random);
    const ids = { id: made.id, originId: replaced?.originId ?? made.id };
    const key = { ...wanted, ...ids, createdAtMs: clock.wallMs(), revokedAtMs: null, lastUsedAtMs: null };
    return { key, digest: digestKey(made.signed, pepper), replaces: replaced?.id ?? null, text: made.text };
  }

  async function create(input: CreateKeyBody): Promise<Result<IssuedKey, KeyActionRefusal>> {
    const checked = checkNewKey(input, clock.wallMs());
    if (!checked.ok) return refuse({ reason: 'invalid_field', message: checked.refusal });
    const { text, ...stored } = mint(checked.value, null);
    const written = await storage.writer.write([insertKey(stored)]);
    if (!written.ok) {
      // The id is new and every field was checked, so the only thing that can be missing is the account.
      return refuse({ reason: 'account_not_found', message: `there is no account ${stored.key.accountId}` });
    }
    table.put(stored);
    table.announce(stored.key.id, 'created');
    return ok({ key: stored.key, text, replaces: null });
  }

  async function rotate(id: string, graceMs: number): Promise<Result<IssuedKey, KeyActionRefusal>> {
    assert(Number.isSafeInteger(graceMs) && graceMs >= 0, 'a grace time is whole milliseconds');
    const usable = findUsable(id);
    if (!usable.ok) return usable;
    const old = usable.value;
    const endsAtMs = Math.min(old.expiresAtMs ?? Number.POSITIVE_INFINITY, clock.wallMs() + graceMs);
    const { text, ...stored } = mint(old, old);
    successors.put(id, stored.key.id);
    try {
      const written = await storage.writer.write([insertKey(stored), setExpiry(id, endsAtMs)]);
      assert(written.ok, 'a new key can stand beside the one it replaces');
    } catch (fault) {
      successors.forget(id);
      throw fault;
    }
    table.put(stored);
    table.announce(stored.key.id, 'created');
    table.change(id, { expiresAtMs: endsAtMs });
    table.announce(id, 'rotated');
    return ok({ key: stored.key, text, replaces: { id, endsAtMs } });
  }

  async function revoke(id: string): Promise<Result<ApiKey, KeyActionRefusal>> {
    const found = table.get(id);
    if (found === undefined) return refuse(notFound(id));
    const revokedAtMs = found.key.revokedAtMs ?? clock.wallMs();
    const key = table.change(id, { revokedAtMs });
    if (found.key.revokedAtMs === null) table.announce(id, 'revoked');
    // Written each time, so that trying again after a fault makes sure of the disk.
    await storage.writer.write([setRevoked(id, revokedAtMs)]);
    return ok(key);
  }

  function findUsable(id: string): Result<ApiKey, KeyActionRefusal> {
    const key = table.get(id)?.key;
    if (key === undefined) return refuse(notFound(id));
    if (key.revokedAtMs !== null) return refuse({ reason: 'key_revoked', message: `key ${id} was revoked` });
    const successor = successors.latestOf(id);
    if (successor !== id) return refuse(rotatedTo(id, successor));
    if (isExpired(key, clock.wallMs())) return refuse({ reason: 'key_expired', message: `key ${id} has expired` });
    return ok(key);
  }

  return { create, rotate, revoke };
}

function byAge(a: ApiKey, b: ApiKey): number {
  if (a.createdAtMs !== b.createdAtMs) return a.createdAtMs - b.createdAtMs;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

function rotatedTo(id: string, successor: string): KeyActionRefusal {
  return {
    reason: 'key_rotated',
    message: `key ${id} was rotated; key ${successor} stands in for it, rotate that one`,
  };
}

function notFound(id: string): KeyActionRefusal {
  return { reason: 'key_not_found', message: `there is no key ${id}` };
}

function isExpired(key: ApiKey, nowMs: number): boolean {
  return key.expiresAtMs !== null && key.expiresAtMs <= nowMs;
}
