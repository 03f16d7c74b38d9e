import type { Clock } from '../../base/clock.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Attempts } from '../../credentials/attempts.ts';
import { digestToken } from '../../credentials/tokens.ts';
import { readBytes } from '../../http/limited-body.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { Trail } from '../trail/trail.ts';
import { answerScim, listOf, refuseScim, type ScimRefusal } from './answer.ts';
import { discover, SCIM_PAGE_MAX } from './discovery.ts';
import { readFilter } from './filter.ts';
import { applyPatch } from './patch.ts';
import { readToken, type ScimToken, setTokenUsed } from './token-store.ts';
import { factsOf, readUser, toResource, type UserFacts } from './user.ts';
import type { ProvisionedUser, ScimUsers } from './users.ts';

export interface ScimDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly users: ScimUsers;
  readonly trail: Trail;
  readonly attempts: Attempts;
  readonly portalUrl: string;
  /** Hears of errors nothing turned into an answer. */
  readonly onFault: (error: unknown) => void;
}

/** Answers what directories ask under `/scim/v2`; `networkPrefix` is where it came from, /24 or /48. */
export type ScimFetch = (request: Request, networkPrefix: string | null) => Promise<Response>;

const ROOT = '/scim/v2';
const BODY_BYTES_MAX = 65_536;
const BODY_MS_MAX = 10_000;
const REQUESTS_A_MINUTE_MAX = 1_200;
const MINUTE_MS = 60_000;
const TOKEN_CHARS_MAX = 256;

/** Users of SCIM 2.0 (RFC 7643, RFC 7644). A path begins with `/scim/v2`. */
export function createScim(deps: ScimDeps): ScimFetch {
  return async function answer(request, networkPrefix) {
    try {
      return await serve(deps, request, networkPrefix);
    } catch (error) {
      deps.onFault(error);
      return refuseScim({ status: 500, detail: 'something broke; try again later' });
    }
  };
}

async function serve(deps: ScimDeps, request: Request, networkPrefix: string | null): Promise<Response> {
  const token = await authenticate(deps, request);
  if (!token.ok) return refuseScim(token.refusal);
  const url = new URL(request.url);
  const path = url.pathname.slice(ROOT.length);
  const base = `${deps.portalUrl}${ROOT}`;
  const found = discover(path, base);
  if (found !== null) return request.method === 'GET' ? answerScim(found) : refuseScim(METHOD);
  const match = /^\/Users(?:\/([^/]+))?$/.exec(path);
  if (match === null) return refuseScim({ status: 404, detail: 'there is no such resource here' });
  const call: Call = { deps, token: token.value, id: match[1] ?? null, base, request, url };
  if (request.method === 'GET') return call.id === null ? list(call) : show(call, call.id);
  return recorded(call, networkPrefix);
}

interface Call {
  readonly deps: ScimDeps;
  readonly token: ScimToken;
  /** Null where the path names nobody. */
  readonly id: string | null;
  readonly base: string;
  readonly request: Request;
  readonly url: URL;
}

/** A change, and what the trail is told of it. */
interface Done {
  readonly response: Response;
  readonly changes: Readonly<Record<string, unknown>> | null;
}

/** Durable in the trail before anything is changed. */
async function recorded(call: Call, networkPrefix: string | null): Promise<Response> {
  const { deps, token, id, request } = call;
  const lineId = await deps.trail.begin({
    accountId: token.accountId,
    actor: { kind: 'scim', id: token.id },
    permission: 'scim',
    action: `${request.method} ${ROOT}/Users${id === null ? '' : '/{id}'}`,
    objects: id === null ? {} : { id },
    networkPrefix,
  });
  const { response, changes } = await change(call);
  await deps.trail.end(lineId, response.status, changes);
  return response;
}

async function change(call: Call): Promise<Done> {
  const { deps, token, id, request } = call;
  const { users } = deps;
  if (request.method === 'DELETE' && id !== null) {
    const removed = await users.remove(token, id);
    if (!removed.ok) return refused(removed.refusal);
    const { stop } = removed.value;
    return { response: answerScim(null, 204, { 'candor-receipt': stop.id }), changes: { stop: stop.id } };
  }
  if ((request.method === 'POST') !== (id === null) || !['POST', 'PUT', 'PATCH'].includes(request.method)) {
    return refused(METHOD);
  }
  const body = await readBody(request);
  if (!body.ok) return refused(body.refusal);
  if (id === null) return made(call, readUser(body.value), (facts) => users.create(token, facts), 201);
  const before = await users.find(token, id);
  if (!before.ok) return refused(before.refusal);
  const facts = request.method === 'PUT' ? readUser(body.value) : applyPatch(body.value, factsOf(before.value));
  return made(call, facts, (all) => users.change(token, id, all), 200);
}

async function made(
  { deps, base }: Call,
  facts: Result<UserFacts, ScimRefusal>,
  act: (facts: UserFacts) => Promise<Result<ProvisionedUser, ScimRefusal>>,
  status: 200 | 201,
): Promise<Done> {
  const done = facts.ok ? await act(facts.value) : facts;
  if (!done.ok) return refused(done.refusal);
  const { member, receipt } = done.value;
  const active = deps.users.isActive(member);
  const headers = {
    ...(status === 201 && { location: `${base}/Users/${member.id}` }),
    ...(receipt !== null && { 'candor-receipt': receipt.stop.id }),
  };
  return {
    response: answerScim(toResource(member, active, base), status, headers),
    changes: { member: member.id, active, ...(receipt !== null && { stop: receipt.stop.id }) },
  };
}

async function show({ deps, token, base }: Call, id: string): Promise<Response> {
  const found = await deps.users.find(token, id);
  if (!found.ok) return refuseScim(found.refusal);
  return answerScim(toResource(found.value, deps.users.isActive(found.value), base));
}

async function list({ deps, token, base, url }: Call): Promise<Response> {
  const filter = readFilter(url.searchParams.get('filter'));
  if (!filter.ok) return refuseScim(filter.refusal);
  // RFC 7644, 3.4.2.4: less than 1 is 1, and a count below 0 is 0.
  const startIndex = Math.max(1, wholeNumber(url.searchParams.get('startIndex'), 1));
  const limit = Math.min(SCIM_PAGE_MAX, Math.max(0, wholeNumber(url.searchParams.get('count'), SCIM_PAGE_MAX)));
  const { total, found } = await deps.users.list(token, filter.value, { offset: startIndex - 1, limit });
  const resources = found.map((member) => toResource(member, deps.users.isActive(member), base));
  return answerScim(listOf(resources, total, startIndex));
}

function wholeNumber(text: string | null, otherwise: number): number {
  return text !== null && /^-?\d{1,9}$/.test(text) ? Number(text) : otherwise;
}

async function authenticate(deps: ScimDeps, request: Request): Promise<Result<ScimToken, ScimRefusal>> {
  const text = /^Bearer +([\x21-\x7e]+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (text === undefined || text.length > TOKEN_CHARS_MAX) return refuse(NO_TOKEN);
  const token = await readToken(deps.storage.reader, digestToken(text));
  if (token === null) return refuse(NO_TOKEN);
  const waitMs = deps.attempts.take([{ key: `scim ${token.id}`, max: REQUESTS_A_MINUTE_MAX, windowMs: MINUTE_MS }]);
  if (waitMs !== null) {
    return refuse({ status: 429, detail: 'too many requests in this minute', retryAfterMs: waitMs });
  }
  const now = deps.clock.wallMs();
  if (now - (token.lastUsedAtMs ?? 0) >= MINUTE_MS) {
    // A lost note of last use harms nobody.
    deps.storage.writer.write([setTokenUsed(token.id, now)]).catch(() => undefined);
  }
  return ok(token);
}

async function readBody(request: Request): Promise<Result<unknown, ScimRefusal>> {
  const type = request.headers.get('content-type') ?? '';
  if (type !== '' && !/^application\/(?:scim\+)?json\s*(?:;|$)/i.test(type)) return refuse(NO_JSON);
  const bytes =
    request.body === null
      ? new Uint8Array()
      : await readBytes(request.body, { bytesMax: BODY_BYTES_MAX, msMax: BODY_MS_MAX });
  if (bytes === 'too_large') return refuse({ status: 413, detail: `the body is larger than ${BODY_BYTES_MAX} bytes` });
  if (typeof bytes === 'string') return refuse(NO_JSON);
  try {
    return ok(JSON.parse(new TextDecoder().decode(bytes)) as unknown);
  } catch {
    return refuse(NO_JSON);
  }
}

function refused(refusal: ScimRefusal): Done {
  return { response: refuseScim(refusal), changes: null };
}

const NO_TOKEN: ScimRefusal = {
  status: 401,
  detail: 'send the token of the workspace, made in the portal, as "Authorization: Bearer ..."',
};
const METHOD: ScimRefusal = { status: 405, detail: 'this resource does not take this method' };
const NO_JSON: ScimRefusal = {
  status: 400,
  scimType: 'invalidSyntax',
  detail: 'the body must be JSON, as application/scim+json',
};
