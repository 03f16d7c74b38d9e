import type { Link, Linkage } from '../linkage.ts';

/** What one person has and colleagues, classes and neighbours do not share. */
const PERSONAL: ReadonlySet<string> = new Set(['device', 'card', 'phone', 'mail_address', 'local_root']);

/**
 * Accounts that may be the same person's, so that they share what comes after the first tranche. People of one company or
 * campus agree in network, mail domain, client and even prompts: that alone takes nothing from anybody.
 */
export function softNeighbours(accountId: string, linkage: Pick<Linkage, 'linksOf'>): string[] {
  return linkage
    .linksOf(accountId)
    .filter(isPersonal)
    .flatMap((link) => link.accounts.filter((id) => id !== accountId));
}

function isPersonal({ strength, agreements }: Link): boolean {
  return strength === 'soft' && agreements.some(({ field }) => PERSONAL.has(field));
}
