import type { JsonObject } from '../../base/json.ts';
import { type GenerationEvent } from '../generation.ts';
import { ProviderFault } from '../provider.ts';
import type { SseEvent } from '../sse.ts';
import { errorDetail } from '../transport/error-body.ts';
import { bodyFault, inBand } from '../transport/fault.ts';
import { countOf, filledText, objectOf } from '../transport/fields.ts';
import { parseObject } from '../transport/parse.ts';
import type { StreamDecoder } from '../transport/stream.ts';
import { finishOf, UsageTally } from './usage.ts';

/** A tool call being written. */
interface OpenCall {
  readonly index: number;
  /** The whole input, where the block began with it. */
  readonly input: JsonObject;
  written: boolean;
}

/** Reads the stream of one message. */
export class MessageDecoder implements StreamDecoder {
  readonly #usage = new UsageTally();
  /** By the number of their content block. */
  readonly #calls = new Map<number, OpenCall>();
  #callCount = 0;
  #outputSeen = false;
  #finished = false;
  #ended = false;

  get ended(): boolean {
    return this.#ended;
  }

  push(event: SseEvent, out: GenerationEvent[]): void {
    if (event.data === '') return;
    const body = parseObject(event.data);
    const before = out.length;
    switch (body.type) {
      case 'message_start':
        this.#start(objectOf(body.message), out);
        return;
      case 'content_block_start':
        this.#blockStart(countOf(body.index) ?? 0, objectOf(body.content_block), out);
        break;
      case 'content_block_delta':
        this.#delta(countOf(body.index) ?? 0, objectOf(body.delta), out);
        break;
      case 'content_block_stop':
        this.#blockStop(countOf(body.index) ?? 0, out);
        break;
      case 'message_delta':
        this.#messageDelta(body, out);
        break;
      case 'message_stop':
        this.#ended = true;
        if (!this.#finished) out.push({ type: 'finish', choice: 0, reason: 'stop' });
        break;
      case 'error':
        throw this.#error(body);
      default:
        // `ping`, and what later versions of the format add.
        return;
    }
    if (out.length > before) this.#outputSeen = true;
  }

  /** The format ends with `message_stop` and nothing else. */
  closed(): boolean {
    return false;
  }

  #error(body: JsonObject): Error {
    const detail = errorDetail(body);
    if (this.#outputSeen) return inBand(detail);
    const refusesLoad = detail.code === 'overloaded_error' || detail.code === 'rate_limit_error';
    if (!refusesLoad) return bodyFault(detail, 'in_band');
    const kind = detail.code === 'overloaded_error' ? 'unavailable' : 'rate_limited';
    return new ProviderFault(kind, 'the upstream refused the request inside its stream');
  }

  #start(message: JsonObject, out: GenerationEvent[]): void {
    const id = filledText(message.id);
    const model = filledText(message.model);
    out.push({
      type: 'start',
      ...(id !== undefined && { upstreamId: id }),
      ...(model !== undefined && { upstreamModel: model }),
    });
    this.#usage.begin(message.usage);
    this.#tellUsage(message, out);
  }

  #blockStart(block: number, content: JsonObject, out: GenerationEvent[]): void {
    const text = filledText(content.text);
    const thinking = filledText(content.thinking);
    if (content.type === 'text' && text !== undefined) out.push({ type: 'text', choice: 0, text });
    if (content.type === 'thinking' && thinking !== undefined)
      out.push({ type: 'reasoning', choice: 0, text: thinking });
    if (content.type === 'redacted_thinking') {
      out.push({ type: 'reasoning', choice: 0, text: '', redacted: filledText(content.data) ?? '' });
    }
    if (content.type !== 'tool_use') return;
    const call: OpenCall = { index: this.#callCount++, input: objectOf(content.input), written: false };
    this.#calls.set(block, call);
    const id = filledText(content.id) ?? `toolu_${call.index}`;
    out.push({ type: 'tool_call', choice: 0, index: call.index, id, name: filledText(content.name) ?? '' });
  }

  #delta(block: number, delta: JsonObject, out: GenerationEvent[]): void {
    const text = filledText(delta.text);
    const thinking = filledText(delta.thinking);
    const signature = filledText(delta.signature);
    const json = filledText(delta.partial_json);
    const call = this.#calls.get(block);
    if (delta.type === 'text_delta' && text !== undefined) out.push({ type: 'text', choice: 0, text });
    else if (delta.type === 'thinking_delta' && thinking !== undefined) {
      out.push({ type: 'reasoning', choice: 0, text: thinking });
    } else if (delta.type === 'signature_delta' && signature !== undefined) {
      out.push({ type: 'reasoning', choice: 0, text: '', signature });
    } else if (delta.type === 'input_json_delta' && json !== undefined && call !== undefined) {
      call.written = true;
      out.push({ type: 'tool_arguments', choice: 0, index: call.index, text: json });
    }
  }

  /** A call without arguments sends none; to everyone else that is an empty object. */
  #blockStop(block: number, out: GenerationEvent[]): void {
    const call = this.#calls.get(block);
    if (call === undefined) return;
    this.#calls.delete(block);
    if (call.written) return;
    out.push({ type: 'tool_arguments', choice: 0, index: call.index, text: JSON.stringify(call.input) });
  }

  #messageDelta(body: JsonObject, out: GenerationEvent[]): void {
    const delta = objectOf(body.delta);
    const stopSequence = filledText(delta.stop_sequence);
    const reason = filledText(delta.stop_reason);
    if (reason !== undefined && !this.#finished) {
      this.#finished = true;
      out.push({
        type: 'finish',
        choice: 0,
        reason: finishOf(reason),
        ...(stopSequence !== undefined && { stopSequence }),
      });
    }
    this.#usage.add(body.usage);
    this.#tellUsage(body, out);
  }

  #tellUsage(body: JsonObject, out: GenerationEvent[]): void {
    if (body.usage === undefined) return;
    const usage = this.#usage.usage();
    if (usage !== null) out.push({ type: 'usage', usage });
  }
}
