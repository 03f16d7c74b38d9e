import { expect, test } from 'bun:test';
import type { LinkView } from '../../../src/fraud/linkage/contract.ts';
import { graphFrom, NODES_MAX } from './cluster-graph.ts';

const AT = '2030-01-01T00:00:00.000Z';

function link(one: string, other: string, facts: Partial<LinkView> = {}): LinkView {
  const made = { id: `lnk_${one}_${other}`, accounts: [one, other] as [string, string] };
  return { ...made, strength: 'hard', bits: 21, agreements: [], at: AT, expires_at: AT, fell: null, ...facts };
}

const account = (id: string, sanctioned = false) => ({ id, at: AT, sanctioned });

test('begins at the account itself, and marks what links outside of the cluster', () => {
  const picture = {
    operator_id: 'a',
    accounts: [account('a'), account('b', true)],
    links: [link('a', 'b')],
    left: 3,
  };
  const soft = link('b', 'c', { strength: 'soft', bits: 15 });
  const graph = graphFrom('b', picture, [link('a', 'b'), soft]);
  expect(graph.nodes.map(({ id, hard, soft }) => [id, hard, soft])).toEqual([
    ['b', 1, 1],
    ['a', 1, 0],
    ['c', 0, 1],
  ]);
  expect(graph.nodes[0]?.sanctioned).toBe(true);
  expect(graph.links).toHaveLength(2);
  expect(graph.left).toBe(3);
});

test('a link that fell is not drawn, nor whom only it led to', () => {
  const graph = graphFrom('a', null, [link('a', 'b', { fell: { at: AT, reason: 'expired' } })]);
  expect(graph.nodes.map(({ id }) => id)).toEqual(['a']);
  expect(graph.links).toEqual([]);
});

test('of a large cluster the nearest are drawn and the rest is counted', () => {
  const ids = Array.from({ length: 100 }, (_, nth) => `n${nth}`);
  const links = ids.slice(1).map((id, nth) => link(ids[nth] ?? '', id));
  const graph = graphFrom('n0', { operator_id: 'n0', accounts: ids.map((id) => account(id)), links, left: 7 }, []);
  expect(graph.nodes.map(({ id }) => id)).toEqual(ids.slice(0, NODES_MAX));
  expect(graph.links).toHaveLength(NODES_MAX - 1);
  expect(graph.left).toBe(100 - NODES_MAX + 7);
});
