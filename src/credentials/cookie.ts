/** The cookie a session travels in: out of reach of scripts, never sent along from another site. */
export interface SessionCookie {
  /** The token a request carries; null when it carries none. */
  read(request: Request): string | null;
  /** The value of `set-cookie` that begins a session. */
  set(token: string): string;
  /** The value of `set-cookie` that forgets it. */
  clear(): string;
}

/**
 * The browser holds a `__Host-` cookie to https, this host and no domain (RFC 6265bis, 4.1.3.2). `plainName` without
 * `secure`: two services of one host need two, because cookies know no port. `Lax` for what must be there when another
 * site sends the browser back.
 */
export function createSessionCookie(
  plainName: string,
  secure: boolean,
  maxAgeMs: number,
  sameSite: 'Strict' | 'Lax' = 'Strict',
): SessionCookie {
  const name = secure ? `__Host-${plainName}` : plainName;
  const marks = `Path=/; HttpOnly; SameSite=${sameSite}${secure ? '; Secure' : ''}`;
  return {
    read(request) {
      const values = (request.headers.get('cookie') ?? '')
        .split(';')
        .map((part) => part.trim())
        .filter((part) => part.startsWith(`${name}=`));
      // Two of one name: one of them was planted by somebody, and there is no telling which.
      return values.length === 1 ? (values[0]?.slice(name.length + 1) ?? null) : null;
    },
    set: (token) => `${name}=${token}; Max-Age=${Math.floor(maxAgeMs / 1000)}; ${marks}`,
    clear: () => `${name}=; Max-Age=0; ${marks}`,
  };
}
