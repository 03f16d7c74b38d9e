/** Pages of the portal that mails lead to. Tokens stand behind `#`, so that no log and no other site sees them. */
export interface Links {
  verify(token: string): string;
  reset(token: string): string;
  confirmEmail(token: string): string;
  signIn(): string;
  forgot(): string;
  security(): string;
  /** Any other page of the portal, by its path. */
  page(path: string): string;
}

/** `publicUrl` is null in development alone: then the links have no host. */
export function createLinks(publicUrl: string | null): Links {
  const base = publicUrl?.replace(/\/$/, '') ?? '';
  const page = (path: string) => `${base}${path}`;
  return {
    verify: (token) => page(`/verify#${token}`),
    reset: (token) => page(`/reset#${token}`),
    confirmEmail: (token) => page(`/confirm-email#${token}`),
    signIn: () => page('/sign-in'),
    forgot: () => page('/forgot'),
    security: () => page('/security'),
    page,
  };
}
