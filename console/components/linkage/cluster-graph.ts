import type { ClusterPictureView, LinkView } from '../../../src/fraud/linkage/contract.ts';

/** More of them cannot be told apart on a phone. */
export const NODES_MAX = 60;

export interface GraphNode {
  readonly id: string;
  /** Null for one outside of the cluster, of which only the link is known. */
  readonly at: string | null;
  readonly sanctioned: boolean;
  readonly hard: number;
  readonly soft: number;
}

export interface Graph {
  /** The one it begins at, then those it reaches over the strongest links. */
  readonly nodes: readonly GraphNode[];
  readonly links: readonly LinkView[];
  /** Accounts that are known of and not among the nodes. */
  readonly left: number;
}

/** What of a cluster is drawn, seen from one of its accounts; also what it is linked to outside of it. */
export function graphFrom(start: string, picture: ClusterPictureView | null, own: readonly LinkView[]): Graph {
  const links = new Map<string, LinkView>();
  for (const link of [...(picture?.links ?? []), ...own]) if (link.fell === null) links.set(link.id, link);
  const known = new Map((picture?.accounts ?? []).map((account) => [account.id, account]));
  const ids = new Set([start, ...known.keys(), ...[...links.values()].flatMap(({ accounts }) => accounts)]);
  const shown = new Set(reachedFrom(start, [...links.values()], ids).slice(0, NODES_MAX));
  const drawn = [...links.values()].filter(({ accounts }) => accounts.every((id) => shown.has(id)));
  const countOf = (id: string, strength: LinkView['strength']) =>
    drawn.filter((link) => link.strength === strength && link.accounts.includes(id)).length;
  return {
    nodes: [...shown].map((id) => ({
      id,
      at: known.get(id)?.at ?? null,
      sanctioned: known.get(id)?.sanctioned ?? false,
      hard: countOf(id, 'hard'),
      soft: countOf(id, 'soft'),
    })),
    links: drawn.toSorted((a, b) => b.bits - a.bits),
    left: ids.size - shown.size + (picture?.left ?? 0),
  };
}

/** Breadth first, over strong links before weak ones; who is not reached comes last. */
function reachedFrom(start: string, links: readonly LinkView[], ids: ReadonlySet<string>): string[] {
  const neighbours = new Map<string, string[]>();
  for (const { accounts } of links.toSorted((a, b) => b.bits - a.bits)) {
    const [one, other] = accounts;
    neighbours.set(one, [...(neighbours.get(one) ?? []), other]);
    neighbours.set(other, [...(neighbours.get(other) ?? []), one]);
  }
  const reached = new Set([start]);
  for (const id of reached) for (const next of neighbours.get(id) ?? []) reached.add(next);
  return [...new Set([...reached, ...ids])];
}
