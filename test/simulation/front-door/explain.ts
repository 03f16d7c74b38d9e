/** Why figures are as they are: wrong links with their evidence, rings that were missed, people who got no answer. */
import type { Link } from '../../../src/fraud/linkage.ts';
import type { SimulatedAccount } from './account.ts';
import { isFarmed, ownerOf } from './figures/links.ts';
import type { Simulation } from './simulation.ts';

export function explain({ accounts, system }: Simulation, most: number): string {
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const wrong = wrongLinks(accounts, byId, (id) => system.linksOf(id));
  const kinds = Map.groupBy(
    wrong,
    ({ a, b, link }) => `${link.strength} ${kindOf(a)} - ${kindOf(b)}: ${familiesOf(link)}`,
  );
  const operators = system.operatorsOf(accounts.map(({ id }) => id));
  const missed = [...Map.groupBy(accounts.filter(isFarmed), ({ truth }) => truth.operator)]
    .map(([ring, members]) => ({
      ring,
      size: members.length,
      parts: new Set(members.map(({ id }) => operators.get(id) ?? id)).size,
    }))
    .filter(({ size, parts, ring }) => size - parts < 0.9 * (size - 1) && !ring.startsWith('farm_4'))
    .toSorted((one, other) => other.parts - one.parts);
  return [
    'Wrong links by kind and families of evidence:',
    ...[...kinds]
      .toSorted(([, a], [, b]) => b.length - a.length)
      .slice(0, 3 * most)
      .map(([kind, those]) => `  ${those.length} x ${kind}`),
    '',
    'Some of the hard ones:',
    ...wrong
      .filter(({ link }) => link.strength === 'hard')
      .slice(0, most)
      .map(
        ({ a, b, link }) => `  ${kindOf(a)} ${a.truth.operator} - ${kindOf(b)} ${b.truth.operator}: ${wordsOf(link)}`,
      ),
    '',
    'Rings below level 4 of which more than a tenth of the joins is missing (size, parts):',
    ...missed.slice(0, 2 * most).map(({ ring, size, parts }) => `  ${ring}: ${size}, ${parts}`),
    '',
  ].join('\n');
}

interface WrongLink {
  readonly a: SimulatedAccount;
  readonly b: SimulatedAccount;
  readonly link: Link;
}

function wrongLinks(
  accounts: readonly SimulatedAccount[],
  byId: ReadonlyMap<string, SimulatedAccount>,
  linksOf: (id: string) => readonly Link[],
): WrongLink[] {
  return accounts.flatMap((a) =>
    linksOf(a.id).flatMap((link) => {
      const b = byId.get(link.accounts[1]);
      return link.accounts[0] !== a.id || b === undefined || ownerOf(a) === ownerOf(b) ? [] : [{ a, b, link }];
    }),
  );
}

function kindOf({ truth }: SimulatedAccount): string {
  return truth.cohort;
}

function familiesOf({ agreements }: Link): string {
  return [...new Set(agreements.map(({ field }) => field))].toSorted().join(' ');
}

function wordsOf({ bits, agreements }: Link): string {
  const parts = agreements.map(({ field, bits: each, operators }) => `${field} ${each.toFixed(1)} (${operators})`);
  return `${bits.toFixed(1)} bits: ${parts.join(', ')}`;
}
