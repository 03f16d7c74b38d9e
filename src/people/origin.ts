import type { Context } from 'hono';
import type { ControlVariables } from '../http/control-api.ts';
import { clientOf } from './client.ts';
import type { Cookies } from './cookies.ts';
import type { SignUpFacts } from './seams.ts';
import type { Origin } from './sessions.ts';

export type PortalContext = Context<{ Variables: ControlVariables }>;

export function originOf(context: PortalContext, cookies: Cookies): Origin {
  return {
    networkPrefix: context.get('networkPrefix') ?? null,
    client: clientOf(context.req.header('user-agent') ?? null),
    heldToken: cookies.session.read(context.req.raw),
  };
}

/** Secrets of whoever asks tell nothing of who they are that the rest does not. */
const SECRET_HEADERS: ReadonlySet<string> = new Set(['cookie', 'authorization', 'x-candor-csrf', 'x-api-key']);
const HEADERS_MAX = 64;
const HEADER_CHARS_MAX = 512;

export function factsOf(
  context: PortalContext,
  cookies: Cookies,
  sent: { readonly email: string; readonly formMs: number | null; readonly atMs: number },
): SignUpFacts {
  const headers = [...context.req.raw.headers]
    .filter(([name]) => !SECRET_HEADERS.has(name.toLowerCase()))
    .slice(0, HEADERS_MAX)
    .map(([name, value]) => [name, value.slice(0, HEADER_CHARS_MAX)] as const);
  const ip = context.get('address') ?? null;
  return { ...sent, ip, headers, tlsClass: null, device: cookies.device.read(context.req.raw) };
}
