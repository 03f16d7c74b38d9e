import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../base/clock.ts';
import { ProviderFault } from '../provider.ts';
import { type FromChild, type FromJob, isLast, type LoadOrder, type ToChild } from './protocol.ts';

const CHILD_PATH = fileURLToPath(new URL('./child/main.ts', import.meta.url));
/** After a failure the process is started again at once, but never twice within this time. */
const RESTART_AFTER_MS = 5000;
/** A cancelled job ends with the batch it is in; a process that takes longer than this is stuck and is ended. */
const CANCEL_MS_MAX = 10_000;
const CLOSE_MS_MAX = 2000;

type JobOrder = Exclude<ToChild, LoadOrder | { type: 'cancel' }>;
type WithoutId<Order> = Order extends { id: number } ? Omit<Order, 'id'> : never;

/** One running order: messages come in one by one; `end` says that nobody reads them any more. */
export interface Job {
  /** The next message; throws `died` when the process is gone. */
  next(): Promise<FromJob>;
  /** Cancels unless it is over. Resolves when the model is free of it. */
  end(): Promise<void>;
}

interface OpenJob {
  readonly id: number;
  readonly messages: FromJob[];
  wake: (() => void) | undefined;
  over: boolean;
  fault: ProviderFault | undefined;
  readonly whenOver: Promise<void>;
  readonly resolveOver: () => void;
}

/**
 * The process that holds the model. Native code that blocks, crashes or runs out of memory does so there; the
 * service sees a fault and starts it anew. It starts with `start` or the first job and inherits no environment.
 */
export class ModelProcess {
  readonly #load: LoadOrder;
  readonly #clock: Clock;
  readonly #jobs = new Map<number, OpenJob>();
  #child: ChildProcess | undefined;
  #loaded: Promise<void> | undefined;
  #startedAtMs = Number.NEGATIVE_INFINITY;
  #failure = 'it is closed';
  #nextId = 0;
  #closed = false;

  constructor(load: LoadOrder, clock: Clock) {
    this.#load = load;
    this.#clock = clock;
  }

  /** Resolves when the model is loaded; throws `unavailable` with the reason when it cannot be. */
  start(): Promise<void> {
    if (this.#loaded !== undefined) return this.#loaded;
    const waitMs = this.#startedAtMs + RESTART_AFTER_MS - this.#clock.monoMs();
    if (this.#closed || waitMs > 0) return Promise.reject(this.#unavailable(Math.max(waitMs, 0)));
    this.#startedAtMs = this.#clock.monoMs();
    this.#loaded = this.#launch();
    return this.#loaded;
  }

  /** Gives an order to the loaded model. */
  run(order: WithoutId<JobOrder>): Job {
    const job = openJob(this.#nextId++);
    this.#jobs.set(job.id, job);
    this.#send({ ...order, id: job.id });
    return { next: () => nextMessage(job), end: () => this.#end(job) };
  }

  /** Ends the process and waits until its memory is released. */
  async close(): Promise<void> {
    this.#closed = true;
    const child = this.#child;
    if (child === undefined) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.disconnect();
    const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_MS_MAX);
    await gone;
    clearTimeout(timer);
  }

  #launch(): Promise<void> {
    const child = fork(CHILD_PATH, [], { env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    this.#child = child;
    return new Promise((resolve, reject) => {
      const fail = (reason: string): void => {
        if (this.#child !== child) return;
        this.#forget(reason);
        child.kill('SIGKILL');
        reject(this.#unavailable(RESTART_AFTER_MS));
      };
      child.on('message', (message) => {
        const said = message as FromChild;
        if (said.type === 'loaded') resolve();
        else if (said.type === 'failed') fail(said.message);
        else this.#deliver(said);
      });
      child.on('error', () => fail('its process could not be started'));
      child.on('exit', () => fail('its process ended'));
      this.#send(this.#load);
    });
  }

  /** Lets go of a process that is gone or of no use; what runs in it has died. */
  #forget(reason: string): void {
    this.#child = undefined;
    this.#loaded = undefined;
    this.#failure = reason;
    for (const job of this.#jobs.values()) {
      job.fault = new ProviderFault('died', 'the process of the local model ended');
      this.#finish(job);
    }
  }

  #unavailable(retryAfterMs: number): ProviderFault {
    return new ProviderFault('unavailable', `the local model is not loaded: ${this.#failure}`, { retryAfterMs });
  }

  #send(message: ToChild): void {
    if (this.#child?.connected === true) this.#child.send(message);
  }

  #deliver(message: FromJob): void {
    const job = this.#jobs.get(message.id);
    if (job === undefined) return;
    job.messages.push(message);
    if (isLast(message)) this.#finish(job);
    else job.wake?.();
  }

  #finish(job: OpenJob): void {
    this.#jobs.delete(job.id);
    job.over = true;
    job.resolveOver();
    job.wake?.();
  }

  async #end(job: OpenJob): Promise<void> {
    if (job.over) return;
    this.#send({ type: 'cancel', id: job.id });
    const child = this.#child;
    const timer = setTimeout(() => child?.kill('SIGKILL'), CANCEL_MS_MAX);
    await job.whenOver;
    clearTimeout(timer);
  }
}

function openJob(id: number): OpenJob {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { id, messages: [], wake: undefined, over: false, fault: undefined, whenOver: promise, resolveOver: resolve };
}

async function nextMessage(job: OpenJob): Promise<FromJob> {
  for (;;) {
    const message = job.messages.shift();
    if (message !== undefined) return message;
    if (job.over) throw job.fault ?? new ProviderFault('died', 'the local model sent nothing more');
    await new Promise<void>((resolve) => {
      job.wake = resolve;
    });
  }
}
