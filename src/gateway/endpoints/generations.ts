import { ok, refuse } from '../../base/result.ts';
import { streamEnds } from '../../runtime/listener.ts';
import { errorBody } from '../openai/errors.ts';
import type { Call } from '../pipeline/call.ts';
import type { PipelineDeps } from '../pipeline/deps.ts';
import type { Draft } from '../pipeline/draft.ts';
import { runSimple } from '../pipeline/run-simple.ts';
import { refuseEndUser } from '../pipeline/stopped.ts';
import { streamAnswer } from '../answer.ts';
import { refusal } from '../refusal.ts';
import { streamBody } from '../streaming/body.ts';

/** `POST /v1/generations/{id}/cancel`: the only cancel. Somebody else's generation is as good as absent. */
export function cancelGeneration(call: Call, draft: Draft, id: string, deps: PipelineDeps): Promise<Response> {
  return runSimple(
    call,
    draft,
    {
      scope: 'inference',
      encodeError: errorBody,
      async answer(key) {
        const live = deps.live.find(id);
        if (!live || live.accountId !== key.accountId) return refuse(refusal('generation_not_found', { id }));
        live.cut('cancelled');
        return ok({ id, object: 'generation', status: 'cancelled' });
      },
    },
    deps,
  );
}

/**
 * `GET /v1/generations/{id}/stream`: goes on with a stream whose connection was lost, after `Last-Event-ID`.
 * Only products with a grace time keep anything to go on with.
 */
export function resumeGeneration(call: Call, draft: Draft, id: string, deps: PipelineDeps): Promise<Response> {
  return runSimple(
    call,
    draft,
    {
      scope: 'inference',
      encodeError: errorBody,
      async answer(key) {
        const replay = deps.replays.find(id);
        const after = Number(call.request.headers.get('last-event-id') ?? 0);
        const mine = replay && replay.keyId === key.id && Number.isSafeInteger(after) && after >= 0;
        const stopped = mine ? refuseEndUser(key.accountId, replay.endUser, deps) : null;
        if (stopped) return refuse(stopped);
        const feed = mine ? replay.resume(after) : null;
        if (!mine || !feed) return refuse(refusal('generation_not_found', { id }));
        const graceMs = deps.config.products[key.product]?.disconnectGraceMs ?? 0;
        const detach = () => replay.detach(graceMs, () => deps.live.find(id)?.cut('client_gone'));
        const onEnd = () => streamEnds(call.request);
        const { endUser } = replay;
        const identity = { id: call.id, keyId: key.id, accountId: key.accountId, app: key.app, endUser };
        const live = deps.live.reader(identity);
        const body = { live, feed, stalls: deps.stalls, onStall: detach, onGone: detach, onEnd };
        return ok(streamAnswer(streamBody(body), {}));
      },
    },
    deps,
  );
}
