import type { Clock } from '../../base/clock.ts';
import type { Nano } from '../../base/money.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { BreakerFigures } from '../vesting.ts';
import { type BreakerState, burnedIn, forecastFor, isOpen, newBreaker, withUnpaidBurn } from './breaker.ts';
import type { VestingRules } from './rules.ts';
import { readBreaker, saveBreaker } from './store.ts';

export interface BreakerWatchDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly rules: VestingRules;
  /** It has opened or closed, by the figures or by hand. */
  readonly onTurned: (figures: BreakerFigures) => void;
}

/** The breaker of the running process; its state outlives it. */
export interface BreakerWatch {
  isOpen(): boolean;
  /** Free credit that an account which never paid has burned; in memory. */
  burned(atMs: number, amount: Nano): void;
  /** Lets time pass, and keeps the state. */
  keep(): Promise<void>;
  figures(): BreakerFigures;
  pin(how: 'open' | 'closed' | null): Promise<void>;
}

export async function createBreakerWatch({ storage, clock, rules, onTurned }: BreakerWatchDeps): Promise<BreakerWatch> {
  const kept = await readBreaker(storage.reader);
  let state = kept === null ? newBreaker(clock.wallMs()) : parseState(kept);

  function figures(): BreakerFigures {
    const now = clock.wallMs();
    return {
      open: isOpen(state),
      sinceMs: state.openSinceMs,
      burned: burnedIn(state),
      forecast: forecastFor(state, now, rules.breaker),
      pinned: state.pinned,
    };
  }

  function turn(after: BreakerState): void {
    const before = isOpen(state);
    state = after;
    if (isOpen(state) !== before) onTurned(figures());
  }

  async function keep(): Promise<void> {
    turn(withUnpaidBurn(state, clock.wallMs(), 0n, rules.breaker));
    await storage.writer.write([saveBreaker(stateText(state))]);
  }

  return {
    isOpen: () => isOpen(state),
    burned: (atMs, amount) => turn(withUnpaidBurn(state, Math.max(atMs, clock.wallMs()), amount, rules.breaker)),
    keep,
    figures,
    async pin(how) {
      turn({ ...state, pinned: how });
      await storage.writer.write([saveBreaker(stateText(state))]);
    },
  };
}

type StoredState = Omit<BreakerState, 'slots' | 'hourBurned'> & {
  readonly slots: readonly string[];
  readonly hourBurned: string;
};

function stateText(state: BreakerState): string {
  return JSON.stringify({
    ...state,
    slots: state.slots.map(String),
    hourBurned: String(state.hourBurned),
  } satisfies StoredState);
}

function parseState(text: string): BreakerState {
  const stored = JSON.parse(text) as StoredState;
  return { ...stored, slots: stored.slots.map(BigInt), hourBurned: BigInt(stored.hourBurned) };
}
