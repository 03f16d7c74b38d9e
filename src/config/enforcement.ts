/** What is done about abuse, as far as the configuration says it. */
export interface EnforcementConfig {
  /** Days a flagged exchange is kept for whoever decides on it; 0 keeps none. */
  readonly evidenceDays: number;
  /** The rate a throttle takes its share of where none is set. */
  readonly usualRequestsPerMinute: number;
}
