import { lookup } from 'node:dns/promises';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { inTime } from '../base/in-time.ts';
import { ok, refuse, type Result } from '../base/result.ts';
import { isGlobalAddress, isInternalAddress } from './global-address.ts';

export type OutboundReason =
  | 'not_a_url'
  | 'not_https'
  | 'credentials_in_url'
  | 'address_not_allowed'
  | 'name_unknown'
  | 'unreachable'
  | 'certificate_refused'
  | 'too_slow'
  | 'answer_too_large';

/** Why nothing was sent, or no answer came. `message` tells the person who chose the address; it holds no secret of it. */
export interface OutboundRefusal {
  readonly reason: OutboundReason;
  readonly message: string;
}

export interface OutboundPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type OutboundQuestion = Omit<OutboundPost, 'body'>;

export interface OutboundAnswer {
  /** A redirect is an answer like any other, and is not followed. */
  readonly status: number;
  /** As it was sent; null when it was not. */
  readonly contentType: string | null;
  readonly body: string;
}

/** The one way to addresses that people choose. */
export interface Outbound {
  /** What can be told of an address by its text alone; to be asked when it is saved. `post` asks again, and resolves it. */
  check(url: string): Result<URL, OutboundRefusal>;
  /** Resolves its name, refuses unless every address of it is public, and connects to the very address it looked at. */
  post(post: OutboundPost): Promise<Result<OutboundAnswer, OutboundRefusal>>;
  /** The same with GET. */
  get(question: OutboundQuestion): Promise<Result<OutboundAnswer, OutboundRefusal>>;
}

export interface OutboundOptions {
  /** Hosts of the operator's own network: they may have private addresses and speak plain HTTP. */
  readonly internalHosts: readonly string[];
  /** All addresses of a name. */
  readonly resolve?: (name: string) => Promise<readonly string[]>;
  /** Authorities in PEM believed in place of the system's. */
  readonly authorities?: string;
  readonly timeoutMs?: number;
  readonly answerBytesMax?: number;
}

const TIMEOUT_MS = 10_000;
const ANSWER_BYTES_MAX = 65_536;
const URL_CHARS_MAX = 2_048;
/** Addresses of one name that are tried. */
const ADDRESSES_MAX = 2;

export function createOutbound(options: OutboundOptions): Outbound {
  const internal = new Set(options.internalHosts.map((host) => withoutDot(host.toLowerCase())));
  const resolve = options.resolve ?? resolveAll;
  const limits: Limits = {
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    answerBytesMax: options.answerBytesMax ?? ANSWER_BYTES_MAX,
    ca: options.authorities,
  };

  function check(text: string): Result<URL, OutboundRefusal> {
    const parsed = parse(text);
    if (!parsed.ok) return parsed;
    const url = parsed.value;
    const host = hostOf(url);
    const isInternal = internal.has(host);
    if (url.protocol !== 'https:' && !(isInternal && url.protocol === 'http:')) {
      return no('not_https', 'the address must begin with https://');
    }
    if (isIP(host) !== 0 && !isAllowed(host, isInternal)) return notAllowed();
    return ok(url);
  }

  async function addressesOf(url: URL): Promise<Result<readonly string[], OutboundRefusal>> {
    const host = hostOf(url);
    let addresses: readonly string[];
    try {
      // A resolver has no time limit of its own.
      addresses = isIP(host) === 0 ? await inTime(resolve(host), limits.timeoutMs) : [host];
    } catch {
      return no('name_unknown', 'the name of its host cannot be resolved');
    }
    if (addresses.length === 0) return no('name_unknown', 'the name of its host cannot be resolved');
    // One bad address is enough: which one a later try would take is not ours to choose.
    if (!addresses.every((address) => isAllowed(address, internal.has(host)))) return notAllowed();
    return ok([...addresses].sort((a, b) => isIP(a) - isIP(b)).slice(0, ADDRESSES_MAX));
  }

  async function ask(text: string, sent: Sent): Promise<Result<OutboundAnswer, OutboundRefusal>> {
    const checked = check(text);
    if (!checked.ok) return checked;
    const addresses = await addressesOf(checked.value);
    if (!addresses.ok) return addresses;
    let last: Result<OutboundAnswer, OutboundRefusal> = no('unreachable', 'nobody answers at the address');
    for (const address of addresses.value) {
      last = await send(checked.value, address, sent, limits);
      if (last.ok || last.refusal.reason !== 'unreachable') return last;
    }
    return last;
  }

  return {
    check,
    post: ({ url, headers, body }) => ask(url, { headers, body }),
    get: ({ url, headers }) => ask(url, { headers, body: null }),
  };
}

/** A request without its address. */
interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  /** Null asks with GET. */
  readonly body: string | null;
}

interface Limits {
  readonly timeoutMs: number;
  readonly answerBytesMax: number;
  readonly ca: string | undefined;
}

/** What a strict reader of the text makes of it; whatever two readers could take differently is refused. */
function parse(text: string): Result<URL, OutboundRefusal> {
  if (text.length > URL_CHARS_MAX || !/^[\x21-\x7e]+$/.test(text) || text.includes('\\') || !URL.canParse(text)) {
    return no('not_a_url', 'this is not an address such as https://hooks.example.com/candor');
  }
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    return no('credentials_in_url', 'the address must not hold a user name or password');
  }
  return ok(url);
}

/** Connects to `address` itself and speaks to the host by its name, so that no second look-up can lead elsewhere. */
function send(
  url: URL,
  address: string,
  { headers, body }: Sent,
  limits: Limits,
): Promise<Result<OutboundAnswer, OutboundRefusal>> {
  const isTls = url.protocol === 'https:';
  const host = hostOf(url);
  return new Promise((resolve) => {
    const request = (isTls ? requestHttps : requestHttp)({
      method: body === null ? 'GET' : 'POST',
      host: address,
      port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
      path: `${url.pathname}${url.search}`,
      agent: false,
      headers: {
        ...headers,
        host: url.host,
        ...(body !== null && { 'content-length': String(Buffer.byteLength(body)) }),
      },
      ...(isTls && { rejectUnauthorized: true, ...(isIP(host) === 0 && { servername: host }) }),
      ...(isTls && limits.ca !== undefined && { ca: limits.ca }),
    });
    const timer = setTimeout(() => finish(no('too_slow', 'it took too long to answer')), limits.timeoutMs);
    function finish(result: Result<OutboundAnswer, OutboundRefusal>): void {
      clearTimeout(timer);
      request.destroy();
      resolve(result);
    }
    request.on('error', (error) => finish(refusalOf(error)));
    request.on('response', (answer) => collect(answer, limits.answerBytesMax, finish));
    request.end(body ?? undefined);
  });
}

function collect(
  answer: IncomingMessage,
  bytesMax: number,
  finish: (result: Result<OutboundAnswer, OutboundRefusal>) => void,
): void {
  const pieces: Buffer[] = [];
  let bytes = 0;
  answer.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > bytesMax) finish(no('answer_too_large', 'its answer is too long'));
    else pieces.push(piece);
  });
  const contentType = answer.headers['content-type'] ?? null;
  answer.on('end', () => {
    finish(ok({ status: answer.statusCode ?? 0, contentType, body: Buffer.concat(pieces).toString('utf8') }));
  });
  answer.on('error', (error) => finish(refusalOf(error)));
  answer.on('aborted', () => finish(no('unreachable', 'it broke off while it answered')));
}

/** The names OpenSSL and the runtime have for what may be wrong with a certificate. */
const CERTIFICATE_CODE = /CERT|SSL|TLS|UNABLE_TO_|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH|INVALID_PURPOSE/;

function refusalOf(error: Error): Result<OutboundAnswer, OutboundRefusal> {
  const code = 'code' in error ? String(error.code) : '';
  return CERTIFICATE_CODE.test(code)
    ? no('certificate_refused', 'its certificate is not valid for this name')
    : no('unreachable', 'nobody answers at the address');
}

function isAllowed(address: string, isInternal: boolean): boolean {
  return isGlobalAddress(address) || (isInternal && isInternalAddress(address));
}

function notAllowed(): Result<never, OutboundRefusal> {
  return no(
    'address_not_allowed',
    'its host is not on the public internet; name it in `outbound.internal_hosts` if it is one of yours',
  );
}

function no(reason: OutboundReason, message: string): Result<never, OutboundRefusal> {
  return refuse({ reason, message });
}

function hostOf(url: URL): string {
  return withoutDot(url.hostname.replace(/^\[|\]$/g, ''));
}

function withoutDot(host: string): string {
  return host.replace(/\.$/, '');
}

async function resolveAll(name: string): Promise<readonly string[]> {
  const found = await lookup(name, { all: true, verbatim: true });
  return found.map(({ address }) => address);
}
