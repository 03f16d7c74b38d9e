import { type ProviderFault, type ProviderFaultKind, ProviderFault as Fault } from '../../providers/index.ts';
import { StorageFault } from '../../storage/sql/writer.ts';
import { type Refusal, type RefusalReason, refusal } from '../refusal.ts';
import type { NoTarget } from '../routing/router.ts';
import { CutError } from '../streaming/live.ts';
import type { LimitRefusal } from '../../capacity/index.ts';

/** When to come back where the true time is not known and will be short. */
export const RETRY_SOON_MS = 1_000;

const BY_FAULT: Readonly<Record<ProviderFaultKind, RefusalReason>> = {
  connect: 'upstream_unavailable',
  rate_limited: 'upstream_rate_limited',
  unavailable: 'upstream_unavailable',
  upstream_error: 'upstream_failed',
  rejected: 'upstream_rejected',
  credential: 'upstream_credential',
  first_token_timeout: 'upstream_timeout',
  stalled: 'upstream_stalled',
  total_timeout: 'upstream_timeout',
  died: 'upstream_died',
  garbage: 'upstream_garbage',
  in_band: 'upstream_failed',
};

/** What a caller is told about an error that ended its request. Anything unforeseen is `internal`. */
export function explainError(error: unknown, model: string): Refusal {
  if (error instanceof Fault) return explainFault(error, model);
  if (error instanceof CutError) return explainCut(error);
  if (error instanceof StorageFault) return refusal('storage_unavailable');
  return refusal('internal');
}

function explainCut(cut: CutError): Refusal {
  if (cut.reason !== 'draining') return refusal(cut.reason);
  return refusal('draining', { seconds: RETRY_SOON_MS / 1_000 }, { retryAfterMs: RETRY_SOON_MS });
}

const UNEXPLAINED = { detail: 'it gave no reason', detail_zh: '未说明原因' };

function explainFault(fault: ProviderFault, model: string): Refusal {
  const said = fault.upstreamMessage === undefined ? UNEXPLAINED : { detail: fault.upstreamMessage };
  return refusal(
    BY_FAULT[fault.kind],
    { model, ...said },
    {
      ...(fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs }),
      ...(fault.param === undefined ? {} : { param: fault.param }),
    },
  );
}

export function explainNoTarget(none: NoTarget, model: string): Refusal {
  if (none.fault) return explainFault(none.fault, model);
  const retry = none.retryAfterMs === null ? {} : { retryAfterMs: none.retryAfterMs };
  return refusal('upstream_unavailable', { model }, retry);
}

/** Whether the upstream may have read the prompt, and so may charge for it, although it gave no whole answer. */
export function mayHaveCost(fault: ProviderFault): boolean {
  switch (fault.kind) {
    case 'connect':
    case 'rate_limited':
    case 'unavailable':
    case 'upstream_error':
    case 'rejected':
    case 'credential':
      return false;
    default:
      return true;
  }
}

const WHO_EN = { key: 'key', app: 'app', account: 'account', model: 'model', end_user: 'end user' } as const;
const WHO_ZH = { key: '密钥', app: '应用', account: '账户', model: '模型', end_user: '终端用户' } as const;

const REASON_BY_LIMIT = { requests: 'request_rate', tokens: 'token_rate', concurrency: 'concurrency' } as const;

export function explainLimit(refused: LimitRefusal, tokens: number, language: 'en' | 'zh'): Refusal {
  const who = (language === 'zh' ? WHO_ZH : WHO_EN)[refused.subject];
  const waitMs = refused.retryAfterMs;
  const details = { who, limit: refused.max, used: tokens, seconds: Math.ceil(waitMs / 1_000) };
  if (!Number.isFinite(waitMs)) return refusal('token_rate_never', details);
  return refusal(REASON_BY_LIMIT[refused.limit], details, { retryAfterMs: waitMs });
}
