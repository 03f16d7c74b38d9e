import type { Account, IdentityProvider } from './identity-provider.ts';
import type { Answer, Browser } from './world.ts';

/** Where an answer sends the browser. */
export function locationOf(answer: Answer): string {
  return answer.headers.get('location') ?? '';
}

/** What the page somebody comes back to is told; null where all is well. */
export function problemOf(answer: Answer): string | null {
  return new URLSearchParams(locationOf(answer).split('?')[1]).get('problem');
}

/** The path and query of an address of the portal. */
export function pathOf(address: string): string {
  const { pathname, search } = new URL(address);
  return `${pathname}${search}`;
}

/** Somebody goes to the provider, says yes there and comes back. */
export async function comeBy(
  at: Browser,
  start: string,
  provider: IdentityProvider,
  account: Account,
): Promise<Answer> {
  const away = await at.ask('GET', start);
  const back = provider.consent(locationOf(away), account);
  // From another site: what holds for this site alone is not sent along.
  const cookies = [...at.jar.cookies];
  for (const name of at.jar.cookies.keys()) if (name.endsWith('candor-portal')) at.jar.cookies.delete(name);
  const answer = await at.ask('GET', pathOf(back));
  for (const [name, value] of cookies) {
    const isGone = !at.jar.cookies.has(name) && name.endsWith('candor-portal');
    if (isGone) at.jar.cookies.set(name, value);
  }
  return answer;
}
