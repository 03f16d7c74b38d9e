import { isoOrNull } from '../../base/calendar.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Payments } from '../../ledger/index.ts';
import { errorBody } from '../openai/errors.ts';
import type { Call } from '../pipeline/call.ts';
import type { PipelineDeps } from '../pipeline/deps.ts';
import type { Draft } from '../pipeline/draft.ts';
import { readBody } from '../pipeline/read-body.ts';
import { runSimple } from '../pipeline/run-simple.ts';
import { type Refusal, type RefusalReason, refusal } from '../refusal.ts';

/** `POST /v1/credit/redeem` with `{"code": "..."}`: credit for the key's account. */
export function redeemCode(call: Call, draft: Draft, deps: PipelineDeps): Promise<Response> {
  return runSimple(
    call,
    draft,
    {
      scope: 'credit.redeem',
      encodeError: errorBody,
      async answer({ accountId }) {
        const code = await readCode(call, deps);
        if (!code.ok) return code;
        const redeemed = await deps.redeem(accountId, code.value);
        if (!redeemed.ok) return refuse(explain(redeemed.refusal));
        const { grantId, credit, expiresAtMs } = redeemed.value;
        return ok({
          object: 'credit.redemption',
          account_id: accountId,
          grant_id: grantId,
          credit_nano: credit.toString(),
          expires_at: isoOrNull(expiresAtMs),
        });
      },
    },
    deps,
  );
}

async function readCode(call: Call, deps: PipelineDeps): Promise<Result<string, Refusal>> {
  const body = await readBody(call.request, deps.config.server, deps.bodies);
  if (!body.ok) return body;
  const { code } = body.value.json;
  if (typeof code === 'string') return ok(code);
  return refuse(refusal('code_invalid', {}, { param: 'code' }));
}

type RedeemRefusal = Extract<Awaited<ReturnType<Payments['codes']['redeem']>>, { ok: false }>['refusal'];

const REASONS: Record<RedeemRefusal['reason'], RefusalReason> = {
  code_invalid: 'code_invalid',
  code_expired: 'code_expired',
  code_used_up: 'code_used_up',
  code_used_by_account: 'code_used_by_account',
  // The account of a key that works is there.
  account_not_found: 'internal',
  house_account: 'house_account',
  too_many_attempts: 'code_attempts',
};

function explain({ reason, retryAfterMs }: RedeemRefusal): Refusal {
  if (retryAfterMs === null) return refusal(REASONS[reason]);
  return refusal(REASONS[reason], { seconds: Math.ceil(retryAfterMs / 1_000) }, { retryAfterMs });
}
