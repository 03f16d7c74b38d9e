const HOST = /^(?:[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** A test of the `Host` header: one well-formed host, and one of `allowed` where those are listed. */
export function createHostTest(allowed: readonly string[] | null): (host: string | null) => boolean {
  const names = allowed && new Set(allowed.map((name) => name.toLowerCase()));
  return function hostIsOurs(host) {
    if (host === null || !HOST.test(host)) return false;
    return names === null || names.has(host.toLowerCase().replace(/:\d+$/, ''));
  };
}
