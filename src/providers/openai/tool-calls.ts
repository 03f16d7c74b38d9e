import type { JsonObject } from '../../base/json.ts';
import type { GenerationEvent } from '../generation.ts';
import { countOf, filledText, objectOf } from '../transport/fields.ts';
import { argumentsText } from './message.ts';

interface OpenCall {
  readonly index: number;
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
  /** Found by the upstream's own words, never by a search: a stream may name calls without end. */
  readonly #byId = new Map<string, OpenCall>();
  readonly #byIndex = new Map<number, OpenCall>();
  #latest: OpenCall | undefined;
  #count = 0;

  /** `idPrefix` begins the ids of calls for which the upstream has none. */
  constructor(choice: number, idPrefix: string) {
    this.#choice = choice;
    this.#idPrefix = idPrefix;
  }

  get any(): boolean {
    return this.#count > 0;
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
      const known = this.#byId.get(id);
      if (known !== undefined) return known;
    }
    const sameIndex = index === undefined ? this.#latest : this.#byIndex.get(index);
    if (sameIndex === undefined) return undefined;
    // A second name is a second call: behind another id, or where there is no index to tell them apart.
    const begins = name !== undefined && sameIndex.named && (id !== undefined || index === undefined);
    return begins ? undefined : sameIndex;
  }

  #add(delta: JsonObject): OpenCall {
    const call: OpenCall = {
      index: this.#count++,
      upstreamId: filledText(delta.id),
      named: false,
      held: '',
    };
    const upstreamIndex = countOf(delta.index);
    if (upstreamIndex !== undefined) this.#byIndex.set(upstreamIndex, call);
    if (call.upstreamId !== undefined) this.#byId.set(call.upstreamId, call);
    this.#latest = call;
    return call;
  }
}
