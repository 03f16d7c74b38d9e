import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import type { Nano } from '../../base/money.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { Ledger } from '../ledger.ts';
import type { Alert } from './alert.ts';
import { insertAlert } from './alert-store.ts';
import { deleteThreshold, readThresholds, rearm, setThreshold, setTold } from './low-balance-store.ts';

export interface LowBalanceDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly mintId: MintId;
  readonly ledger: Pick<Ledger, 'balance' | 'onChange'>;
  /** Hears of every alert once it is on the disk. */
  readonly onAlert: (alert: Alert) => void;
}

/** Of one account: tell when its credit falls below this. */
export interface Threshold {
  readonly accountId: string;
  readonly threshold: Nano;
  /** It is below, and that was told; it is told again after the credit has been at or above the threshold. */
  readonly told: boolean;
}

/** Tells once when the credit of an account, held credit included, falls below the threshold its owner set. */
export interface LowBalance {
  /** Durable; told at once where the credit is below already. False when there is no such account. */
  set(accountId: string, threshold: Nano): Promise<boolean>;
  /** False when none was set. */
  off(accountId: string): Promise<boolean>;
  list(accountId: string | null): readonly Threshold[];
  /** Looks at every account that has one: for credit that fell while nobody watched. */
  look(): Promise<void>;
  close(): void;
}

interface Watch {
  threshold: Nano;
  told: boolean;
  /** A look is under way, and whether to look once more after it. */
  looking: Promise<void> | null;
  again: boolean;
}

export async function createLowBalance(deps: LowBalanceDeps): Promise<LowBalance> {
  const { storage, ledger } = deps;
  const watches = new Map<string, Watch>();
  for (const { accountId, threshold, told } of await readThresholds(storage.reader)) {
    watches.set(accountId, { threshold, told, looking: null, again: false });
  }

  /** Reads the balance and sets right what was told; one at a time for each account. */
  function lookAt(accountId: string, watch: Watch): Promise<void> {
    if (watch.looking !== null) {
      watch.again = true;
      return watch.looking;
    }
    watch.looking = (async () => {
      do {
        watch.again = false;
        await judge(accountId, watch);
      } while (watch.again);
    })().finally(() => {
      watch.looking = null;
    });
    return watch.looking;
  }

  async function judge(accountId: string, watch: Watch): Promise<void> {
    const { threshold } = watch;
    const { balance } = await ledger.balance(accountId);
    const isLow = balance < threshold;
    if (isLow === watch.told || watches.get(accountId) !== watch || watch.threshold !== threshold) return;
    const alert = isLow ? newAlert(deps, accountId, threshold, balance) : null;
    const written = await storage.writer.write(
      alert === null ? [rearm(accountId, threshold)] : [setTold(accountId, threshold), insertAlert(alert)],
    );
    // Refused when the threshold was changed meanwhile, which looks again by itself.
    if (!written.ok) return;
    watch.told = isLow;
    if (alert !== null) deps.onAlert(alert);
  }

  const stop = ledger.onChange(({ accountId, available }) => {
    const watch = watches.get(accountId);
    if (watch === undefined || available < watch.threshold === watch.told) return;
    // Nobody waits for it: what could not be written now is found at the next change, or by `look`.
    lookAt(accountId, watch).catch(() => undefined);
  });

  return {
    async set(accountId, threshold) {
      const written = await storage.writer.write([setThreshold(accountId, threshold)]);
      if (!written.ok) return false;
      const watch: Watch = { threshold, told: false, looking: null, again: false };
      watches.set(accountId, watch);
      await lookAt(accountId, watch);
      return true;
    },
    async off(accountId) {
      const written = await storage.writer.write([deleteThreshold(accountId)]);
      watches.delete(accountId);
      return written.ok;
    },
    list: (accountId) =>
      [...watches]
        .filter(([id]) => accountId === null || id === accountId)
        .map(([id, { threshold, told }]) => ({ accountId: id, threshold, told })),
    async look() {
      for (const [accountId, watch] of watches) if (!watch.told) await lookAt(accountId, watch);
    },
    close: stop,
  };
}

function newAlert({ clock, mintId }: LowBalanceDeps, accountId: string, threshold: Nano, balance: Nano): Alert {
  const id = mintId('alert');
  const once = `low_balance:${id}`;
  return { id, atMs: clock.wallMs(), accountId, once, kind: 'low_balance', threshold, balance };
}
