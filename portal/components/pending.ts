/** What this browser keeps of a sign-up on its way; in the session of the tab, so that it is gone with it. */
const EMAIL = 'candor-sign-up-email';
const NEXT = 'candor-next';

/** The address whose mail is awaited; empty when none is. */
export function pendingEmail(): string {
  return sessionStorage.getItem(EMAIL) ?? '';
}

export function keepPendingEmail(email: string): void {
  sessionStorage.setItem(EMAIL, email);
}

/** Where to go once somebody is in: an invitation that was opened before signing up. */
export function keepNext(path: string): void {
  sessionStorage.setItem(NEXT, path);
}

/** Null when nothing was begun. */
export function keptNext(): string | null {
  return sessionStorage.getItem(NEXT);
}

export function forgetNext(): void {
  sessionStorage.removeItem(NEXT);
}
