import { meteringEvents } from './migrations/2026-11-22-metering-events.ts';

export { type AuditFinding, type AuditReport, auditDatabase } from './audit.ts';
export type * from './event.ts';
export { createFingerprint, type Fingerprint } from './fingerprint.ts';
export { createMetering, type Metering } from './metering.ts';
export { readUsageEvent } from './store.ts';

export const meteringMigrations = [meteringEvents];
