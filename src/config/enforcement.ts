import type { ConfigFile } from './schema.ts';

/** What is done about abuse, as far as the configuration says it. */
export interface EnforcementConfig {
  /** Days a flagged exchange is kept for whoever decides on it; 0 keeps none. */
  readonly evidenceDays: number;
  /** The rate a throttle takes its share of where none is set. */
  readonly usualRequestsPerMinute: number;
  /** Absolute; null: none. */
  readonly rulesDir: string | null;
  readonly ruleCountersMb: number;
}

export function assembleEnforcement(
  entry: ConfigFile['enforcement'],
  toAbsolute: (path: string) => string,
): EnforcementConfig {
  return {
    evidenceDays: entry.evidence_days,
    usualRequestsPerMinute: entry.usual_requests_per_minute,
    rulesDir: entry.rules_dir === null ? null : toAbsolute(entry.rules_dir),
    ruleCountersMb: entry.rule_counters_mb,
  };
}
