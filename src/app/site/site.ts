import { networkPrefix } from '../../base/address.ts';
import type { Random } from '../../base/random.ts';
import { isCanonicalPath } from '../../http/canonical-path.ts';
import type { Control } from '../../http/control.ts';
import { asEventStream, pathOf } from '../../runtime/listener.ts';
import type { Crowd } from './crowd.ts';
import type { SiteFile, SiteFiles } from './files.ts';
import { pagePolicy, secured } from './headers.ts';
import { createHostTests, type SitePlace } from './hosts.ts';

export interface SiteParts {
  /** What it is called in its own words: `console`. */
  readonly name: string;
  readonly place: SitePlace;
  /** The setting that lists the names it may be opened at. */
  readonly hostsSetting: string;
  /** What answers below `/<name>`. */
  readonly api: Control;
  /** Whether a path is one of the API; all others are pages and files. */
  readonly isApi: (path: string) => boolean;
  readonly files: SiteFiles;
  readonly random: Pick<Random, 'bytes'>;
  /** Who bounds how many ask the API at the same time; nobody when left out. */
  readonly crowd?: Crowd;
  /** The address a request came from; what the trail and the list of sessions tell of it is its network. */
  addressOf(request: Request, peerAddress: string | null): string | null;
}

export type SiteFetch = (request: Request, peerAddress: string | null) => Promise<Response>;

const NONCE_BYTES = 18;
const NONCE_PLACE = /__NONCE__/g;
const YEAR_S = 31_536_000;

/** A site: pages and files of a build, and the API they ask, which takes no request of a page of a stranger. */
export function createSite(parts: SiteParts): SiteFetch {
  const { name, api, isApi } = parts;
  const hosts = createHostTests(parts.place);
  return async function answer(request, peerAddress) {
    const { path } = pathOf(request.url);
    const host = request.headers.get('host');
    if (!hosts.isOurs(host)) {
      const words = `the ${name} is not served under this name; add it to ${parts.hostsSetting}`;
      return secured(refusal(400, 'host_unknown', words));
    }
    // An address of a page may end in a slash; one of the API may not, which would be another address.
    const plain = isApi(path) ? path : path.replace(/(?<=.)\/$/, '');
    if (!isCanonicalPath(plain)) return secured(refusal(400, 'path_malformed', 'this path is not written plainly'));
    if (isApi(path)) {
      const isOwnOrigin = (origin: string) => hosts.isOwnOrigin(origin, host);
      const address = parts.addressOf(request, peerAddress);
      const network = networkPrefix(address);
      const caller = { kind: 'console', networkPrefix: network, address, isOwnOrigin } as const;
      const ask = (whole: Request) => api.answer(whole, caller);
      const answered = secured(await (parts.crowd ? parts.crowd.pass(request, network, ask) : ask(request)));
      const isStream = answered.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
      return isStream ? asEventStream(answered) : answered;
    }
    return secured(page(parts, request, path));
  };
}

function page({ name, files, random }: SiteParts, request: Request, path: string): Response {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refusal(405, 'method_not_allowed', `pages are only read; the API of the ${name} is below them`);
  }
  const file = files.get(path);
  if (file !== null) return fileAnswer(file, request);
  if (isFilePath(path, request)) return refusal(404, 'path_unknown', `there is no ${path}`);
  const index = files.index();
  if (index === null) return unbuilt(name);
  const nonce = Buffer.from(random.bytes(NONCE_BYTES)).toString('base64');
  return new Response(index.replace(NONCE_PLACE, nonce), {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': pagePolicy(nonce),
    },
  });
}

/** Whether a browser asks for a page: somebody went there. */
export function isVisit(request: Request): boolean {
  return request.headers.get('accept')?.includes('text/html') === true;
}

/**
 * Whether a path that names no file was meant to: what hides, what lies where the build puts files, and what has an
 * extension, unless a person went there: ids in addresses of pages have dots as well, `gpt-5.2`.
 */
function isFilePath(path: string, request: Request): boolean {
  if (path.includes('/.') || path.startsWith('/assets/') || path === '/assets') return true;
  return !isVisit(request) && /\.[^/]*$/.test(path);
}

function fileAnswer(file: SiteFile, request: Request): Response {
  const zipped = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '') ? file.gzip : null;
  return new Response(zipped ?? file.bytes, {
    headers: {
      'content-type': file.type,
      'cache-control': file.immutable ? `public, max-age=${YEAR_S}, immutable` : 'no-cache',
      ...(file.gzip !== null && { vary: 'accept-encoding' }),
      ...(zipped !== null && { 'content-encoding': 'gzip' }),
    },
  });
}

/** The pages are made by a build step; the API works without them. */
function unbuilt(name: string): Response {
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Candor ${name}</title>
<h1>The ${name} has not been built</h1>
<p>Run <code>npm run build</code> in the folder of Candor, then load this page again.</p>
</html>
`;
  return new Response(html, {
    status: 503,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  });
}

function refusal(status: number, reason: string, message: string): Response {
  return Response.json({ error: { reason, message } }, { status, headers: { 'cache-control': 'no-store' } });
}
