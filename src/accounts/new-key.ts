import { ok, refuse, type Result } from '../base/result.ts';
import type { LimitSet } from '../config/config.ts';
import { type CreateKeyBody, createKeyBody } from './contract.ts';
import type { ApiKey } from './key.ts';

/** What a key's owner decides about it. */
export type NewKey = Omit<ApiKey, 'id' | 'originId' | 'createdAtMs' | 'revokedAtMs' | 'lastUsedAtMs'>;

/** Checks what was asked for, whatever its type claims, and fills in what was not. The refusal names the field. */
export function checkNewKey(input: CreateKeyBody, nowMs: number): Result<NewKey, string> {
  const parsed = createKeyBody.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue?.path.join('.') || 'the body';
    return refuse(`${where}: ${issue?.message ?? 'is not valid'}`);
  }
  const body = parsed.data;
  const expiresAtMs = body.expires_at === null ? null : Date.parse(body.expires_at);
  if (expiresAtMs !== null && !(expiresAtMs > nowMs)) return refuse('expires_at: must lie in the future');
  return ok({
    accountId: body.account_id,
    product: body.product,
    app: body.app,
    member: body.member,
    name: body.name,
    scopes: body.scopes,
    models: body.models,
    networks: body.networks,
    limits: body.limits === null ? null : toLimits(body.limits),
    expiresAtMs,
  });
}

type WireLimits = NonNullable<ReturnType<typeof createKeyBody.parse>['limits']>;

function toLimits(limits: WireLimits): LimitSet {
  return {
    ...(limits.requests_per_minute !== undefined && { requestsPerMinute: limits.requests_per_minute }),
    ...(limits.tokens_per_minute !== undefined && { tokensPerMinute: limits.tokens_per_minute }),
    ...(limits.concurrency !== undefined && { concurrency: limits.concurrency }),
  };
}
