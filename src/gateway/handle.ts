import type { MintId } from '../base/ids.ts';
import type { Endpoint } from '../metering/index.ts';
import { pathOf } from '../runtime/listener.ts';
import { corsHeaders, preflight } from './cors.ts';
import { countMessageTokens } from './endpoints/count-tokens.ts';
import { showCredit, showReceipt } from './endpoints/credit.ts';
import { cancelGeneration, resumeGeneration } from './endpoints/generations.ts';
import { listModels, showModel } from './endpoints/models.ts';
import { moderateTexts } from './endpoints/moderations.ts';
import { fileReport } from './endpoints/reports.ts';
import { redeemCode } from './endpoints/redeem.ts';
import { forgetResponse, listInputItems, showResponse } from './endpoints/responses.ts';
import { createHostTest } from '../http/host.ts';
import { messagesSurface } from './anthropic/surface.ts';
import { errorBody } from './openai/errors.ts';
import { callerAddress } from '../base/address.ts';
import { beginCall, type Call } from './pipeline/call.ts';
import type { PipelineDeps } from './pipeline/deps.ts';
import { beginDraft, type Draft } from './pipeline/draft.ts';
import { refuseCall } from './pipeline/refuse.ts';
import { runEmbeddings } from './pipeline/run-embeddings.ts';
import { runGeneration } from './pipeline/run.ts';
import { type Refusal, refusal } from './refusal.ts';
import { createFlows } from './flows.ts';
import type { StoredResponses } from './stored-responses.ts';

/** Answers every request under `/v1`. Never rejects: what breaks becomes an answer and a line in the log. */
export type Handler = (request: Request, peerAddress: string | null) => Promise<Response>;

type Run = (call: Call, draft: Draft, id: string) => Promise<Response>;

interface Route {
  readonly method: string;
  /** Its one group, if any, is the id. */
  readonly path: RegExp;
  readonly endpoint: Endpoint;
  readonly run: Run;
}

interface Found {
  readonly route: Route;
  readonly id: string;
}

export interface HandlerParts {
  readonly mintId: MintId;
  readonly isTrustedProxy: (address: string) => boolean;
}

export function createHandler(deps: PipelineDeps, responses: StoredResponses, parts: HandlerParts): Handler {
  const { config, clock } = deps;
  const hostIsOurs = createHostTest(config.server.allowedHosts);
  const { exact, patterned } = routesOf(deps, responses);

  function find(method: string, path: string): Found | null {
    const direct = exact.get(`${method} ${path}`);
    if (direct) return { route: direct, id: '' };
    for (const route of patterned) {
      const match = route.method === method ? route.path.exec(path) : null;
      if (match) return { route, id: match[1] ?? '' };
    }
    return null;
  }
  function noSuchRoute(method: string, path: string): Refusal {
    const all = [...exact.values(), ...patterned];
    const allowed = [...new Set(all.filter((route) => route.path.test(path)).map((route) => route.method))].join(', ');
    if (allowed) return refusal('method_not_allowed', { method, allowed }, { allow: allowed });
    return refusal('path_unknown', { method, path: path.slice(0, PATH_CHARS_MAX), ...baseHint(path, all) });
  }
  return async function handle(request, peerAddress) {
    const atMs = clock.wallMs();
    const startMs = clock.monoMs();
    const { path } = pathOf(request.url);
    const { method, headers } = request;
    const cors = corsHeaders(headers.get('origin'), config.server.corsOrigins);
    if (method === 'OPTIONS' && cors) return preflight(cors);
    const address = callerAddress(peerAddress, headers.get('x-forwarded-for'), parts.isTrustedProxy);
    const found = find(method, path);
    const endpoint = found?.route.endpoint ?? 'unknown';
    const call = beginCall({ id: parts.mintId('req'), endpoint, request, address, atMs, startMs });
    const draft = beginDraft(call, deps.epoch);
    let response: Response;
    try {
      if (!hostIsOurs(headers.get('host'))) {
        response = await refuseCall(call, draft, refusal('host_invalid'), encoderOf(path), deps);
      } else if (!found) {
        response = await refuseCall(call, draft, noSuchRoute(method, path), encoderOf(path), deps);
      } else response = await found.route.run(call, draft, found.id);
    } catch (error) {
      deps.telemetry.fault('handle a request', error, call.id);
      response = await refuseCall(call, draft, refusal('internal'), encoderOf(path), deps);
    }
    // Anthropic's clients read the request id under its own name.
    if (isMessagesPath(path)) response.headers.set('request-id', call.id);
    if (cors) for (const [name, value] of Object.entries(cors)) response.headers.set(name, value);
    return response;
  };
}

/** The commonest mistake with a client: a base address with one `/v1` too few or too many. */
function baseHint(path: string, all: readonly Route[]): { hint: string; hint_zh: string } {
  const isOurs = (one: string) => all.some((route) => route.path.test(one));
  if (isOurs(`/v1${path}`)) return { hint: ' The base address ends in /v1.', hint_zh: '基础地址应以 /v1 结尾。' };
  if (path.startsWith('/v1/v1/') && isOurs(path.slice('/v1'.length))) {
    return { hint: ' For this client the base address ends before /v1.', hint_zh: '此客户端的基础地址不应包含 /v1。' };
  }
  return { hint: '', hint_zh: '' };
}

const PATH_CHARS_MAX = 200;
const ID = '([A-Za-z0-9_-]{1,128})';

/** Whoever speaks Anthropic's format is refused in it. */
function encoderOf(path: string) {
  return { encodeError: isMessagesPath(path) ? messagesSurface.encodeError : errorBody };
}

function isMessagesPath(path: string): boolean {
  return path.startsWith('/v1/messages');
}

function routesOf(deps: PipelineDeps, responses: StoredResponses) {
  const flows = createFlows(deps, responses);
  const all = [
    route('POST', '/v1/chat/completions', 'chat.completions', (call, draft) =>
      runGeneration(call, draft, flows.chat, deps),
    ),
    route('POST', '/v1/responses', 'responses', (call, draft) => runGeneration(call, draft, flows.responses, deps)),
    route('POST', '/v1/messages', 'messages', (call, draft) => runGeneration(call, draft, flows.messages, deps)),
    route('POST', '/v1/messages/count_tokens', 'messages.count_tokens', (call, draft) =>
      countMessageTokens(call, draft, deps),
    ),
    route('POST', '/v1/embeddings', 'embeddings', (call, draft) => runEmbeddings(call, draft, deps)),
    route('POST', '/v1/moderations', 'moderations', (call, draft) => moderateTexts(call, draft, deps)),
    route('GET', '/v1/credit', 'credit', (call, draft) => showCredit(call, draft, deps)),
    route('POST', '/v1/credit/redeem', 'credit.redeem', (call, draft) => redeemCode(call, draft, deps)),
    ...reportRoutes(deps),
    route('GET', `/v1/receipts/${ID}`, 'receipts', (call, draft, id) => showReceipt(call, draft, id, deps)),
    route('GET', '/v1/models', 'models', (call, draft) => listModels(call, draft, deps)),
    route('GET', '/v1/models/(.{1,384})', 'models', (call, draft, id) => showModel(call, draft, id, deps)),
    route('GET', `/v1/responses/${ID}`, 'responses.retrieve', (call, draft, id) =>
      showResponse(call, draft, id, responses, deps),
    ),
    route('DELETE', `/v1/responses/${ID}`, 'responses.delete', (call, draft, id) =>
      forgetResponse(call, draft, id, responses, deps),
    ),
    route('GET', `/v1/responses/${ID}/input_items`, 'responses.input_items', (call, draft, id) =>
      listInputItems(call, draft, id, responses, deps),
    ),
    route('POST', `/v1/generations/${ID}/cancel`, 'generations.cancel', (call, draft, id) =>
      cancelGeneration(call, draft, id, deps),
    ),
    route('GET', `/v1/generations/${ID}/stream`, 'generations.resume', (call, draft, id) =>
      resumeGeneration(call, draft, id, deps),
    ),
  ];
  return {
    exact: new Map(all.filter((one) => !one.pattern.includes('(')).map((one) => [`${one.method} ${one.pattern}`, one])),
    patterned: all.filter((one) => one.pattern.includes('(')),
  };
}

/** Where nobody takes reports, there is no such endpoint. */
function reportRoutes(deps: PipelineDeps) {
  const { reports } = deps;
  if (reports === null) return [];
  return [route('POST', '/v1/reports', 'reports', (call, draft) => fileReport(call, draft, reports, deps))];
}

function route(method: string, pattern: string, endpoint: Endpoint, run: Run): Route & { readonly pattern: string } {
  return { method, pattern, path: new RegExp(`^${pattern}$`), endpoint, run };
}
