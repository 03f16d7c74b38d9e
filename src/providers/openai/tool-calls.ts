import type { JsonObject } from '../../base/json.ts';
import type { GenerationEvent } from '../generation.ts';
import { countOf, filledText, objectOf } from '../transport/fields.ts';
import { argumentsText } from './message.ts';

interface OpenCall {
  readonly index: number;
  readonly upstreamIndex: number | undefined;
  readonly upstreamId: string | undefined;
  named: boolean;
  /** Arguments that came before the name. */
  held: string;
}

/**
 * The tool calls of one choice, put together from deltas. OpenAI tells calls apart by `index` and gives id and name
 * once; others leave the index out, give every call the index 0, send each call whole, or invent no ids.
 */
export class ToolCallDeltas {
  readonly #choice: number;
  readonly #idPrefix: string;
  readonly #calls: OpenCall[] = [];

  /** `idPrefix` begins the ids of calls for which the upstream has none. */
  constructor(choice: number, idPrefix: string) {
    this.#choice = choice;
    this.#idPrefix = idPrefix;
  }

  get any(): boolean {
    return this.#calls.length > 0;
  }

  push(delta: JsonObject, out: GenerationEvent[]): void {
    const fn = objectOf(delta.function);
    const name = filledText(fn.name);
    const call = this.#find(countOf(delta.index), filledText(delta.id), name) ?? this.#add(delta);
    const text = call.held + argumentsText(fn.arguments);
    if (!call.named && name === undefined) {
      call.held = text;
      return;
    }
    const place = { choice: this.#choice, index: call.index };
    if (!call.named) {
      call.named = true;
      call.held = '';
      const id = call.upstreamId ?? `${this.#idPrefix}_${this.#choice}_${call.index}`;
      out.push({ type: 'tool_call', ...place, id, name: name ?? '' });
    }
    if (text !== '') out.push({ type: 'tool_arguments', ...place, text });
  }

  /** The call a delta continues; undefined when it begins one. */
  #find(index: number | undefined, id: string | undefined, name: string | undefined): OpenCall | undefined {
    if (id !== undefined) {
      const known = this.#calls.find((call) => call.upstreamId === id);
      if (known !== undefined) return known;
    }
    const sameIndex =
      index === undefined ? this.#calls.at(-1) : this.#calls.findLast((call) => call.upstreamIndex === index);
    if (sameIndex === undefined) return undefined;
    // A second name is a second call: behind another id, or where there is no index to tell them apart.
    const begins = name !== undefined && sameIndex.named && (id !== undefined || index === undefined);
    return begins ? undefined : sameIndex;
  }

  #add(delta: JsonObject): OpenCall {
    const call: OpenCall = {
      index: this.#calls.length,
      upstreamIndex: countOf(delta.index),
      upstreamId: filledText(delta.id),
      named: false,
      held: '',
    };
    this.#calls.push(call);
    return call;
  }
}
