import type { GenerationEvent, JsonObject } from '../generation.ts';
import { type SseEvent, SseParser, SseTooLargeError } from '../sse.ts';
import { takeWhole } from './body.ts';
import { errorDetail } from './error-body.ts';
import { bodyFault, died, fitForCaller, garbage } from './fault.ts';
import type { AttemptGuard } from './guard.ts';
import type { TransportLimits } from './limits.ts';
import { parseObject } from './parse.ts';

/** Turns the events of one upstream's stream into ours. Each format has one; it does no input or output. */
export interface StreamDecoder {
  /** Adds what `event` says to `out`. Throws a `ProviderFault` for an error in band or bytes that are not the format. */
  push(event: SseEvent, out: GenerationEvent[]): void;
  /** The format's own end was read; what comes after it does not count. */
  readonly ended: boolean;
  /** The whole answer in one piece, where servers of this format may send it although a stream was asked for. */
  whole?(body: JsonObject): readonly GenerationEvent[];
  /** The connection closed without that end: adds what is left and says whether the answer is whole all the same. */
  closed(out: GenerationEvent[]): boolean;
}

interface StreamSteps {
  start(): AttemptGuard;
  open(guard: AttemptGuard): Promise<Response>;
  readonly decoder: StreamDecoder;
  readonly limits: TransportLimits;
  /** Credentials that must never be quoted back from an error. */
  readonly secrets: readonly string[];
}

interface Reader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
}
type Batch = IteratorResult<readonly GenerationEvent[], undefined>;

const NOTHING_LEFT: Reader = { read: async () => ({ done: true }) };
const DONE: Batch = { done: true, value: undefined };

/**
 * One streamed answer, read only when a batch is asked for. Written out as an iterator, because an async generator
 * would make `return()` wait for a pending read: here it closes the connection at once.
 */
export class UpstreamStream implements AsyncIterator<readonly GenerationEvent[], undefined> {
  readonly #steps: StreamSteps;
  readonly #parser: SseParser;
  #guard: AttemptGuard | undefined;
  #reader: Reader | undefined;
  #bytes = 0;
  #over = false;
  /** Found behind events that had to be handed over first. */
  #heldError: { readonly error: unknown } | undefined;
  /** The whole answer, which came in one piece. */
  #whole: readonly GenerationEvent[] | undefined;

  constructor(steps: StreamSteps) {
    this.#steps = steps;
    this.#parser = new SseParser(steps.limits.lineUnitsMax);
  }

  async next(): Promise<Batch> {
    if (this.#over) return DONE;
    try {
      if (this.#heldError !== undefined) throw this.#heldError.error;
      this.#guard ??= this.#steps.start();
      this.#reader ??= await this.#open(this.#guard);
      if (this.#whole !== undefined) return this.#finish(this.#guard, this.#reader, this.#whole);
      return await this.#nextBatch(this.#guard, this.#reader);
    } catch (error) {
      if (this.#over) return DONE;
      this.#over = true;
      throw this.#end(error);
    }
  }

  async return(): Promise<Batch> {
    if (!this.#over) {
      this.#over = true;
      this.#end(new Error('the stream was given up'));
    }
    return DONE;
  }

  /** Closes everything for a reason; returns what to throw for it. */
  #end(error: unknown): unknown {
    if (this.#guard === undefined) return error;
    const thrown = fitForCaller(this.#guard.explain(error), this.#steps.secrets);
    this.#guard.abort(thrown);
    this.#guard.close();
    return thrown;
  }

  async #open(guard: AttemptGuard): Promise<Reader> {
    const response = await this.#steps.open(guard);
    const type = response.headers.get('content-type') ?? '';
    if (!NOT_A_STREAM.test(type) && response.body !== null) return response.body.getReader();
    this.#whole = await this.#instead(response, guard);
    guard.outputSeen();
    return NOTHING_LEFT;
  }

  /** What came instead of a stream: the whole answer, an error in JSON, or nothing we know. */
  async #instead(response: Response, guard: AttemptGuard): Promise<readonly GenerationEvent[]> {
    const { decoder, limits } = this.#steps;
    const bytesMax = decoder.whole ? limits.bodyBytesMax : limits.errorBytesMax;
    const body = parseObject(await takeWhole(response, bytesMax, guard));
    if (body.error !== undefined && body.error !== null) throw bodyFault(errorDetail(body), 'upstream_error');
    if (decoder.whole) return decoder.whole(body);
    throw garbage('the upstream answered in one piece where a stream was asked for');
  }

  async #nextBatch(guard: AttemptGuard, reader: Reader): Promise<Batch> {
    const out: GenerationEvent[] = [];
    while (out.length === 0) {
      if (this.#steps.decoder.ended) return this.#finish(guard, reader);
      guard.waiting();
      const { done, value } = await reader.read();
      guard.gotChunk();
      if (done || value === undefined) {
        if (!this.#steps.decoder.closed(out)) throw died();
        return this.#finish(guard, reader, out);
      }
      this.#take(value, out);
      if (out.some(isOutput)) guard.outputSeen();
    }
    if (this.#steps.decoder.ended) return this.#finish(guard, reader, out);
    return { done: false, value: out };
  }

  /** Decodes one chunk. An error behind events waits until they are handed over, so that chunking changes nothing. */
  #take(bytes: Uint8Array, out: GenerationEvent[]): void {
    try {
      this.#decode(bytes, out);
    } catch (error) {
      if (out.length === 0) throw error;
      this.#heldError = { error };
    }
  }

  #decode(bytes: Uint8Array, out: GenerationEvent[]): void {
    const { decoder, limits } = this.#steps;
    this.#bytes += bytes.byteLength;
    if (this.#bytes > limits.streamBytesMax) throw garbage(`the stream is larger than ${limits.streamBytesMax} bytes`);
    const events: SseEvent[] = [];
    const problem = this.#parse(bytes, events);
    for (const event of events) {
      if (decoder.ended) return;
      decoder.push(event, out);
    }
    if (problem !== undefined && !decoder.ended) throw problem;
  }

  #parse(bytes: Uint8Array, events: SseEvent[]): Error | undefined {
    try {
      this.#parser.push(bytes, events);
      return undefined;
    } catch (error) {
      if (error instanceof SseTooLargeError) return garbage(error.message);
      throw error;
    }
  }

  /** A clean end: hands over the last batch, if any, and lets the connection finish so that it can be used again. */
  #finish(guard: AttemptGuard, reader: Reader, last: readonly GenerationEvent[] = []): Batch {
    this.#over = true;
    guard.close();
    void drain(reader, guard, this.#steps.limits.drainMs);
    return last.length === 0 ? DONE : { done: false, value: last };
  }
}

/** Answers in these types are whole; other servers mislabel their streams in every other way. */
const NOT_A_STREAM = /^\s*(?:text\/html|application\/(?:problem\+)?json)\b/i;

function isOutput(event: GenerationEvent): boolean {
  return event.type !== 'start' && event.type !== 'usage';
}

/** Reads a finished stream to its end, for a short while; what does not end by then is closed. */
async function drain(reader: Reader, guard: AttemptGuard, limitMs: number): Promise<void> {
  const limit = setTimeout(() => guard.abort(new Error('the stream went on after its end')), limitMs);
  try {
    while (!(await reader.read()).done);
  } catch {
    // The answer is complete; how its connection ends changes nothing.
  } finally {
    clearTimeout(limit);
  }
}
