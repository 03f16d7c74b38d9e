import type { ApiKey } from '../../accounts/index.ts';
import { ok, refuse } from '../../base/result.ts';
import { errorBody } from '../openai/errors.ts';
import { encodeModel, encodeModels } from '../openai/models.ts';
import type { Call } from '../pipeline/call.ts';
import type { PipelineDeps } from '../pipeline/deps.ts';
import type { Draft } from '../pipeline/draft.ts';
import { runSimple } from '../pipeline/run-simple.ts';
import { refusal } from '../refusal.ts';
import type { Model } from '../routing/router.ts';

/** `GET /v1/models`: those this key may use. */
export function listModels(call: Call, draft: Draft, deps: PipelineDeps): Promise<Response> {
  return runSimple(
    call,
    draft,
    {
      scope: 'models.read',
      encodeError: errorBody,
      answer: async (key) => ok(encodeModels(allowed(key, deps).map(describe))),
    },
    deps,
  );
}

/** `GET /v1/models/{id}`. A model this key may not use is as good as absent. */
export function showModel(call: Call, draft: Draft, encodedId: string, deps: PipelineDeps): Promise<Response> {
  return runSimple(
    call,
    draft,
    {
      scope: 'models.read',
      encodeError: errorBody,
      async answer(key) {
        const id = decode(encodedId);
        draft.modelRequested = id.slice(0, 128);
        const model = allowed(key, deps).find((one) => one.alias === id);
        if (!model) return refuse(refusal('model_not_found', { model: id }, { param: 'model' }));
        return ok(encodeModel(describe(model)));
      },
    },
    deps,
  );
}

function allowed(key: ApiKey, deps: PipelineDeps): Model[] {
  const models = deps.allowedModels(key);
  return [...deps.router.models.values()].filter((model) => models === null || models.includes(model.alias));
}

function describe(model: Model) {
  return { id: model.alias, createdSec: 0, ownedBy: model.config.ownedBy };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
