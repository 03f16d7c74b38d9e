import type { Json, JsonObject } from '../../base/json.ts';
import { eventsOf } from '../events-of.ts';
import type { GenerationEvent } from '../generation.ts';
import type { SseEvent } from '../sse.ts';
import { errorDetail } from '../transport/error-body.ts';
import { bodyFault, garbage, inBand } from '../transport/fault.ts';
import { countOf, filledText, objectOf, objectsOf } from '../transport/fields.ts';
import { parseObject } from '../transport/parse.ts';
import type { StreamDecoder } from '../transport/stream.ts';
import { contentText, finishReason, identityOf, logprobsOf, reasoningText } from './message.ts';
import { ToolCallDeltas } from './tool-calls.ts';
import { parseCompletion } from './response.ts';
import { openAiUsage } from './usage.ts';

interface OpenChoice {
  readonly toolCalls: ToolCallDeltas;
  finished: boolean;
}

/** Reads the stream of one chat completion. */
export class ChatDecoder implements StreamDecoder {
  readonly #choiceCount: number;
  readonly #requestId: string;
  readonly #toolIdPrefix: string;
  readonly #choices = new Map<number, OpenChoice>();
  #started = false;
  #ended = false;

  constructor(choiceCount: number, requestId: string) {
    this.#choiceCount = choiceCount;
    this.#requestId = requestId;
    this.#toolIdPrefix = `call_${requestId}`;
  }

  get ended(): boolean {
    return this.#ended;
  }

  push(event: SseEvent, out: GenerationEvent[]): void {
    if (event.data === '[DONE]') {
      this.#end(out);
      return;
    }
    if (event.data === '') return;
    const chunk = parseObject(event.data);
    if (chunk.error !== undefined && chunk.error !== null) throw this.#error(chunk);
    if (event.name === 'error') throw this.#error(chunk);
    this.#start(chunk, out);
    for (const choice of objectsOf(chunk.choices)) this.#choice(choice, out);
    const usage = openAiUsage(chunk.usage);
    if (usage !== undefined) out.push({ type: 'usage', usage });
  }

  /** Some servers know no streams, and answer with the whole completion. */
  whole(body: JsonObject): readonly GenerationEvent[] {
    return eventsOf(parseCompletion(body, this.#choiceCount, this.#requestId));
  }

  /** Without `[DONE]`, the answer is whole if every choice that was asked for said why it ended. */
  closed(): boolean {
    if (this.#choices.size < this.#choiceCount) return false;
    return [...this.#choices.values()].every((choice) => choice.finished);
  }

  #error(body: Json): Error {
    const detail = errorDetail(body);
    return this.#choices.size > 0 ? inBand(detail) : bodyFault(detail, 'in_band');
  }

  #start(chunk: JsonObject, out: GenerationEvent[]): void {
    if (this.#started) return;
    this.#started = true;
    out.push({ type: 'start', ...identityOf(chunk) });
  }

  #choice(choice: JsonObject, out: GenerationEvent[]): void {
    const at = countOf(choice.index) ?? 0;
    if (at >= this.#choiceCount) throw garbage('the upstream sent a choice nobody asked for');
    if (choice.error !== undefined && choice.error !== null) throw this.#error(choice);
    const open = this.#open(at);
    this.#delta(at, open, objectOf(choice.delta), choice.logprobs, out);
    const reason = filledText(choice.finish_reason);
    if (reason === undefined || open.finished) return;
    open.finished = true;
    out.push({ type: 'finish', choice: at, reason: finishReason(reason, open.toolCalls.any) });
  }

  #open(at: number): OpenChoice {
    const known = this.#choices.get(at);
    if (known !== undefined) return known;
    const opened = { toolCalls: new ToolCallDeltas(at, this.#toolIdPrefix), finished: false };
    this.#choices.set(at, opened);
    return opened;
  }

  #delta(at: number, open: OpenChoice, delta: JsonObject, logprobs: Json | undefined, out: GenerationEvent[]): void {
    const reasoning = reasoningText(delta);
    if (reasoning !== undefined) out.push({ type: 'reasoning', choice: at, text: reasoning });
    const text = contentText(delta.content) ?? '';
    const tokens = logprobsOf(logprobs);
    if (tokens !== undefined) out.push({ type: 'text', choice: at, text, logprobs: tokens });
    else if (text !== '') out.push({ type: 'text', choice: at, text });
    const refusal = filledText(delta.refusal);
    if (refusal !== undefined) out.push({ type: 'refusal', choice: at, text: refusal });
    for (const call of objectsOf(delta.tool_calls)) open.toolCalls.push(call, out);
    // The form before tools: one call, no id.
    if (delta.function_call) open.toolCalls.push({ index: 0, function: delta.function_call }, out);
  }

  #end(out: GenerationEvent[]): void {
    if (this.#choices.size === 0) throw garbage('the upstream ended its stream without an answer');
    this.#ended = true;
    for (const [choice, open] of this.#choices) {
      if (!open.finished) out.push({ type: 'finish', choice, reason: finishReason(undefined, open.toolCalls.any) });
    }
  }
}
