import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import type { Nano } from '../../base/money.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import { grantAccount, type LedgerAccountId } from '../chart.ts';
import { createLanes } from '../lanes.ts';
import type { Ledger, PostingKind } from '../ledger.ts';
import { finishRevocation, insertRevocation, readOpenRevocations, type Revocation } from './store.ts';

export interface RevocationsDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly ledger: Pick<Ledger, 'drain' | 'balance' | 'onChange'>;
  readonly clock: Clock;
  readonly mintId: MintId;
}

export interface RevocationOrder {
  readonly grantId: string;
  readonly accountId: string;
  /** `promo_expense` for a present; `wash` for what was paid outside and is paid back there. */
  readonly into: LedgerAccountId;
  readonly kind: PostingKind;
  readonly reason: string;
}

/** Grants that are taken back. What requests hold of them follows as soon as it comes back. */
export interface Revocations {
  /** Resolves with what was taken now. */
  revoke(order: RevocationOrder): Promise<Nano>;
  /** Looks after what came back unseen, as after a crash. */
  sweep(): Promise<void>;
  close(): void;
}

export async function createRevocations(deps: RevocationsDeps): Promise<Revocations> {
  const { storage, ledger, clock } = deps;
  /** By account: those of which something may still come back. */
  const open = new Map<string, Map<string, Revocation>>();
  /** Accounts that will be looked at, whose news need not be remembered. */
  const coming = new Set<string>();
  const inLane = createLanes();
  for (const one of await readOpenRevocations(storage.reader)) remember(one);

  function remember(one: Revocation): void {
    const known = open.get(one.accountId) ?? new Map<string, Revocation>();
    open.set(one.accountId, known.set(one.grantId, one));
  }

  async function take({ grantId, accountId, into, kind, reason }: Revocation): Promise<Nano> {
    const id = deps.mintId('revocation');
    return ledger.drain({ id, from: grantAccount(grantId), into, kind, accountId, most: null, note: reason });
  }

  /** Takes what came back to an account, and lets go of grants nothing can come back to. */
  async function follow(accountId: string): Promise<void> {
    const revoked = open.get(accountId);
    if (revoked === undefined) return;
    for (const one of revoked.values()) await take(one);
    const { grants } = await ledger.balance(accountId);
    for (const one of revoked.values()) {
      const grant = grants.find(({ id }) => id === one.grantId);
      if (grant !== undefined && (grant.held > 0n || grant.available > 0n)) continue;
      await storage.writer.write([finishRevocation(one.grantId)]);
      revoked.delete(one.grantId);
    }
    if (revoked.size === 0) open.delete(accountId);
  }

  /** One look at a time for each account. */
  function look(accountId: string): Promise<void> {
    return inLane(accountId, () => {
      coming.delete(accountId);
      return follow(accountId);
    });
  }

  const stop = ledger.onChange(({ accountId, available }) => {
    if (available === 0n || !open.has(accountId) || coming.has(accountId)) return;
    coming.add(accountId);
    // A failed look is tried again by the next sweep.
    look(accountId).catch(() => undefined);
  });

  return {
    async revoke(order) {
      const one = { ...order, atMs: clock.wallMs() };
      await storage.writer.write([insertRevocation(one)]);
      remember(one);
      const taken = await take(one);
      await look(order.accountId);
      return taken;
    },
    async sweep() {
      for (const accountId of open.keys()) await look(accountId);
    },
    close: stop,
  };
}
