import type { VestingRules } from './rules.ts';

/** What is known of a sign-up when its mail address is verified. */
export interface EntryFacts {
  /** Its mail address is of a domain that lends addresses for minutes. */
  readonly disposable: boolean;
  /** It is linked softly to an account that was there before. */
  readonly softlyLinked: boolean;
  /** Of each cohort it belongs to (its mail domain, its network), how many began on the same day before it. */
  readonly cohortEntries: readonly number[];
}

/** Doubt never closes the door: it makes the first tranche come in two steps. */
export function entryFor(facts: EntryFacts, rules: VestingRules): 'full' | 'reduced' {
  const isBurst = facts.cohortEntries.some((entries) => entries >= rules.cohortEntriesPerDay);
  return facts.disposable || facts.softlyLinked || isBurst ? 'reduced' : 'full';
}
