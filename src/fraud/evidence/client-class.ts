/** Headers whose value tells the program, not the page it asks for or the person. */
const TELLING = ['user-agent', 'accept', 'accept-encoding', 'accept-language', 'sec-ch-ua', 'sec-ch-ua-platform'];
/** Proxies add them and caches change them. */
const PASSING = /^(x-forwarded-|forwarded$|via$|cookie$|content-length$|x-request-id$|traceparent$|cf-|x-real-ip$)/;
const HEADERS_MAX = 64;

/**
 * The class of a program: the order of its header names, what it says of itself without minor versions, and the TLS class
 * a trusted proxy passed on. Everybody with the same program of the same version is in one class: it is no identity.
 */
export function clientClassOf(
  headers: readonly (readonly [name: string, value: string])[] | null,
  tlsClass: string | null,
): string | null {
  if (headers === null && tlsClass === null) return null;
  const kept = (headers ?? [])
    .slice(0, HEADERS_MAX)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !PASSING.test(name));
  const order = kept.map(([name]) => name).join(',');
  const telling = kept
    .filter(([name]) => TELLING.includes(name))
    .map(([, value]) => value.replace(/(\d+)(?:\.\d+)+/g, '$1'))
    .join('\n');
  return `${order}\n${telling}\n${tlsClass ?? ''}`;
}
