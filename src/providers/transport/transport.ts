import type { Clock } from '../../base/clock.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { postUpstream } from '../../runtime/upstream.ts';
import type { GenerationEvent } from '../generation.ts';
import type { Attempt } from '../provider.ts';
import { takeWhole } from './body.ts';
import { type ErrorDetail, errorDetail } from './error-body.ts';
import { faultKindOfStatus, fitForCaller, garbage, statusFault } from './fault.ts';
import { AttemptGuard } from './guard.ts';
import { TRANSPORT_LIMITS, type TransportLimits } from './limits.ts';
import { parseObject } from './parse.ts';
import { ASSUMED_REACHABLE, createReachability } from './reachability.ts';
import { retryAfterOf } from './retry-after.ts';
import { type StreamDecoder, UpstreamStream } from './stream.ts';

/** One keyed POST. The body is sent as JSON. */
export interface UpstreamCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** The way to one upstream. Everything it throws is a `ProviderFault` or the reason of `attempt.signal`. */
export interface Transport {
  /** What `read` makes of the answer, which is one JSON object. */
  json<Value>(call: UpstreamCall, attempt: Attempt, read: (body: JsonObject) => Value): Promise<Value>;
  /** The answer as an event stream, opened when the first batch is asked for. `decoder` is made once per iteration. */
  events(
    call: () => UpstreamCall,
    attempt: Attempt,
    decoder: () => StreamDecoder,
  ): AsyncIterable<readonly GenerationEvent[]>;
}

export interface TransportOptions {
  readonly clock: Clock;
  /** Where the upstream lives; only its host and port are used, to see whether they can be reached. */
  readonly baseUrl: string;
  /** Credentials that must never be quoted back from an error. */
  readonly secrets: readonly string[];
  /** Requests travel through the environment's proxy: the upstream is not dialled directly. */
  readonly behindProxy?: boolean;
  readonly limits?: TransportLimits;
}

export function createTransport(options: TransportOptions): Transport {
  const { clock, secrets, limits = TRANSPORT_LIMITS } = options;
  const reach = options.behindProxy ? ASSUMED_REACHABLE : createReachability(options.baseUrl, clock);

  /** Sends the call and returns the response once it is known to be an answer. */
  async function open(call: UpstreamCall, guard: AttemptGuard): Promise<Response> {
    const response = await postUpstream({
      url: call.url,
      headers: call.headers,
      body: JSON.stringify(call.body),
      signal: guard.signal,
    });
    guard.answered();
    const encoding = response.headers.get('content-encoding');
    const encoded = encoding !== null && encoding !== 'identity';
    if (!response.ok) {
      const detail = encoded ? undefined : await errorBody(response, limits.errorBytesMax, guard);
      throw statusFault(response.status, retryAfterOf(response.headers, clock), detail);
    }
    if (encoded) throw garbage('the upstream answered with a content encoding nobody asked for');
    return response;
  }

  async function wholeBody(call: UpstreamCall, attempt: Attempt): Promise<JsonObject> {
    const guard = new AttemptGuard(attempt, clock, reach, false);
    try {
      const response = await open(call, guard);
      return parseObject(await takeWhole(response, limits.bodyBytesMax, guard));
    } catch (error) {
      const thrown = guard.explain(error);
      guard.abort(thrown);
      throw thrown;
    } finally {
      guard.close();
    }
  }

  return {
    async json(call, attempt, read) {
      try {
        return read(await wholeBody(call, attempt));
      } catch (error) {
        throw fitForCaller(error, secrets);
      }
    },
    events(call, attempt, decoder) {
      return {
        [Symbol.asyncIterator]() {
          return new UpstreamStream({
            start: () => new AttemptGuard(attempt, clock, reach, true),
            open: (guard) => open(call(), guard),
            decoder: decoder(),
            limits,
            secrets,
          });
        },
      };
    },
  };
}

/** The error's body if it is JSON within the limit; what else it is does not change the status. */
async function errorBody(response: Response, bytesMax: number, guard: AttemptGuard): Promise<ErrorDetail | undefined> {
  if (faultKindOfStatus(response.status) === 'garbage') return undefined;
  try {
    return errorDetail(JSON.parse(await takeWhole(response, bytesMax, guard)) as Json);
  } catch (error) {
    if (guard.signal.aborted) throw error;
    return undefined;
  }
}
