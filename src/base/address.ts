import { isIP } from 'node:net';

/**
 * The caller's address: the socket's, or, when the socket belongs to a trusted proxy, the last address in
 * `x-forwarded-for` that is not itself a trusted proxy. Entries written by anybody else are never believed.
 */
export function callerAddress(
  peer: string | null,
  forwardedFor: string | null,
  isTrusted: (address: string) => boolean,
): string | null {
  if (peer === null || forwardedFor === null || !isTrusted(peer)) return peer;
  const hops = forwardedFor.split(',');
  let nearest = peer;
  for (let at = hops.length - 1; at >= 0 && isTrusted(nearest); at--) {
    const hop = withoutPort(hops[at]?.trim() ?? '');
    if (isIP(hop) === 0) break;
    nearest = hop;
  }
  return nearest;
}

/** Some proxies write `192.0.2.1:443` and `[2001:db8::1]:443`. */
function withoutPort(hop: string): string {
  return /^\[([^\]]*)\](?::\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop;
}

/** The /24 of an IPv4 address, the /48 of an IPv6 address: enough to see a network, too little to see a person. */
export function networkPrefix(address: string | null): string | null {
  const family = isIP(address ?? '');
  if (address === null || family === 0) return null;
  if (family === 4) return prefixOfIpv4(address);
  const groups = groupsOf(address);
  const mapped = groups.slice(0, 6).join() === '0,0,0,0,0,65535';
  if (mapped)
    return prefixOfIpv4(
      groups
        .slice(6)
        .flatMap((group) => [group >> 8, group & 255])
        .join('.'),
    );
  const prefix = groups.slice(0, 3).map((group) => group.toString(16));
  return `${prefix.join(':')}::/48`;
}

/** The address of a line: an IPv4 address itself, the /64 of an IPv6 address, in which a line changes its address at will. */
export function lineOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const prefix = groupsOf(address).slice(0, 4);
  return `${prefix.map((group) => group.toString(16)).join(':')}::/64`;
}

function prefixOfIpv4(address: string): string {
  return `${address.slice(0, address.lastIndexOf('.'))}.0/24`;
}

/** The eight 16-bit groups of a well-formed IPv6 address, whatever its spelling. */
function groupsOf(address: string): number[] {
  const plain = address.split('%')[0] ?? '';
  const [head = '', tail] = plain.replace(/\d+\.\d+\.\d+\.\d+$/, hexOfIpv4).split('::');
  const before = numbersOf(head);
  const after = numbersOf(tail ?? '');
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => 0);
  return [...before, ...zeros, ...after];
}

function numbersOf(groups: string): number[] {
  return groups === '' ? [] : groups.split(':').map((group) => Number.parseInt(group, 16));
}

function hexOfIpv4(address: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}
