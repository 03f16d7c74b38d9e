import { systemClock } from '../../src/base/clock.ts';
import {
  collect,
  type Attempt,
  type Generation,
  type GenerationEvent,
  type GenerationRequest,
  type Provider,
  type StageTimeouts,
} from '../../src/providers/index.ts';
import { createAnthropicProvider } from '../../src/providers/anthropic/provider.ts';
import { createGeminiProvider } from '../../src/providers/gemini/provider.ts';
import { createOpenAiProvider } from '../../src/providers/openai/provider.ts';
import { TRANSPORT_LIMITS, type TransportLimits } from '../../src/providers/transport/limits.ts';
import { anthropicDialect } from '../world/upstream-anthropic.ts';
import { geminiDialect } from '../world/upstream-gemini.ts';
import { openAiDialect } from '../world/upstream-openai.ts';
import { type Dialect, userMessage } from '../world/upstream-script.ts';

/** A provider under test that needs nothing else. */
export interface ProviderSubject {
  readonly name: string;
  /** A name its upstream would answer to. */
  readonly upstreamModel: string;
  /** Made once for the whole suite; may take its time (a model is loaded). */
  create(): Promise<Provider>;
  /** How long one short answer may take, milliseconds; default 5,000. */
  readonly slowMs?: number;
}

/** A provider under test that speaks to an upstream, which the suite fakes in its dialect. */
export interface WireSubject {
  readonly name: string;
  readonly dialect: Dialect;
  /** Any upstream model; decides nothing but the address. */
  readonly upstreamModel: string;
  /** `baseUrl` is already in the form the dialect configures. */
  create(baseUrl: string, limits?: TransportLimits): Provider;
}

/** Small enough to be met in a test, far enough above every answer of the suite. */
export const SMALL_LIMITS: TransportLimits = {
  ...TRANSPORT_LIMITS,
  bodyBytesMax: 2 * 1024 * 1024,
  streamBytesMax: 4 * 1024 * 1024,
  drainMs: 400,
};

export const API_KEY = 'sk-upstream-0123456789';

const CLOCK = { clock: systemClock };
const KEYED = { apiKey: API_KEY, headers: {} };

export const WIRE_SUBJECTS: readonly WireSubject[] = [
  {
    name: 'openai',
    dialect: openAiDialect,
    upstreamModel: 'fake-model',
    create: (baseUrl, limits = TRANSPORT_LIMITS) =>
      createOpenAiProvider(
        {
          kind: 'openai',
          baseUrl,
          ...KEYED,
          azure: null,
          streamUsage: true,
          legacyMaxTokens: false,
          safetyIdentifier: false,
        },
        { ...CLOCK, limits },
      ),
  },
  {
    name: 'anthropic',
    dialect: anthropicDialect,
    upstreamModel: 'claude-fake-9',
    create: (baseUrl, limits = TRANSPORT_LIMITS) =>
      createAnthropicProvider({ kind: 'anthropic', safetyIdentifier: false, baseUrl, ...KEYED }, { ...CLOCK, limits }),
  },
  {
    name: 'gemini',
    dialect: geminiDialect,
    upstreamModel: 'gemini-fake',
    create: (baseUrl, limits = TRANSPORT_LIMITS) =>
      createGeminiProvider({ kind: 'gemini', baseUrl, ...KEYED }, { ...CLOCK, limits }),
  },
];

export const PATIENT: StageTimeouts = { connectMs: 2000, firstTokenMs: 5000, stallMs: 5000, totalMs: 10_000 };

export function requestOf(text: string, change: Partial<GenerationRequest> = {}): GenerationRequest {
  return {
    model: 'alias',
    stream: false,
    messages: [userMessage(text)],
    choiceCount: 1,
    maxOutputTokens: 64,
    unknownFields: {},
    ...change,
  };
}

export function attemptOf(upstreamModel: string, change: Partial<Attempt> = {}): Attempt {
  return {
    upstreamModel,
    passFields: new Set(),
    timeouts: PATIENT,
    signal: new AbortController().signal,
    requestId: 'req_1',
    ...change,
  };
}

/** Every event of a stream, in order. */
export async function eventsOf(stream: AsyncIterable<readonly GenerationEvent[]>): Promise<GenerationEvent[]> {
  const events: GenerationEvent[] = [];
  for await (const batch of stream) events.push(...batch);
  return events;
}

/** The answer, asked for whole or as a stream. */
export async function answerOf(
  provider: Provider,
  request: GenerationRequest,
  attempt: Attempt,
  stream: boolean,
): Promise<Generation> {
  const asked = { ...request, stream };
  return stream ? collect(await eventsOf(provider.stream(asked, attempt))) : provider.complete(asked, attempt);
}

/** What a promise rejects with; fails the test when it does not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('expected a rejection, and there was an answer');
}
