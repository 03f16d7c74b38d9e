import type { Keys } from '../accounts/index.ts';
import { OPERATOR_ACCOUNT_ID } from '../accounts/index.ts';
import type { UsageEvent } from '../metering/index.ts';
import type { ManagedDoor } from '../people/index.ts';

export interface CountFirstsDeps {
  readonly door: Pick<ManagedDoor, 'note'>;
  readonly keys: Pick<Keys, 'onChange' | 'ofAccount'>;
  /** Calls `listener` with every usage event once it is durable. */
  readonly onUsage: (listener: (event: UsageEvent) => void) => void;
}

/** Accounts with a key and no answer yet; whoever asks later than so many others is not counted. */
const WAITING_MAX = 50_000;
/** Of no plan and no region: by the time somebody asks, both may be others than at the door. */
const ANYWHERE = { plan: null, region: null } as const;

/**
 * Counts how many who came in made a key and got an answer. In memory: who made a key before a restart and asks after it is
 * counted for the key alone.
 */
export function countFirsts({ door, keys, onUsage }: CountFirstsDeps): void {
  const waiting = new Set<string>();

  keys.onChange(({ kind, accountId }) => {
    if (kind !== 'created' || accountId === OPERATOR_ACCOUNT_ID || keys.ofAccount(accountId).length > 1) return;
    door.note('first_key', ANYWHERE);
    if (waiting.size < WAITING_MAX) waiting.add(accountId);
  });
  onUsage(({ accountId, outcome }) => {
    if (accountId === null || outcome !== 'completed' || !waiting.delete(accountId)) return;
    door.note('first_answer', ANYWHERE);
  });
}
