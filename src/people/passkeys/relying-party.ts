import { isIP } from 'node:net';

/** Whom a passkey is for: WebAuthn Level 3, section 4, "relying party". */
export interface RelyingParty {
  /** The host name, which every passkey is bound to. */
  readonly id: string;
  /** What the browser must say of the page that asked. */
  readonly origin: string;
  /** What authenticators show. */
  readonly name: string;
}

/**
 * From the configured address, or, where there is none, from the host of the request, which the listener has checked. Null
 * where it is an address without a name: browsers know no passkeys there.
 */
export function relyingPartyOf(publicUrl: string | null, request: Request): RelyingParty | null {
  const { hostname, origin } = new URL(publicUrl ?? request.url);
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return null;
  return { id: hostname, origin, name: hostname };
}
