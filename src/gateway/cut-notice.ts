import type { JsonObject } from '../base/json.ts';
import { type Refusal, refusalMessage } from './refusal.ts';
import type { AnswerContext } from './surface.ts';

/**
 * The member `cut` of an answer that Candor kept short, in every format the same: why, for machines and for people.
 * Clients that do not know it see an answer that reached its length.
 */
export function cutNotice(cut: Refusal, { language }: Pick<AnswerContext, 'language'>): JsonObject {
  return { reason: cut.reason, message: refusalMessage(cut, language) };
}
