import type { ApiKey } from '../accounts/index.ts';
import type { JsonObject } from '../base/json.ts';
import { ok, refuse, type Result } from '../base/result.ts';
import { estimateRequestTokens, type Generation, type Usage } from '../providers/index.ts';
import type { MessagesExtra } from './anthropic/parse.ts';
import { messagesSurface } from './anthropic/surface.ts';
import { chatSurface } from './openai/chat/surface.ts';
import { responseId } from './openai/responses/encode.ts';
import { type ResponsesExtra, withHistory } from './openai/responses/parse.ts';
import { historyItems, storedResponse } from './openai/responses/stored.ts';
import { responsesSurface } from './openai/responses/surface.ts';
import { askOf } from './pipeline/ask.ts';
import type { Job } from './pipeline/job.ts';
import type { PipelineDeps } from './pipeline/deps.ts';
import type { GenerationFlow, ParsedGeneration } from './pipeline/run.ts';
import { type Refusal, refusal } from './refusal.ts';
import type { StoredResponses } from './stored-responses.ts';
import type { Surface } from './surface.ts';

/** The three formats callers ask for text in. */
export function createFlows(deps: PipelineDeps, responses: StoredResponses) {
  return {
    chat: plainFlow(chatSurface),
    messages: messagesFlow(),
    responses: responsesFlow(deps, responses),
  };
}

function plainFlow<Extra>(surface: Surface<Extra>): GenerationFlow<Extra> {
  return {
    surface,
    intake: {
      scope: 'inference',
      parse: (body) => surface.parse(body),
      ask: ({ request }) => askOf(request),
      encodeError: surface.encodeError,
    },
  };
}

/** The first event of a stream names the input's tokens before the upstream has: it gets our estimate. */
function messagesFlow(): GenerationFlow<MessagesExtra> {
  const flow = plainFlow(messagesSurface);
  async function parse(body: JsonObject, key: ApiKey): Promise<Result<ParsedGeneration<MessagesExtra>, Refusal>> {
    const parsed = await flow.intake.parse(body, key);
    if (!parsed.ok) return parsed;
    const { request } = parsed.value;
    return ok({ request, extra: { inputTokensEstimate: estimateRequestTokens(request) } });
  }
  return { ...flow, intake: { ...flow.intake, parse } };
}

/** Room for the answer in what may be stored of one turn, though never more than half. */
const ANSWER_BYTES_MAX = 262_144;

function responsesFlow(deps: PipelineDeps, responses: StoredResponses): GenerationFlow<ResponsesExtra> {
  const { storeByDefault, storedBytesMax } = deps.config.responses;
  const inputBytesMax = storedBytesMax - Math.min(ANSWER_BYTES_MAX, storedBytesMax / 2);

  async function parse(body: JsonObject, key: ApiKey): Promise<Result<ParsedGeneration<ResponsesExtra>, Refusal>> {
    const parsed = responsesSurface.parse(body);
    if (!parsed.ok) return parsed;
    const store = parsed.value.extra.store ?? storeByDefault;
    const extra = { ...parsed.value.extra, store };
    if (store && Buffer.byteLength(JSON.stringify(extra.inputItems)) > inputBytesMax) {
      const detail = 'is too large to be stored; send "store": false';
      const detail_zh = '过大，无法保存；请发送 “store”: false';
      return refuse(refusal('invalid_field', { detail, detail_zh }, { param: 'input' }));
    }
    const earlier = await earlierItems(extra.previousResponseId, key.accountId, responses);
    if (!earlier.ok) return earlier;
    const request = withHistory(parsed.value.request, extra, earlier.value);
    return request.ok ? ok({ request: request.value, extra }) : request;
  }
  return {
    surface: responsesSurface,
    intake: {
      scope: 'inference',
      parse,
      ask: ({ request }) => askOf(request),
      encodeError: responsesSurface.encodeError,
    },
    keep: ({ store }) => (store ? keep : undefined),
  };

  async function keep(job: Job, extra: ResponsesExtra, answer: Generation, usage: Usage): Promise<void> {
    const whole = responsesSurface.encodeWhole(answer, usage, job.context, extra);
    const stored = storedResponse(whole, job.context, extra);
    const kept = await responses.keep(responseId(job.call.id), job.key.accountId, stored);
    if (kept === 'too_large')
      deps.telemetry.notice('warn', 'an answer was too large to be stored', { request: job.call.id });
  }
}

/** The items of the turns before, oldest first. */
async function earlierItems(
  previousId: string | undefined,
  accountId: string,
  responses: StoredResponses,
): Promise<Result<JsonObject[], Refusal>> {
  if (previousId === undefined) return ok([]);
  const history = await responses.history(previousId, accountId);
  if (history.ok) return ok(history.value.flatMap(historyItems));
  const param = 'previous_response_id';
  if (history.refusal.reason === 'not_found') {
    return refuse(refusal('response_not_found', { id: history.refusal.id }, { param }));
  }
  const detail = 'continues a conversation that is too long; send what matters of it as input';
  return refuse(
    refusal('invalid_field', { detail, detail_zh: '所接续的对话过长，请把关键内容作为输入发送' }, { param }),
  );
}
