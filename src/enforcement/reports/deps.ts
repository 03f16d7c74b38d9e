import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import type { Attempts } from '../../credentials/attempts.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { Signal } from '../signal.ts';
import type { Owner } from '../unit.ts';

export interface ReportsDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly mintId: MintId;
  readonly attempts: Attempts;
  /** Whose a request is, and when it was; null for none of ours. */
  requestOf(requestId: string): Promise<{ readonly owner: Owner; readonly atMs: number } | null>;
  /** Takes in a signal, durable when it resolves, with the incident it was folded into. */
  signal(signal: Signal): Promise<{ readonly incidentId: string }>;
}
