import type { z } from 'zod';
import type { UsageEvent } from '../event.ts';
import type { decisionStep } from './contract.ts';

type Step = z.infer<typeof decisionStep>;
type Facts = Step['facts'];

/** Reasons by the step that says no with them; every other refusal is of what was asked or how much, which `admit` weighs. */
const OF_KEY: ReadonlySet<string> = new Set([
  'missing_key',
  'invalid_key',
  'key_revoked',
  'key_expired',
  'access_stopped',
  'key_scope',
  'key_network',
]);
const OF_MONEY: ReadonlySet<string> = new Set([
  'credit_exhausted',
  'credit_held',
  'budget_exhausted',
  'credit_queue_full',
  'model_unpriced',
]);
const OF_REVIEW: ReadonlySet<string> = new Set(['content_refused', 'content_held', 'review_unavailable']);
const OF_ROUTE: ReadonlySet<string> = new Set(['upstream_unavailable']);

/**
 * What each step decided, worked out from the record of a request: steps before the one that ended it passed, those after
 * it were skipped. `holds` is whether the ledger has a hold of it.
 */
export function decisionOf(event: UsageEvent, holds: boolean): Step[] {
  const ended = endedAt(event);
  return STEPS.map((step): Step => {
    const { verdict, facts } = verdictOf(step, event, ended, holds);
    return { step, verdict, reason: step === ended && verdict !== 'passed' ? event.reason : null, facts };
  });
}

const STEPS = ['authenticate', 'attribute', 'admit', 'hold', 'moderate', 'route', 'relay', 'settle'] as const;

/** The step that ended the request before its answer was whole; null when it was whole. */
function endedAt({ outcome, reason, attempts, keyId }: UsageEvent): Step['step'] | null {
  if (outcome === 'completed') return null;
  if (reason !== null && OF_KEY.has(reason)) return 'authenticate';
  if (attempts > 0) return 'relay';
  if (reason !== null && OF_MONEY.has(reason)) return 'hold';
  if (reason !== null && OF_REVIEW.has(reason)) return 'moderate';
  if (outcome === 'failed' || (reason !== null && OF_ROUTE.has(reason))) return 'route';
  return keyId === null ? 'authenticate' : 'admit';
}

interface Verdict {
  readonly verdict: Step['verdict'];
  readonly facts: Facts;
}

const SKIPPED: Verdict = { verdict: 'skipped', facts: {} };

function verdictOf(step: Step['step'], event: UsageEvent, ended: Step['step'] | null, holds: boolean): Verdict {
  if (step === 'moderate') return moderated(event);
  if (step === 'settle') return settled(event);
  if (ended !== null && STEPS.indexOf(step) > STEPS.indexOf(ended)) return SKIPPED;
  const facts = factsOf(step, event);
  if (step === ended) return endedThere(step, event, facts);
  // A call that asks no upstream holds nothing, and goes nowhere.
  if (step === 'hold') return holds || event.priceId !== null ? { verdict: 'passed', facts } : SKIPPED;
  if (step === 'route' || step === 'relay') return event.attempts > 0 ? { verdict: 'passed', facts } : SKIPPED;
  return { verdict: 'passed', facts };
}

/** Who was turned away before a key was looked at was not refused for it. */
function endedThere(step: Step['step'], event: UsageEvent, facts: Facts): Verdict {
  if (step === 'authenticate' && (event.reason === null || !OF_KEY.has(event.reason))) return SKIPPED;
  return { verdict: event.outcome === 'refused' && step !== 'relay' ? 'refused' : 'failed', facts };
}

/** A review that did not come to its end is never told as passed, also where the request went on. */
function moderated({ verdict, categories, outcome }: UsageEvent): Verdict {
  switch (verdict) {
    case 'none':
      return { verdict: 'not_configured', facts: {} };
    case 'unreviewed':
      return { verdict: outcome === 'refused' ? 'refused' : 'failed', facts: { verdict, categories } };
    case 'refused':
    case 'cut':
      return { verdict: 'refused', facts: { verdict, categories } };
    case 'flagged':
    case 'passed':
      return { verdict: 'passed', facts: { verdict, categories } };
  }
}

function settled({ usageSource, priceId, priceNano, writtenOffNano, marginBp }: UsageEvent): Verdict {
  if (usageSource === 'none') return SKIPPED;
  const amounts = { price_nano: String(priceNano), written_off_nano: String(writtenOffNano) };
  return { verdict: 'passed', facts: { usage_source: usageSource, price: priceId, margin_bp: marginBp, ...amounts } };
}

function factsOf(step: Step['step'], event: UsageEvent): Facts {
  switch (step) {
    case 'authenticate':
      return { key: event.keyId, account: event.accountId, member: event.member };
    case 'attribute':
      return { product: event.product, app: event.app, app_source: event.appSource, end_user: event.endUser };
    case 'admit':
      return { model: event.modelRequested, endpoint: event.endpoint };
    case 'route':
      return { target: event.target, provider: event.provider, attempts: event.attempts, queue_ms: event.queueMs };
    case 'relay':
      return { streamed: event.streamed, first_token_ms: event.firstTokenMs, total_ms: event.totalMs };
    case 'hold':
    case 'moderate':
    case 'settle':
      return {};
    default:
      return step satisfies never;
  }
}
