import { ok, refuse, type Result } from '../../base/result.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { Model, Router } from '../routing/router.ts';
import { canServe } from '../routing/router.ts';
import type { Ask } from './job.ts';

/**
 * From the model's name to the model: it exists, it is among those allowed, and something behind it can do what is asked.
 * `allowed` is null for all.
 */
export function resolve(ask: Ask, allowed: readonly string[] | null, router: Router): Result<Model, Refusal> {
  const model = router.models.get(ask.model);
  if (!model) return refuse(refusal('model_not_found', { model: ask.model }, { param: 'model' }));
  if (allowed !== null && !allowed.includes(ask.model)) {
    return refuse(refusal('model_not_allowed', { model: ask.model }, { param: 'model' }));
  }
  for (const { ability, param } of ask.needs) {
    if (!model.tiers.flat().some((target) => canServe(target, [ability]))) {
      return refuse(refusal('unsupported_field', { where: `the model "${ask.model}"` }, { param }));
    }
  }
  const limit = model.config.contextTokens;
  if (limit !== null && ask.inputTokens > limit) {
    return refuse(refusal('context_too_long', { model: ask.model, used: ask.inputTokens, limit }));
  }
  return ok(model);
}
