import { isIP } from 'node:net';
import { createHostTest } from '../../http/host.ts';

const THIS_MACHINE = ['localhost', '127.0.0.1', '::1'] as const;
const EVERY_INTERFACE: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** Where a site is opened, as its section of the configuration says. */
export interface SitePlace {
  /** The address it listens on. */
  readonly host: string;
  /** Scheme and host people open it at; null: where it listens. */
  readonly publicUrl: string | null;
  /** Names it may be opened at, without port, in small letters; null: the usual ones. */
  readonly allowedHosts: readonly string[] | null;
}

export interface HostTests {
  /** Whether a `Host` header names the site. */
  isOurs(host: string | null): boolean;
  /** Whether an `Origin` is the page that this `Host` serves, or the one at the public address. */
  isOwnOrigin(origin: string, host: string | null): boolean;
}

/**
 * Which names a site answers to. A page of a stranger can point a name of its own at this machine and then read
 * what is served there; it cannot do so with a name it does not own, nor with an address in digits.
 */
export function createHostTests(place: SitePlace): HostTests {
  const { publicUrl, host: bound } = place;
  const everywhere = place.allowedHosts === null && EVERY_INTERFACE.has(bound);
  const named = place.allowedHosts ?? usualHosts(bound, publicUrl);
  const isNamed = createHostTest(named);
  const isWellFormed = createHostTest(null);
  return {
    isOurs: (host) => isNamed(host) || (everywhere && isWellFormed(host) && isIP(nameOf(host ?? '')) !== 0),
    isOwnOrigin(origin, host) {
      if (publicUrl !== null && origin === publicUrl) return true;
      return host !== null && (origin === `http://${host}` || origin === `https://${host}`);
    },
  };
}

function usualHosts(bound: string, publicUrl: string | null): string[] {
  const named = publicUrl === null ? [] : [nameOf(new URL(publicUrl).host)];
  return [...THIS_MACHINE, bound.toLowerCase(), ...named];
}

/** `[::1]:8701` -> `::1`, `a.example:80` -> `a.example`. */
function nameOf(host: string): string {
  return host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}
