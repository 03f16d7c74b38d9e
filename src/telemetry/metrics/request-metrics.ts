import type { AttemptSummary, RequestSummary } from '../telemetry.ts';
import { type LabelNames, NONE } from './names.ts';
import {
  createCounter,
  createHistogram,
  type Distribution,
  type DistributionFamily,
  OTHER,
  type Slot,
  type SlotFamily,
} from './series.ts';

/** Counts requests and upstream attempts. Its two `note` functions run on the hot path: one look-up and a few additions. */
export interface RequestMetrics {
  noteRequest(request: RequestSummary): void;
  noteAttempt(attempt: AttemptSummary): void;
  readonly families: readonly (SlotFamily | DistributionFamily)[];
}

/** The cells one kind of request adds to. */
interface RequestCells {
  readonly kind: Kind;
  readonly requests: Slot;
  readonly duration: Distribution;
  /** Null until a request of this kind has one; the same for those below. */
  firstToken: Distribution | null;
  queue: Distribution | null;
  tokens: TokenCells | null;
}

interface TokenCells {
  readonly input: Slot;
  readonly cachedInput: Slot;
  readonly cacheWrite: Slot;
  readonly output: Slot;
  readonly reasoning: Slot;
}

interface AttemptCells {
  readonly attempts: Slot;
  readonly duration: Distribution;
}

const DURATION_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600];
const FIRST_TOKEN_S = [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2.5, 5, 10, 20, 30, 60];
const QUEUE_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** Kinds of requests whose cells are kept at hand; further ones are counted under `other`. */
const KINDS_MAX = 4_000;

export function createRequestMetrics(names: LabelNames, kindsMax = KINDS_MAX): RequestMetrics {
  const families = createFamilies();
  const requestCells = new Map<string, RequestCells>();
  const attemptCells = new Map<string, AttemptCells>();
  let otherRequest: RequestCells | null = null;
  let otherAttempt: AttemptCells | null = null;

  function cellsOf(request: RequestSummary): RequestCells {
    const model = names.model(request.modelRequested);
    const key = `${request.endpoint} ${model} ${request.provider} ${request.outcome} ${request.reason} ${request.status} ${request.usageSource}`;
    const known = requestCells.get(key);
    if (known) return known;
    if (requestCells.size >= kindsMax) {
      otherRequest ??= families.requestCells(OTHER_KIND);
      return otherRequest;
    }
    const made = families.requestCells({
      endpoint: request.endpoint,
      model,
      provider: names.provider(request.provider),
      outcome: request.outcome,
      reason: request.reason ?? NONE,
      status: String(request.status),
      usageSource: request.usageSource,
    });
    requestCells.set(key, made);
    return made;
  }
  function cellsOfAttempt(attempt: AttemptSummary): AttemptCells {
    const key = `${attempt.provider} ${attempt.target} ${attempt.outcome}`;
    const known = attemptCells.get(key);
    if (known) return known;
    if (attemptCells.size >= kindsMax) {
      otherAttempt ??= families.attemptCells(OTHER, OTHER, OTHER);
      return otherAttempt;
    }
    const made = families.attemptCells(names.provider(attempt.provider), names.target(attempt.target), attempt.outcome);
    attemptCells.set(key, made);
    return made;
  }
  return {
    families: families.all,
    noteRequest(request) {
      const cells = cellsOf(request);
      cells.requests.value++;
      cells.duration.observe(request.totalMs / 1_000);
      if (request.queueMs !== null) {
        cells.queue ??= families.queueCell(cells.kind);
        cells.queue.observe(request.queueMs / 1_000);
      }
      if (request.firstTokenMs !== null) {
        cells.firstToken ??= families.firstTokenCell(cells.kind);
        cells.firstToken.observe(request.firstTokenMs / 1_000);
      }
      if (request.inputTokens !== null || request.outputTokens !== null) {
        cells.tokens ??= families.tokenCells(cells.kind);
        addTokens(cells.tokens, request);
      }
    },
    noteAttempt(attempt) {
      const cells = cellsOfAttempt(attempt);
      cells.attempts.value++;
      cells.duration.observe(attempt.durationMs / 1_000);
    },
  };
}

interface Kind {
  readonly endpoint: string;
  readonly model: string;
  readonly provider: string;
  readonly outcome: string;
  readonly reason: string;
  readonly status: string;
  readonly usageSource: string;
}

const OTHER_KIND: Kind = {
  endpoint: OTHER,
  model: OTHER,
  provider: OTHER,
  outcome: OTHER,
  reason: OTHER,
  status: OTHER,
  usageSource: OTHER,
};

function createFamilies() {
  const families = { ...createRequestFamilies(), ...createAttemptFamilies() };
  const { requests, tokens, duration, firstToken, queue, attempts, attemptDuration } = families;
  return {
    all: Object.values(families),
    requestCells: (kind: Kind): RequestCells => {
      const { endpoint, model, provider, outcome, reason, status, usageSource } = kind;
      return {
        kind,
        requests: requests.at(endpoint, model, provider, outcome, reason, status, usageSource),
        duration: duration.at(endpoint, model, provider, outcome),
        firstToken: null,
        queue: null,
        tokens: null,
      };
    },
    firstTokenCell: (kind: Kind) => firstToken.at(kind.endpoint, kind.model, kind.provider),
    queueCell: (kind: Kind) => queue.at(kind.endpoint, kind.model),
    tokenCells: (kind: Kind) => tokenCells(tokens, kind),
    attemptCells: (provider: string, target: string, outcome: string): AttemptCells => ({
      attempts: attempts.at(provider, target, outcome),
      duration: attemptDuration.at(provider, target, outcome),
    }),
  };
}

function createRequestFamilies() {
  return {
    requests: createCounter({
      name: 'candor_requests_total',
      help: 'Requests that ended, refused ones too.',
      labels: ['endpoint', 'model', 'provider', 'outcome', 'reason', 'status', 'usage_source'],
    }),
    tokens: createCounter({
      name: 'candor_tokens_total',
      help: 'Tokens used. cached_input and cache_write are parts of input, reasoning is a part of output.',
      labels: ['class', 'model', 'provider', 'usage_source'],
    }),
    duration: createHistogram(
      {
        name: 'candor_request_duration_seconds',
        help: 'From the arrival of a request to the end of its answer.',
        labels: ['endpoint', 'model', 'provider', 'outcome'],
      },
      DURATION_S,
    ),
    firstToken: createHistogram(
      {
        name: 'candor_first_token_seconds',
        help: 'From the arrival of a request to the first event with output.',
        labels: ['endpoint', 'model', 'provider'],
      },
      FIRST_TOKEN_S,
    ),
    queue: createHistogram(
      {
        name: 'candor_queue_seconds',
        help: 'From the arrival of a request to its first upstream attempt.',
        labels: ['endpoint', 'model'],
      },
      QUEUE_S,
    ),
  };
}

function createAttemptFamilies() {
  const labels = ['provider', 'target', 'outcome'];
  return {
    attempts: createCounter({
      name: 'candor_upstream_attempts_total',
      help: 'Upstream attempts: ok, abandoned, or the kind of fault.',
      labels,
    }),
    attemptDuration: createHistogram(
      {
        name: 'candor_upstream_attempt_seconds',
        help: 'From the start of an upstream attempt until it began to answer or failed.',
        labels,
      },
      DURATION_S,
    ),
  };
}

function tokenCells(tokens: SlotFamily, { model, provider, usageSource }: Kind): TokenCells {
  return {
    input: tokens.at('input', model, provider, usageSource),
    cachedInput: tokens.at('cached_input', model, provider, usageSource),
    cacheWrite: tokens.at('cache_write', model, provider, usageSource),
    output: tokens.at('output', model, provider, usageSource),
    reasoning: tokens.at('reasoning', model, provider, usageSource),
  };
}

function addTokens(cells: TokenCells, request: RequestSummary): void {
  cells.input.value += request.inputTokens ?? 0;
  cells.cachedInput.value += request.cachedInputTokens ?? 0;
  cells.cacheWrite.value += request.cacheWriteTokens ?? 0;
  cells.output.value += request.outputTokens ?? 0;
  cells.reasoning.value += request.reasoningTokens ?? 0;
}
