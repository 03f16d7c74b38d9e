import type { JsonObject } from '../../../base/json.ts';
import { ok, type Result, refuse } from '../../../base/result.ts';
import { Fields } from '../../fields.ts';
import { type Refusal, refusal } from '../../refusal.ts';
import type { AnswerContext } from '../../surface.ts';
import { idTail } from '../errors.ts';
import type { ResponsesExtra } from './parse.ts';

/** A response as it is kept: what `GET /v1/responses/{id}` returns, and its own input items with ids. */
export interface StoredResponse {
  readonly response: JsonObject;
  readonly inputItems: readonly JsonObject[];
}

/** `whole` is what `encodeResponse` made of the finished generation. */
export function storedResponse(
  whole: JsonObject,
  context: Pick<AnswerContext, 'requestId'>,
  extra: ResponsesExtra,
): StoredResponse {
  const tail = idTail(context.requestId);
  const inputItems = extra.inputItems.map((item, index) => ({
    ...item,
    id: typeof item.id === 'string' && item.id !== '' ? item.id : `item_${tail}_${index}`,
    ...((item.type === 'message' || item.type === 'function_call') && { status: item.status ?? 'completed' }),
  }));
  return { response: whole, inputItems };
}

/** What later turns continue from: the items of one stored response, in the order they were said. */
export function historyItems(stored: StoredResponse): JsonObject[] {
  return [...stored.inputItems, ...((stored.response.output ?? []) as readonly JsonObject[])];
}

/** The body of `DELETE /v1/responses/{id}`. */
export function deletedResponse(id: string): JsonObject {
  return { id, object: 'response', deleted: true };
}

/** Query parameters of a list, as they stand in the URL. */
export interface PageQuery {
  readonly limit?: string;
  readonly after?: string;
  readonly order?: string;
}

/** One page of `GET /v1/responses/{id}/input_items`: newest first unless `order=asc`, 20 unless `limit` (1 to 100). */
export function inputItemsPage(stored: StoredResponse, query: PageQuery): Result<JsonObject, Refusal> {
  const fields = new Fields('/v1/responses/{id}/input_items');
  const order = fields.oneOf({ order: query.order }, 'order', '', ['asc', 'desc']) ?? 'desc';
  const limit = query.limit === undefined ? 20 : Number(query.limit);
  fields.integer({ limit }, 'limit', '', 1, 100);
  if (fields.problem !== undefined) return refuse(fields.problem);
  const items = order === 'asc' ? stored.inputItems : stored.inputItems.toReversed();
  const after = query.after === undefined ? -1 : items.findIndex((item) => item.id === query.after);
  if (query.after !== undefined && after === -1) {
    const words = { detail: 'is not an item of this response', detail_zh: '不是此回复的条目' };
    return refuse(refusal('invalid_field', { param: 'after', ...words }, { param: 'after' }));
  }
  const data = items.slice(after + 1, after + 1 + limit);
  return ok({
    object: 'list',
    data,
    first_id: data.at(0)?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: after + 1 + limit < items.length,
  });
}
