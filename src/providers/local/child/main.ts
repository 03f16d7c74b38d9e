/** The process that holds a local model. Started by `model-process.ts`, which it outlives by no more than a moment. */
import { setPriority } from 'node:os';
import type { FromChild, FromJob, LoadOrder, ToChild } from '../protocol.ts';
import { countPrompt, generate, type Loaded, RefusedError } from './generate.ts';
import type { EmbeddingContext, LlamaModule, LlamaSequence } from './llama.ts';

/** Below the service, so that a busy model leaves it the time it needs to answer everybody else. */
const PRIORITY = 5;

interface Held extends Loaded {
  readonly freeSequences: LlamaSequence[];
  readonly embedding: EmbeddingContext | undefined;
}

let held: Held | undefined;
const cancels = new Map<number, AbortController>();

function tell(message: FromChild): void {
  if (process.connected) process.send?.(message);
}

async function load(order: LoadOrder): Promise<void> {
  try {
    held = await loadModel(order);
    tell({ type: 'loaded' });
  } catch (error) {
    tell({ type: 'failed', message: error instanceof Error ? error.message.slice(0, 300) : 'unknown reason' });
  }
}

async function loadModel(order: LoadOrder): Promise<Held> {
  setPriority(PRIORITY);
  const module = (await import(order.module)) as LlamaModule;
  const quiet = { progressLogs: false, logger: () => {} } as const;
  const llama = await module.getLlama({ gpu: 'auto', build: 'never', skipDownload: true, ...quiet });
  const model = await llama.loadModel({ modelPath: order.path });
  const threads = order.threads > 0 ? order.threads : llama.cpuMathCores;
  const wrapper = module.resolveChatWrapper(model);
  const loaded = { module, llama, model, wrapper, contextTokens: order.contextTokens };
  if (order.embeddings) {
    const embedding = await model.createEmbeddingContext({ contextSize: order.contextTokens, threads });
    return { ...loaded, freeSequences: [], embedding };
  }
  const context = await model.createContext({ contextSize: order.contextTokens, sequences: order.parallel, threads });
  const freeSequences = Array.from({ length: order.parallel }, () => context.getSequence());
  return { ...loaded, freeSequences, embedding: undefined };
}

async function doGenerate(id: number, order: Parameters<typeof generate>[3], signal: AbortSignal): Promise<FromJob> {
  const sequence = held?.freeSequences.pop();
  if (held === undefined || sequence === undefined) throw new Error('no sequence is free');
  try {
    return await generate(held, sequence, id, order, signal, tell);
  } finally {
    held.freeSequences.push(sequence);
  }
}

async function doEmbed(id: number, inputs: readonly string[], signal: AbortSignal): Promise<FromJob> {
  const embedding = held?.embedding;
  if (held === undefined || embedding === undefined) throw new RefusedError('this model gives no embeddings', 'model');
  const vectors: (readonly number[])[] = [];
  let inputTokens = 0;
  for (const input of inputs) {
    signal.throwIfAborted();
    const tokens = embedding.calculateInputLength(input);
    if (tokens > held.contextTokens)
      throw new RefusedError(`an input is longer than ${held.contextTokens} tokens`, 'input');
    inputTokens += tokens;
    vectors.push((await embedding.getEmbeddingFor(input)).vector);
  }
  return { type: 'embedded', id, vectors, inputTokens };
}

async function doCount(id: number, order: Parameters<typeof countPrompt>[1]): Promise<FromJob> {
  if (held === undefined) throw new Error('no model');
  return { type: 'counted', id, tokens: countPrompt(held, order) };
}

/** Runs a job that `cancel` may end, and tells what came of it. */
function settle(id: number, work: (signal: AbortSignal) => Promise<FromJob>): void {
  const cancel = new AbortController();
  cancels.set(id, cancel);
  const over = work(cancel.signal).finally(() => cancels.delete(id));
  over.then(tell, (error: unknown) => {
    if (error instanceof RefusedError) tell({ type: 'refused', id, message: error.message, param: error.param });
    else tell({ type: 'broke', id, fault: error instanceof Error ? error.name : 'unknown' });
  });
}

process.on('message', (message: ToChild) => {
  switch (message.type) {
    case 'load':
      void load(message);
      break;
    case 'generate':
      settle(message.id, (signal) => doGenerate(message.id, message.order, signal));
      break;
    case 'count':
      settle(message.id, () => doCount(message.id, message.order));
      break;
    case 'embed':
      settle(message.id, (signal) => doEmbed(message.id, message.inputs, signal));
      break;
    case 'cancel':
      cancels.get(message.id)?.abort();
      break;
  }
});
// The service decides when to end: a signal to the whole group must not cut what it is still draining.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit(0));
