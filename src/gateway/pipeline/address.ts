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
    const hop = hops[at]?.trim() ?? '';
    if (isIP(hop) === 0) break;
    nearest = hop;
  }
  return nearest;
}

/** The /24 of an IPv4 address, the /48 of an IPv6 address: enough to see a network, too little to see a person. */
export function networkPrefix(address: string | null): string | null {
  if (address === null) return null;
  const plain = address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
  if (isIP(plain) === 4) return `${plain.slice(0, plain.lastIndexOf('.'))}.0/24`;
  if (isIP(plain) !== 6) return null;
  const groups = expand(plain.split('%')[0] ?? '').slice(0, 3);
  return `${groups.join(':')}::/48`;
}

function expand(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  if (tail === undefined) return before;
  const after = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  return [...before, ...zeros, ...after];
}
