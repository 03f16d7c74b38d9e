import type { UsageEvent } from '../../metering/index.ts';
import { StorageFault, type WriteStatement } from '../../storage/sql/writer.ts';
import type { Bill, Owed } from './bill.ts';

/** The end of a request that the disk did not take when it came. */
export interface LateSettlement {
  readonly event: UsageEvent;
  readonly bill: Bill;
  readonly owed: Owed;
  /** Written in the same unit. */
  readonly also: readonly WriteStatement[];
  /** Called once it is kept. */
  readonly onKept: () => void;
}

/**
 * Settlements that wait for the disk to take them. Beyond their number they are dropped: the hold's time then runs out
 * and the sweeper settles it from its last checkpoint.
 */
export interface LateSettlements {
  add(settlement: LateSettlement): void;
  has(id: string): boolean;
  close(): void;
}

export interface LateSettlementsDeps {
  /** Rejects with `StorageFault` when the disk still takes nothing. */
  readonly attempt: (settlement: LateSettlement) => Promise<void>;
  readonly onFault: (what: string, error: unknown, requestId: string) => void;
}

const SETTLEMENTS_MAX = 20_000;
const AGAIN_MS_MIN = 100;
const AGAIN_MS_MAX = 5_000;
/** Tried together once the disk takes the first. */
const TOGETHER_MAX = 500;

export function createLateSettlements({ attempt, onFault }: LateSettlementsDeps): LateSettlements {
  const waiting = new Map<string, LateSettlement>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let againMs = AGAIN_MS_MIN;
  let closed = false;

  function schedule(): void {
    if (closed || timer || waiting.size === 0) return;
    timer = setTimeout(() => void round(), againMs);
    timer.unref();
  }
  async function round(): Promise<void> {
    const [first] = waiting.values();
    // One goes ahead: a disk that is full is asked once, not by all that wait.
    const passed = first === undefined || (await tryOne(first));
    if (passed) await Promise.all([...waiting.values()].slice(0, TOGETHER_MAX).map(tryOne));
    againMs = passed ? AGAIN_MS_MIN : Math.min(AGAIN_MS_MAX, againMs * 2);
    timer = null;
    schedule();
  }
  async function tryOne(settlement: LateSettlement): Promise<boolean> {
    const { id } = settlement.event;
    try {
      await attempt(settlement);
      waiting.delete(id);
      return true;
    } catch (error) {
      if (error instanceof StorageFault) return false;
      // It will never be taken: what is left of it is the sweeper's.
      onFault('settle a request late', error, id);
      waiting.delete(id);
      return true;
    }
  }
  return {
    add(settlement) {
      if (closed) return;
      const { id } = settlement.event;
      if (waiting.size >= SETTLEMENTS_MAX) onFault('keep a settlement for later', new Error('too many wait'), id);
      else waiting.set(id, settlement);
      schedule();
    },
    has: (id) => waiting.has(id),
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };
}
