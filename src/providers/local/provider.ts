import { fileURLToPath } from 'node:url';
import { type Clock, systemClock } from '../../base/clock.ts';
import { type Random, systemRandom } from '../../base/random.ts';
import type { ProviderConfig } from '../../config/config.ts';
import { createCollector } from '../collect.ts';
import type { EmbeddingRequest, Embeddings, Generation, GenerationEvent, GenerationRequest } from '../generation.ts';
import { type Attempt, type Provider, ProviderFault } from '../provider.ts';
import { within } from './deadline.ts';
import { readGgufHead } from './gguf.ts';
import { type Job, ModelProcess } from './model-process.ts';
import { orderOf } from './order.ts';
import type { FromJob } from './protocol.ts';
import { WaitingLine } from './waiting-line.ts';

export type LocalProviderConfig = Extract<ProviderConfig, { kind: 'local' }>;

export interface LocalProviderDeps {
  readonly clock?: Clock;
  readonly random?: Random;
}

/**
 * A GGUF file run by node-llama-cpp in a process of its own, so that nothing in it can hold up or bring down the
 * service. Loading begins at once. Every request starts from an empty context: nothing of one is seen by another.
 * Throws when the file cannot be used or the optional package is missing.
 */
export function createLocalProvider(config: LocalProviderConfig, deps: LocalProviderDeps = {}): Provider {
  const head = readGgufHead(config.path);
  const { path, contextTokens, parallel, threads } = config;
  const clock = deps.clock ?? systemClock;
  const load = {
    type: 'load',
    module: findModule(config.packageDir),
    path,
    contextTokens,
    parallel,
    threads,
  } as const;
  const model = new ModelProcess({ ...load, embeddings: head.hasPooling }, clock);
  // A failure to load is told to each request; the service itself starts without the model.
  model.start().catch(() => {});
  return new LocalProvider(
    model,
    new WaitingLine(parallel, config.queueMax),
    clock,
    deps.random ?? systemRandom,
    head.hasPooling,
  );
}

/** The entry file of node-llama-cpp, from the folder that is configured or from where Candor is installed. */
function findModule(folder: string | null): string {
  if (folder !== null) return `${folder}/dist/index.js`;
  try {
    return fileURLToPath(import.meta.resolve('node-llama-cpp'));
  } catch (cause) {
    const remedy = 'npm install --no-save node-llama-cpp@3.22.1';
    throw new Error(`a local model needs the optional package node-llama-cpp; run '${remedy}'`, { cause });
  }
}

class LocalProvider implements Provider {
  readonly kind = 'local';
  readonly abilities: Provider['abilities'];
  readonly #model: ModelProcess;
  readonly #line: WaitingLine;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(model: ModelProcess, line: WaitingLine, clock: Clock, random: Random, embeddings: boolean) {
    const can = { tools: true, structuredOutput: true, images: false, logprobs: false, choices: false };
    this.abilities = { ...can, embeddings };
    this.#model = model;
    this.#line = line;
    this.#clock = clock;
    this.#random = random;
  }

  async complete(request: GenerationRequest, attempt: Attempt): Promise<Generation> {
    const collector = createCollector();
    for await (const batch of this.stream(request, attempt)) collector.add(batch);
    return collector.generation();
  }

  async *stream(request: GenerationRequest, attempt: Attempt): AsyncGenerator<readonly GenerationEvent[]> {
    const order = orderOf(request, Math.floor(this.#random.unit() * 0xffff_ffff));
    const startedMs = this.#clock.monoMs();
    const job = await this.#begin(attempt, startedMs, { type: 'generate', order });
    try {
      yield [{ type: 'start', upstreamModel: attempt.upstreamModel }];
      const { firstTokenMs, stallMs } = attempt.timeouts;
      let calls = 0;
      for (let first = true; ; first = false) {
        const elapsedMs = this.#clock.monoMs() - startedMs;
        const limit = first
          ? ({ ms: firstTokenMs - elapsedMs, fault: 'first_token_timeout' } as const)
          : ({ ms: stallMs, fault: 'stalled' } as const);
        const message = await within(job.next(), attempt, elapsedMs, limit);
        yield message.type === 'call' ? this.#callEvents(message, calls++) : eventsOf(message);
        if (message.type === 'done') return;
      }
    } finally {
      this.#leave(job);
    }
  }

  async embed(request: EmbeddingRequest, attempt: Attempt): Promise<Embeddings> {
    const inputs = request.inputs.map((input) => {
      if (typeof input === 'string' && request.dimensions === undefined) return input;
      const param = typeof input === 'string' ? 'dimensions' : 'input';
      throw new ProviderFault('rejected', `the local model cannot do this: ${param}`, {
        status: 400,
        upstreamMessage: 'the local model embeds texts, in its own number of dimensions',
        param,
      });
    });
    const { vectors, inputTokens } = await this.#ask('embedded', { type: 'embed', inputs }, attempt);
    return {
      upstreamModel: attempt.upstreamModel,
      vectors: vectors.map(unitVector),
      inputTokens,
    };
  }

  async countTokens(request: GenerationRequest, attempt: Attempt): Promise<number> {
    return (await this.#ask('counted', { type: 'count', order: orderOf(request, 0) }, attempt)).tokens;
  }

  close(): Promise<void> {
    return this.#model.close();
  }

  /** Waits for a place and for the model, then hands the order over. */
  async #begin(attempt: Attempt, startedMs: number, order: Parameters<ModelProcess['run']>[0]): Promise<Job> {
    const limit = { ms: attempt.timeouts.firstTokenMs, fault: 'first_token_timeout' } as const;
    const giveUp = new AbortController();
    const placed = this.#line.enter(AbortSignal.any([attempt.signal, giveUp.signal]));
    try {
      await within(placed, attempt, 0, limit);
    } catch (error) {
      giveUp.abort(error);
      placed.then(
        () => this.#line.leave(),
        () => {},
      );
      throw error;
    }
    try {
      const elapsedMs = this.#clock.monoMs() - startedMs;
      await within(this.#model.start(), attempt, elapsedMs, { ...limit, ms: limit.ms - elapsedMs });
      return this.#model.run(order);
    } catch (error) {
      this.#line.leave();
      throw error;
    }
  }

  #callEvents(
    { name, arguments: text }: Extract<FromJob, { type: 'call' }>,
    index: number,
  ): readonly GenerationEvent[] {
    const id = `call_${Buffer.from(this.#random.bytes(12)).toString('hex')}`;
    return [
      { type: 'tool_call', choice: 0, index, id, name },
      { type: 'tool_arguments', choice: 0, index, text },
    ];
  }

  /** The place is free only when the model is done with the job, which a cancelled one is a moment later. */
  #leave(job: Job): void {
    void job.end().then(() => this.#line.leave());
  }

  async #ask<Type extends FromJob['type']>(
    type: Type,
    order: Parameters<ModelProcess['run']>[0],
    attempt: Attempt,
  ): Promise<Extract<FromJob, { type: Type }>> {
    const startedMs = this.#clock.monoMs();
    const job = await this.#begin(attempt, startedMs, order);
    try {
      const elapsedMs = this.#clock.monoMs() - startedMs;
      const limit = { ms: attempt.timeouts.firstTokenMs - elapsedMs, fault: 'first_token_timeout' } as const;
      const message = await within(job.next(), attempt, elapsedMs, limit);
      if (message.type === type) return message as Extract<FromJob, { type: Type }>;
      throw faultOf(message);
    } finally {
      this.#leave(job);
    }
  }
}

/** Of length 1, as callers of the OpenAI format expect, so that a dot product compares two of them. */
function unitVector(vector: readonly number[]): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  return Float32Array.from(vector, (x) => (length === 0 ? 0 : x / length));
}

function eventsOf(message: FromJob): readonly GenerationEvent[] {
  const choice = 0;
  switch (message.type) {
    case 'text':
      return [{ type: message.thought ? 'reasoning' : 'text', choice, text: message.text }];
    case 'done': {
      const { finish: reason, stopSequence, usage } = message;
      return [
        { type: 'finish', choice, reason, ...(stopSequence !== null && { stopSequence }) },
        { type: 'usage', usage: { ...usage, cachedInputTokens: 0, cacheWriteTokens: 0 } },
      ];
    }
    default:
      throw faultOf(message);
  }
}

function faultOf(message: FromJob): ProviderFault {
  if (message.type === 'refused') {
    const { message: upstreamMessage, param } = message;
    return new ProviderFault('rejected', 'the local model refused the request', {
      status: 400,
      upstreamMessage,
      param,
    });
  }
  const what = message.type === 'broke' ? message.fault : `an unexpected ${message.type}`;
  return new ProviderFault('upstream_error', `the local model failed: ${what}`);
}
