import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { LinkView } from '../../../src/fraud/linkage/contract.ts';
import { AccountLink } from '../account-link.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { NetworkChart, type NetworkEdge, type NetworkNode, NetworkSign } from '../../ui/chart/network-chart.tsx';
import { shortId } from '../../ui/copy-id.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { longTextColumn, timeColumn } from '../../ui/usual-columns.tsx';
import type { Graph, GraphNode } from './cluster-graph.ts';
import { linkageTexts } from './linkage-texts.ts';
import { useLinkageWords } from './linkage-words.ts';

/** Ids of one hour begin alike. */
const LABEL_CHARS = 5;

interface ClusterPictureProps {
  readonly graph: Graph;
  /** The account the page is about; null on the page of a cluster. */
  readonly self: string | null;
}

/** Accounts and the links between them, drawn; the same links as a table. */
export function ClusterPicture({ graph, self }: ClusterPictureProps) {
  const t = useTexts(linkageTexts);
  const navigate = useNavigate();
  const { nodes, edges } = useDrawn(graph, self);
  const columns = useColumns();
  const twin = { columns, rows: graph.links, rowId: (link: LinkView) => link.id };
  return (
    <NetworkChart
      title={t('picture')}
      description={`${t('picture')}. ${t('picture_of', { accounts: nodes.length, links: edges.length })}`}
      nodes={nodes}
      edges={edges}
      twin={twin}
      onPick={(id) => void navigate({ to: '/accounts/$id/risk', params: { id } })}
      legend={
        <>
          {self === null ? null : <NetworkSign sign="marked">{t('sign_self')}</NetworkSign>}
          <NetworkSign sign="plain">{t('sign_account')}</NetworkSign>
          <NetworkSign sign="warned">{t('sign_sanctioned')}</NetworkSign>
          <NetworkSign sign="firm">{t('hard')}</NetworkSign>
          <NetworkSign sign="loose">{t('soft')}</NetworkSign>
          {graph.left === 0 ? null : <strong>{t('left', { count: graph.left })}</strong>}
        </>
      }
    />
  );
}

function useDrawn(graph: Graph, self: string | null): { nodes: readonly NetworkNode[]; edges: readonly NetworkEdge[] } {
  const t = useTexts(linkageTexts);
  const formats = useFormats();
  const words = useLinkageWords();
  return useMemo(() => {
    const describe = ({ id, at, sanctioned, hard, soft }: GraphNode) =>
      [
        t('node', { id: shortId(id), hard, soft }),
        ...(id === self ? [t('node_self')] : []),
        ...(sanctioned ? [t('node_sanctioned')] : []),
        ...(at === null ? [] : [t('node_at', { time: formats.time(at) })]),
      ].join(' ');
    const nodes = graph.nodes.map((node) => ({
      id: node.id,
      label: node.id.slice(-LABEL_CHARS),
      description: describe(node),
      warned: node.sanctioned,
      marked: node.id === self,
    }));
    const edges = graph.links.map(({ id, accounts, strength, bits, agreements }) => ({
      id,
      from: accounts[0],
      to: accounts[1],
      firm: strength === 'hard',
      description: [t(strength), t('bits', { bits: formats.number(bits) }), ...agreements.map(words.agrees)].join(
        ' · ',
      ),
    }));
    return { nodes, edges };
  }, [graph, self, t, formats, words]);
}

function useColumns(): readonly Column<LinkView>[] {
  const t = useTexts(linkageTexts);
  const formats = useFormats();
  const words = useLinkageWords();
  return useMemo(
    () => [
      accountColumn('from', t('from'), (link) => link.accounts[0]),
      accountColumn('to', t('to'), (link) => link.accounts[1]),
      { key: 'strength', header: t('strength'), value: (link) => t(link.strength), width: 100 },
      {
        key: 'bits',
        header: t('head_bits'),
        align: 'end',
        value: (link) => link.bits,
        cell: (link) => formats.number(link.bits),
        width: 80,
      },
      longTextColumn({
        key: 'why',
        header: t('why'),
        text: (link) => link.agreements.map(words.agrees).join(' · '),
        width: 320,
      }),
      timeColumn(formats, { key: 'since', header: t('since'), at: (link) => link.at }),
    ],
    [t, formats, words],
  );
}

function accountColumn(key: string, header: string, of: (link: LinkView) => string): Column<LinkView> {
  return { key, header, value: of, cell: (link) => <AccountLink id={of(link)} />, width: 150 };
}
