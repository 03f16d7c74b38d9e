import { ok, refuse } from '../../base/result.ts';
import { pathOf } from '../../runtime/listener.ts';
import { errorBody } from '../openai/errors.ts';
import { deletedResponse, inputItemsPage } from '../openai/responses/stored.ts';
import type { Call } from '../pipeline/call.ts';
import type { PipelineDeps } from '../pipeline/deps.ts';
import type { Draft } from '../pipeline/draft.ts';
import { runSimple } from '../pipeline/run-simple.ts';
import { refusal } from '../refusal.ts';
import type { StoredResponses } from '../stored-responses.ts';

const access = { scope: 'responses.read', encodeError: errorBody } as const;

/** `GET /v1/responses/{id}` */
export function showResponse(
  call: Call,
  draft: Draft,
  id: string,
  responses: StoredResponses,
  deps: PipelineDeps,
): Promise<Response> {
  return runSimple(
    call,
    draft,
    {
      ...access,
      async answer(key) {
        const stored = await responses.find(id, key.accountId);
        return stored ? ok(stored.response) : refuse(refusal('response_not_found', { id }));
      },
    },
    deps,
  );
}

/** `DELETE /v1/responses/{id}` */
export function forgetResponse(
  call: Call,
  draft: Draft,
  id: string,
  responses: StoredResponses,
  deps: PipelineDeps,
): Promise<Response> {
  return runSimple(
    call,
    draft,
    {
      ...access,
      async answer(key) {
        const gone = await responses.forget(id, key.accountId);
        return gone ? ok(deletedResponse(id)) : refuse(refusal('response_not_found', { id }));
      },
    },
    deps,
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
  return runSimple(
    call,
    draft,
    {
      ...access,
      async answer(key) {
        const stored = await responses.find(id, key.accountId);
        if (!stored) return refuse(refusal('response_not_found', { id }));
        return inputItemsPage(stored, Object.fromEntries(new URLSearchParams(pathOf(call.request.url).query)));
      },
    },
    deps,
  );
}
