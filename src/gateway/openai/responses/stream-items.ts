import type { JsonObject } from '../../../base/json.ts';
import type { FinishReason, GenerationEvent, TokenLogprob } from '../../../providers/index.ts';
import { callItem, itemStatus, messageItem, reasoningItem, refusalPart, textPart } from './encode.ts';

/** Writes one event with the next sequence number. `inner` is the inside of a JSON object, without braces. */
export type WriteEvent = (type: string, inner: string) => string;

/** What an output item leaves behind when it closes: its last frames, and itself for the final response. */
export interface ClosedItem {
  readonly frames: string;
  readonly item: JsonObject;
}

type Said = Extract<GenerationEvent, { type: 'text' | 'refusal' }>;

function added(write: WriteEvent, index: number, item: JsonObject): string {
  return write('response.output_item.added', `"output_index":${index},"item":${JSON.stringify(item)}`);
}

function closed(write: WriteEvent, index: number, frames: string, item: JsonObject): ClosedItem {
  const done = write('response.output_item.done', `"output_index":${index},"item":${JSON.stringify(item)}`);
  return { frames: frames + done, item };
}

/** A message whose parts are being written: text first, or a refusal, or both by turns. */
export class OpenMessage {
  readonly #write: WriteEvent;
  readonly #id: string;
  readonly #index: number;
  readonly #parts: JsonObject[] = [];
  #kind: 'text' | 'refusal' | undefined;
  #text = '';
  #logprobs: TokenLogprob[] = [];

  constructor(write: WriteEvent, id: string, index: number) {
    this.#write = write;
    this.#id = id;
    this.#index = index;
  }

  open(): string {
    return added(this.#write, this.#index, messageItem(this.#id, 'in_progress', []));
  }

  say(event: Said): string {
    let frames = '';
    if (this.#kind !== event.type) {
      frames += this.#closePart();
      this.#kind = event.type;
      frames += this.#write('response.content_part.added', `${this.#place()},"part":${JSON.stringify(this.#part())}`);
    }
    this.#text += event.text;
    const delta = `${this.#place()},"delta":${JSON.stringify(event.text)}`;
    if (event.type === 'refusal') return frames + this.#write('response.refusal.delta', delta);
    const logprobs = event.logprobs ?? [];
    this.#logprobs.push(...logprobs);
    return frames + this.#write('response.output_text.delta', `${delta},"logprobs":${JSON.stringify(logprobs)}`);
  }

  close(finish: FinishReason): ClosedItem {
    const frames = this.#closePart();
    return closed(this.#write, this.#index, frames, messageItem(this.#id, itemStatus(finish), this.#parts));
  }

  #place(): string {
    return `"item_id":"${this.#id}","output_index":${this.#index},"content_index":${this.#parts.length}`;
  }

  #part(): JsonObject {
    return this.#kind === 'refusal' ? refusalPart(this.#text) : textPart(this.#text, this.#logprobs);
  }

  #closePart(): string {
    if (this.#kind === undefined) return '';
    const part = this.#part();
    const text = JSON.stringify(this.#text);
    const said =
      this.#kind === 'refusal'
        ? this.#write('response.refusal.done', `${this.#place()},"refusal":${text}`)
        : this.#write(
            'response.output_text.done',
            `${this.#place()},"text":${text},"logprobs":${JSON.stringify(this.#logprobs)}`,
          );
    const done = this.#write('response.content_part.done', `${this.#place()},"part":${JSON.stringify(part)}`);
    this.#parts.push(part);
    this.#kind = undefined;
    this.#text = '';
    this.#logprobs = [];
    return said + done;
  }
}

/** One reasoning part: its text goes out as the summary, its opaque rest with the closed item. */
export class OpenReasoning {
  readonly #write: WriteEvent;
  readonly #id: string;
  readonly #index: number;
  #text = '';

  constructor(write: WriteEvent, id: string, index: number) {
    this.#write = write;
    this.#id = id;
    this.#index = index;
  }

  open(): string {
    return added(this.#write, this.#index, reasoningItem(this.#id, { text: '' }));
  }

  think(text: string): string {
    if (text === '') return '';
    const place = this.#place();
    const part =
      this.#text === '' ? this.#write('response.reasoning_summary_part.added', `${place},"part":${summary('')}`) : '';
    this.#text += text;
    return part + this.#write('response.reasoning_summary_text.delta', `${place},"delta":${JSON.stringify(text)}`);
  }

  close(opaque: { readonly signature?: string; readonly redacted?: string }): ClosedItem {
    let frames = '';
    if (this.#text !== '') {
      frames += this.#write(
        'response.reasoning_summary_text.done',
        `${this.#place()},"text":${JSON.stringify(this.#text)}`,
      );
      frames += this.#write('response.reasoning_summary_part.done', `${this.#place()},"part":${summary(this.#text)}`);
    }
    return closed(this.#write, this.#index, frames, reasoningItem(this.#id, { text: this.#text, ...opaque }));
  }

  #place(): string {
    return `"item_id":"${this.#id}","output_index":${this.#index},"summary_index":0`;
  }
}

function summary(text: string): string {
  return JSON.stringify({ type: 'summary_text', text });
}

/** A function call whose arguments are being written. */
export class OpenCall {
  readonly #write: WriteEvent;
  readonly #id: string;
  readonly #index: number;
  readonly #callId: string;
  readonly #name: string;
  #arguments = '';

  constructor(write: WriteEvent, id: string, index: number, call: { readonly id: string; readonly name: string }) {
    this.#write = write;
    this.#id = id;
    this.#index = index;
    this.#callId = call.id;
    this.#name = call.name;
  }

  open(): string {
    return added(this.#write, this.#index, callItem(this.#id, 'in_progress', this.#callId, this.#name, ''));
  }

  argue(text: string): string {
    if (text === '') return '';
    this.#arguments += text;
    return this.#write('response.function_call_arguments.delta', `${this.#place()},"delta":${JSON.stringify(text)}`);
  }

  close(finish: FinishReason): ClosedItem {
    const text = this.#arguments;
    const inner = `${this.#place()},"name":${JSON.stringify(this.#name)},"arguments":${JSON.stringify(text)}`;
    const done = this.#write('response.function_call_arguments.done', inner);
    return closed(
      this.#write,
      this.#index,
      done,
      callItem(this.#id, itemStatus(finish), this.#callId, this.#name, text),
    );
  }

  #place(): string {
    return `"item_id":"${this.#id}","output_index":${this.#index}`;
  }
}
