import type { JsonObject } from '../../base/json.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import { pathOf } from '../../runtime/listener.ts';
import { errorBody } from '../openai/errors.ts';
import { deletedResponse, inputItemsPage } from '../openai/responses/stored.ts';
import type { Call } from '../pipeline/call.ts';
import type { PipelineDeps } from '../pipeline/deps.ts';
import type { Draft } from '../pipeline/draft.ts';
import { runSimple } from '../pipeline/run-simple.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { StoredResponses } from '../stored-responses.ts';

/** A stored response, as its endpoints see it: whatever another account owns is as good as absent. */
function onStored(
  call: Call,
  draft: Draft,
  deps: PipelineDeps,
  answer: (accountId: string) => Promise<Result<JsonObject, Refusal>>,
): Promise<Response> {
  const access = { scope: 'responses.read', encodeError: errorBody } as const;
  return runSimple(call, draft, { ...access, answer: (key) => answer(key.accountId) }, deps);
}

/** `GET /v1/responses/{id}` */
export function showResponse(
  call: Call,
  draft: Draft,
  id: string,
  responses: StoredResponses,
  deps: PipelineDeps,
): Promise<Response> {
  return onStored(call, draft, deps, async (accountId) => {
    const stored = await responses.find(id, accountId);
    return stored ? ok(stored.response) : notFound(id);
  });
}

/** `DELETE /v1/responses/{id}` */
export function forgetResponse(
  call: Call,
  draft: Draft,
  id: string,
  responses: StoredResponses,
  deps: PipelineDeps,
): Promise<Response> {
  return onStored(call, draft, deps, async (accountId) =>
    (await responses.forget(id, accountId)) ? ok(deletedResponse(id)) : notFound(id),
  );
}

/** `GET /v1/responses/{id}/input_items` */
export function listInputItems(
  call: Call,
  draft: Draft,
  id: string,
  responses: StoredResponses,
  deps: PipelineDeps,
): Promise<Response> {
  return onStored(call, draft, deps, async (accountId) => {
    const stored = await responses.find(id, accountId);
    const { query } = pathOf(call.request.url);
    return stored ? inputItemsPage(stored, Object.fromEntries(new URLSearchParams(query))) : notFound(id);
  });
}

function notFound(id: string) {
  return refuse(refusal('response_not_found', { id }));
}
