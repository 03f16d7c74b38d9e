import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { ok, refuse, type Result } from '../base/result.ts';
import { loadSecretFile, secretFileExists } from '../storage/secret-file.ts';
import type { Storage } from '../storage/sql/storage.ts';
import { type CreateKeyBody, OPERATOR_ACCOUNT_ID } from './contract.ts';
import { watchExpiries } from './expiry.ts';
import type { ApiKey, KeyRefusal } from './key.ts';
import { digestKey, mintKeyText, readKeyText, sameDigest } from './key-text.ts';
import { checkNewKey, type NewKey } from './new-key.ts';
import { insertAccount, insertKey, readKeys, setExpiry, setLastUsed, setRevoked, type StoredKey } from './store.ts';

export interface KeysDeps {
  readonly storage: Pick<Storage, 'dataDir' | 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly random: Random;
}

/** A key just made. `text` is the only copy of it there will ever be. */
export interface IssuedKey {
  readonly key: ApiKey;
  readonly text: string;
  readonly replaces: string | null;
}

/** Why a key was not made or changed, in words for the operator. */
export interface KeyActionRefusal {
  readonly reason: 'invalid_field' | 'account_not_found' | 'key_not_found' | 'key_revoked' | 'key_expired';
  readonly message: string;
}

export interface KeyChange {
  readonly keyId: string;
  readonly accountId: string;
  readonly app: string | null;
  /** `rotated`: another key stands in for it and its end is set; `expired` follows when the end comes. */
  readonly kind: 'created' | 'revoked' | 'expired' | 'rotated';
}

export interface Keys {
  /** Checks the input and makes a key, durable once this resolves. */
  create(input: CreateKeyBody): Promise<Result<IssuedKey, KeyActionRefusal>>;
  /** Every key there ever was, oldest first. */
  list(): ApiKey[];
  /** Makes a key with the same attributes; the old one goes on working for `graceMs`, or until its own earlier expiry. */
  rotate(id: string, graceMs: number): Promise<Result<IssuedKey, KeyActionRefusal>>;
  /** Ends a key at once; listeners are told before the disk is. Revoking twice is the same as once. */
  revoke(id: string): Promise<Result<ApiKey, KeyActionRefusal>>;
  /** Whose credential this is. Works from memory alone; an unknown key costs the same work as a wrong secret. */
  verify(bearer: string | null): Result<ApiKey, KeyRefusal>;
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

interface Held extends StoredKey {
  lastUsedAtMs: number | null;
  writtenUseAtMs: number;
}

/** Loads every key into memory and makes the operator's account if it is not there. */
export async function createKeys(deps: KeysDeps): Promise<Keys> {
  const { storage, clock, random } = deps;
  const made = await storage.writer.write([insertAccount(OPERATOR_ACCOUNT_ID, 'Operator', clock.wallMs())]);
  assert(made.ok, 'the operator account can be made');
  const held = new Map((await readKeys(storage.reader)).map((stored) => [stored.key.id, hold(stored)]));
  if (held.size > 0 && !secretFileExists(storage.dataDir, PEPPER_FILE)) {
    throw new Error(
      `${storage.dataDir}/${PEPPER_FILE} is missing and no key works without it; restore it from a backup`,
    );
  }
  const pepper = loadSecretFile(storage.dataDir, PEPPER_FILE, random);
  return { ...createReading(held, pepper, deps), ...createChanging(held, pepper, deps) };
}

function createReading(held: ReadonlyMap<string, Held>, pepper: Uint8Array, { storage, clock, random }: KeysDeps) {
  /** What the digest of an unknown key is compared with. */
  const nobody = random.bytes(32);

  function verify(bearer: string | null): Result<ApiKey, KeyRefusal> {
    if (bearer === null || bearer === '') return refuse('missing_key');
    const parts = readKeyText(bearer);
    if (parts === null) return refuse('invalid_key');
    const found = held.get(parts.id);
    const same = sameDigest(digestKey(parts.signed, pepper), found?.digest ?? nobody);
    if (found === undefined || !same) return refuse('invalid_key');
    if (found.key.revokedAtMs !== null) return refuse('key_revoked');
    if (isExpired(found.key, clock.wallMs())) return refuse('key_expired');
    return ok(found.key);
  }

  function touch(keyId: string): void {
    const found = held.get(keyId);
    if (found === undefined) return;
    const now = clock.wallMs();
    found.lastUsedAtMs = now;
    if (Math.abs(now - found.writtenUseAtMs) < TOUCH_EVERY_MS) return;
    found.writtenUseAtMs = now;
    // A lost note of last use harms nobody, and a store that fails says so on the writes that matter.
    storage.writer.write([setLastUsed(keyId, now)]).catch(() => undefined);
  }

  function list(): ApiKey[] {
    return [...held.values()]
      .map((one) => ({ ...one.key, lastUsedAtMs: one.lastUsedAtMs }))
      .sort((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1));
  }

  return { verify, touch, list };
}

function createChanging(held: Map<string, Held>, pepper: Uint8Array, { storage, clock, random }: KeysDeps) {
  const listeners = new Set<(change: KeyChange) => void>();
  const ends = new Map<string, number>();
  const watch = watchExpiries(clock, ends, (id) => {
    ends.delete(id);
    tell(id, 'expired');
  });
  for (const { key } of held.values()) noteEnd(key);
  watch.changed();

  function tell(id: string, kind: KeyChange['kind']): void {
    const key = held.get(id)?.key;
    assert(key !== undefined, 'a key that changes is held');
    for (const listener of listeners) listener({ keyId: id, accountId: key.accountId, app: key.app, kind });
  }

  function noteEnd(key: ApiKey): void {
    if (key.expiresAtMs !== null && key.revokedAtMs === null) ends.set(key.id, key.expiresAtMs);
    else ends.delete(key.id);
  }

  function replace(one: Held, changed: Partial<ApiKey>): ApiKey {
    const key = { ...one.key, ...changed };
    held.set(key.id, { ...one, key });
    noteEnd(key);
    return key;
  }

  function mint(wanted: NewKey, replaces: string | null) {
    let made = mintKeyText(random);
    while (held.has(made.id)) made = mintKeyText(random);
    const times = { createdAtMs: clock.wallMs(), revokedAtMs: null, lastUsedAtMs: null };
    const stored: StoredKey = {
      key: { ...wanted, id: made.id, ...times },
      digest: digestKey(made.signed, pepper),
      replaces,
    };
    return { stored, issued: { key: stored.key, text: made.text, replaces } };
  }

  function takeIn(stored: StoredKey): void {
    held.set(stored.key.id, hold(stored));
    noteEnd(stored.key);
    tell(stored.key.id, 'created');
  }

  async function create(input: CreateKeyBody): Promise<Result<IssuedKey, KeyActionRefusal>> {
    const checked = checkNewKey(input, clock.wallMs());
    if (!checked.ok) return refuse({ reason: 'invalid_field', message: checked.refusal });
    const { stored, issued } = mint(checked.value, null);
    const written = await storage.writer.write([insertKey(stored)]);
    // The id is new and every field was checked, so the only thing that can be missing is the account.
    if (!written.ok)
      return refuse({ reason: 'account_not_found', message: `there is no account ${stored.key.accountId}` });
    takeIn(stored);
    watch.changed();
    return ok(issued);
  }

  async function rotate(id: string, graceMs: number): Promise<Result<IssuedKey, KeyActionRefusal>> {
    assert(Number.isSafeInteger(graceMs) && graceMs >= 0, 'a grace time is whole milliseconds');
    const usable = findUsable(id);
    if (!usable.ok) return usable;
    const old = usable.value.key;
    const endsAtMs = Math.min(old.expiresAtMs ?? Number.POSITIVE_INFINITY, clock.wallMs() + graceMs);
    const { stored, issued } = mint(old, id);
    const written = await storage.writer.write([insertKey(stored), setExpiry(id, endsAtMs)]);
    assert(written.ok, 'a new key can stand beside the one it replaces');
    takeIn(stored);
    const current = held.get(id);
    if (current !== undefined) replace(current, { expiresAtMs: endsAtMs });
    tell(id, 'rotated');
    watch.changed();
    return ok(issued);
  }

  async function revoke(id: string): Promise<Result<ApiKey, KeyActionRefusal>> {
    const found = held.get(id);
    if (found === undefined) return refuse({ reason: 'key_not_found', message: `there is no key ${id}` });
    const revokedAtMs = found.key.revokedAtMs ?? clock.wallMs();
    const key = replace(found, { revokedAtMs });
    if (found.key.revokedAtMs === null) tell(id, 'revoked');
    // Written each time, so that trying again after a fault makes sure of the disk.
    await storage.writer.write([setRevoked(id, revokedAtMs)]);
    return ok(key);
  }

  function findUsable(id: string): Result<Held, KeyActionRefusal> {
    const found = held.get(id);
    if (found === undefined) return refuse({ reason: 'key_not_found', message: `there is no key ${id}` });
    if (found.key.revokedAtMs !== null) return refuse({ reason: 'key_revoked', message: `key ${id} was revoked` });
    if (isExpired(found.key, clock.wallMs()))
      return refuse({ reason: 'key_expired', message: `key ${id} has expired` });
    return ok(found);
  }

  function onChange(listener: (change: KeyChange) => void): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  return { create, rotate, revoke, onChange, close: watch.stop };
}

function hold(stored: StoredKey): Held {
  return {
    ...stored,
    lastUsedAtMs: stored.key.lastUsedAtMs,
    writtenUseAtMs: stored.key.lastUsedAtMs ?? Number.NEGATIVE_INFINITY,
  };
}

function isExpired(key: ApiKey, nowMs: number): boolean {
  return key.expiresAtMs !== null && key.expiresAtMs <= nowMs;
}
