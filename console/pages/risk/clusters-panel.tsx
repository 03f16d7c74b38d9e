import { Checkbox, Select } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { z } from 'zod';
import { CLUSTERS_PAGE_MAX, clusterListView, type ClusterView } from '../../../src/fraud/linkage/contract.ts';
import { useApiPages } from '../../api/queries.ts';
import { ApiTable } from '../../components/api-table.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { useSearchState } from '../../components/search-state.ts';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { shortId } from '../../ui/copy-id.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { longTextColumn, timeColumn } from '../../ui/usual-columns.tsx';
import { fraudTexts } from './fraud-texts.ts';
import { GivenCredit } from './given-credit.tsx';
import { linkageTexts } from '../../components/linkage/linkage-texts.ts';
import { useLinkageWords } from '../../components/linkage/linkage-words.ts';

const FAMILIES = clusterListView.shape.data.element.shape.why.element.shape.family.options;
const SIZES = [5, 20, 100] as const;
const clusterSearch = z.object({
  q: z.string().catch(''),
  size: z.coerce.number().int().min(2).catch(2),
  family: z.enum(FAMILIES).optional().catch(undefined),
  sanctioned: z.literal('yes').optional().catch(undefined),
});
type Filter = z.output<typeof clusterSearch>;

/** Operators of several accounts, the largest first. */
export function ClustersPanel() {
  const t = useTexts(fraudTexts);
  const navigate = useNavigate();
  const [filter] = useSearchState(clusterSearch);
  const query = { limit: String(CLUSTERS_PAGE_MAX) };
  const state = useApiPages({ path: '/control/v1/fraud/clusters', query, answer: clusterListView });
  const rows = useMemo(() => state.data?.filter((cluster) => matches(cluster, filter)), [state.data, filter]);
  const columns = useColumns();
  const isEmpty = state.data?.length === 0;
  return (
    <div className="page">
      {isEmpty ? null : <ClusterFilters />}
      <Panel padded={false}>
        <ApiTable
          label={t('clusters')}
          state={{ ...state, data: rows }}
          columns={columns}
          rowId={(row) => row.operator_id}
          onOpen={({ operator_id: id }) => void navigate({ to: '/risk/clusters/$id', params: { id } })}
          empty={
            isEmpty ? (
              <EmptyState title={t('no_clusters')}>{t('no_clusters_note')}</EmptyState>
            ) : (
              <EmptyState title={t('none_found')}>{t('none_found_note')}</EmptyState>
            )
          }
        />
      </Panel>
    </div>
  );
}

function matches({ operator_id: id, accounts, sanctioned, why }: ClusterView, filter: Filter): boolean {
  if (accounts < filter.size || !id.toLowerCase().includes(filter.q.toLowerCase())) return false;
  if (filter.sanctioned === 'yes' && sanctioned === 0) return false;
  return filter.family === undefined || why.some(({ family }) => family === filter.family);
}

function ClusterFilters() {
  const t = useTexts(fraudTexts);
  const families = useTexts(linkageTexts);
  const [{ q, size, family, sanctioned }, change] = useSearchState(clusterSearch);
  return (
    <div className="row">
      <SearchField label={t('search')} value={q} onSearch={(text) => change({ q: text }, { replace: true })} />
      <Select
        aria-label={t('size')}
        placeholder={t('size_any')}
        clearable
        w={190}
        data={SIZES.map((count) => ({ value: String(count), label: t('size_of', { count }) }))}
        value={size === 2 ? null : String(size)}
        onChange={(next) => change({ size: next ?? undefined })}
      />
      <Select
        aria-label={t('family')}
        placeholder={t('family_any')}
        clearable
        w={170}
        data={FAMILIES.map((one) => ({ value: one, label: families(`family_${one}`) }))}
        value={family ?? null}
        onChange={(next) => change({ family: next ?? undefined })}
      />
      <Checkbox
        label={t('sanctioned_only')}
        checked={sanctioned === 'yes'}
        onChange={(event) => change({ sanctioned: event.currentTarget.checked ? 'yes' : undefined })}
      />
    </div>
  );
}

function useColumns(): readonly Column<ClusterView>[] {
  const t = useTexts(fraudTexts);
  const bits = useTexts(linkageTexts);
  const words = useLinkageWords();
  const formats = useFormats();
  return useMemo(
    () => [
      {
        key: 'operator',
        header: t('operator'),
        value: (row) => row.operator_id,
        cell: ({ operator_id: id }) => (
          <Link to="/risk/clusters/$id" params={{ id }} className="link mono" title={id}>
            {shortId(id)}
          </Link>
        ),
        width: 160,
      },
      countColumn('accounts', t('accounts'), formats.number),
      countColumn('sanctioned', t('sanctioned'), formats.number),
      {
        key: 'strength',
        header: t('strength'),
        align: 'end',
        value: (row) => row.bits,
        cell: (row) => bits('bits', { bits: formats.number(Math.round(row.bits * 10) / 10) }),
        width: 110,
      },
      longTextColumn({
        key: 'why',
        header: t('why'),
        text: ({ why }) => why.map(words.value).join(' · '),
        width: 300,
      }),
      {
        key: 'given',
        header: t('given'),
        align: 'end',
        sortable: false,
        value: () => null,
        cell: (row) => <GivenCredit operatorId={row.operator_id} />,
        width: 120,
      },
      timeColumn(formats, { key: 'last', header: t('last'), at: (row) => row.last_at }),
    ],
    [t, bits, words, formats],
  );
}

function countColumn(
  key: 'accounts' | 'sanctioned',
  header: string,
  format: (value: number) => string,
): Column<ClusterView> {
  return { key, header, align: 'end', value: (row) => row[key], cell: (row) => format(row[key]), width: 110 };
}
