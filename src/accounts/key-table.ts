import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import { watchExpiries } from './expiry.ts';
import type { ApiKey } from './key.ts';
import type { StoredKey } from './store.ts';

export interface KeyChange {
  readonly keyId: string;
  readonly accountId: string;
  readonly app: string | null;
  /** `rotated`: another key stands in for it and its end is set; `expired` follows when the end comes. */
  readonly kind: 'created' | 'revoked' | 'expired' | 'rotated';
}

/** A key in memory. */
export interface HeldKey extends StoredKey {
  lastUsedAtMs: number | null;
  /** The last use that was given to the disk. */
  writtenUseAtMs: number;
}

/** Every key, by id, and who wants to hear when one changes. */
export interface KeyTable {
  get(id: string): HeldKey | undefined;
  all(): HeldKey[];
  /** Those of one account, in the order they were made. */
  ofAccount(accountId: string): HeldKey[];
  put(stored: StoredKey): void;
  /** Changes some attributes of a key that is there; gives the key as it is now. */
  change(id: string, changed: Partial<ApiKey>): ApiKey;
  /** Tells the listeners; from then on the timer also knows the key's end. */
  announce(id: string, kind: KeyChange['kind']): void;
  onChange(listener: (change: KeyChange) => void): () => void;
  close(): void;
}

export function createKeyTable(clock: Clock, stored: readonly StoredKey[]): KeyTable {
  const held = new Map<string, HeldKey>();
  const idsByAccount = new Map<string, string[]>();
  const listeners = new Set<(change: KeyChange) => void>();
  const ends = new Map<string, number>();
  const watch = watchExpiries(clock, ends, (id) => {
    ends.delete(id);
    announce(id, 'expired');
  });

  function need(id: string): HeldKey {
    const one = held.get(id);
    assert(one !== undefined, 'a key that changes is held');
    return one;
  }

  function hold(one: HeldKey): void {
    const { id, expiresAtMs, revokedAtMs } = one.key;
    held.set(id, one);
    if (expiresAtMs !== null && revokedAtMs === null) ends.set(id, expiresAtMs);
    else ends.delete(id);
  }

  function put(one: StoredKey): void {
    const { id, accountId, lastUsedAtMs } = one.key;
    const ids = idsByAccount.get(accountId);
    if (ids === undefined) idsByAccount.set(accountId, [id]);
    else ids.push(id);
    hold({ ...one, lastUsedAtMs, writtenUseAtMs: lastUsedAtMs ?? Number.NEGATIVE_INFINITY });
  }

  function announce(id: string, kind: KeyChange['kind']): void {
    const { accountId, app } = need(id).key;
    for (const listener of listeners) listener({ keyId: id, accountId, app, kind });
    if (kind !== 'expired') watch.changed();
  }

  for (const one of stored) put(one);
  watch.changed();
  return {
    get: (id) => held.get(id),
    all: () => [...held.values()],
    ofAccount: (accountId) => (idsByAccount.get(accountId) ?? []).map(need),
    put,
    change(id, changed) {
      const one = need(id);
      const key = { ...one.key, ...changed };
      hold({ ...one, key });
      return key;
    },
    announce,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => watch.stop(),
  };
}
