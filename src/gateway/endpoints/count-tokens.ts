import { ok, refuse, type Result } from '../../base/result.ts';
import { estimateRequestTokens, type GenerationRequest, ProviderFault } from '../../providers/index.ts';
import { parseCountTokens } from '../anthropic/count-tokens.ts';
import { messagesSurface } from '../anthropic/surface.ts';
import type { Call } from '../pipeline/call.ts';
import type { PipelineDeps } from '../pipeline/deps.ts';
import type { Draft } from '../pipeline/draft.ts';
import { askOf } from '../pipeline/ask.ts';
import { readBody } from '../pipeline/read-body.ts';
import { resolve } from '../pipeline/resolve.ts';
import { runSimple } from '../pipeline/run-simple.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { Model } from '../routing/router.ts';

/** `POST /v1/messages/count_tokens`: the upstream's own count where it offers one, else our estimate. */
export function countMessageTokens(call: Call, draft: Draft, deps: PipelineDeps): Promise<Response> {
  return runSimple(
    call,
    draft,
    {
      scope: 'inference',
      encodeError: messagesSurface.encodeError,
      async answer(key) {
        const request = await readRequest(call, draft, deps);
        if (!request.ok) return request;
        const model = resolve(askOf(request.value), key, deps.router);
        if (!model.ok) return model;
        const tokens = await count(request.value, model.value, call);
        return tokens === null ? refuse(refusal('client_gone')) : ok({ input_tokens: tokens });
      },
    },
    deps,
  );
}

async function readRequest(call: Call, draft: Draft, deps: PipelineDeps): Promise<Result<GenerationRequest, Refusal>> {
  const body = await readBody(call.request, deps.config.server, deps.bodies);
  if (!body.ok) return body;
  const parsed = parseCountTokens(body.value);
  if (parsed.ok) draft.modelRequested = parsed.value.model.slice(0, 128);
  return parsed;
}

/** Null when the caller hung up before the upstream said. */
async function count(request: GenerationRequest, model: Model, call: Call): Promise<number | null> {
  const target = model.tiers[0]?.find((one) => one.provider.countTokens && one.waitMs() === 0);
  if (!target?.provider.countTokens) return estimateRequestTokens(request);
  const { upstreamModel, passFields, timeouts } = target;
  const attempt = { upstreamModel, passFields, timeouts, signal: call.request.signal, requestId: call.id };
  try {
    return await target.provider.countTokens(request, attempt);
  } catch (error) {
    if (call.request.signal.aborted) return null;
    if (!(error instanceof ProviderFault)) throw error;
    return estimateRequestTokens(request);
  }
}
