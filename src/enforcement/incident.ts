import type { Conduct, Severity } from './conduct.ts';
import type { Owner } from './unit.ts';

/** `doubtful`: waits for a second reader or a person; `confirmed`: became a strike; `undone`: an appeal or a person took it back. */
export const INCIDENT_STATES = ['doubtful', 'confirmed', 'dismissed', 'undone'] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

/** Correlated signals, folded: one conduct of one owner in one conversation or with one text, within 15 minutes of the last. */
export interface Incident {
  /** `inc_<ulid>` */
  readonly id: string;
  readonly owner: Owner;
  readonly conduct: Conduct;
  readonly severity: Severity;
  readonly openedAtMs: number;
  readonly lastAtMs: number;
  /** Ids, oldest first. At most 100; more are counted. */
  readonly signals: readonly string[];
  readonly signalCount: number;
  readonly requestIds: readonly string[];
  readonly state: IncidentState;
  /** That it is so, after everybody who looked. */
  readonly confidence: number;
  /** Who settled it: `stage2`, `guard:<name>`, `person:<staff id>`; null while nobody did. */
  readonly readBy: string | null;
}

/** What a second reader or a person makes of an incident. */
export interface Reading {
  readonly incidentId: string;
  readonly outcome: 'abuse' | 'harmless' | 'unsure';
  readonly confidence: number;
  readonly by: string;
  readonly atMs: number;
}
