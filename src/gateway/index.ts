import { issuedIdentifier } from './migrations/2026-11-22-issued-identifier.ts';
import { idempotentAnswer } from './migrations/2026-11-22-idempotent-answer.ts';
import { storedResponse } from './migrations/2026-11-22-stored-response.ts';

export { createGateway, type Gateway, type GatewayParts } from './gateway.ts';
export { type Books, createBooks } from './money/books.ts';
export type { Moderation } from './pipeline/review.ts';
export { createRecovery } from './money/recovery.ts';
export type { Redress } from './pipeline/stopped.ts';
export type { TargetHealth } from './routing/target.ts';

export const gatewayMigrations = [storedResponse, idempotentAnswer, issuedIdentifier];
