import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApiPages } from '../../../console/api/queries.ts';
import { ApiTable } from '../../../console/components/api-table.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { CopyId } from '../../../console/ui/copy-id.tsx';
import type { Column } from '../../../console/ui/data-table/column.ts';
import { EmptyState } from '../../../console/ui/empty-state.tsx';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { longTextColumn, timeColumn } from '../../../console/ui/usual-columns.tsx';
import { ACCESSES_PAGE_MAX, type OwnAccessListView, ownAccessListView } from '../../../src/portal/redress/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { accessesTexts } from './accesses-texts.ts';

type Access = OwnAccessListView['data'][number];

/** When staff read what this account wrote, in which role and why. */
export function AccessesPage() {
  const t = useTexts(accessesTexts);
  const { id } = useAccount();
  const state = useApiPages({
    path: apiPath`/portal/v1/accounts/${id}/accesses`,
    query: { limit: ACCESSES_PAGE_MAX },
    answer: ownAccessListView,
  });
  const columns = useColumns();
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')}>
        <Link to="/standing" className="link">
          {t('back')}
        </Link>
      </PageHeader>
      <Panel padded={false}>
        <ApiTable
          label={t('title')}
          state={state}
          columns={columns}
          rowId={(row) => row.id}
          empty={<EmptyState title={t('empty')}>{t('empty_note')}</EmptyState>}
        />
      </Panel>
    </div>
  );
}

function useColumns(): readonly Column<Access>[] {
  const t = useTexts(accessesTexts);
  const formats = useFormats();
  return useMemo(
    () => [
      timeColumn<Access>(formats, { key: 'at', header: t('col_at'), at: (row) => row.at, width: 190 }),
      longTextColumn<Access>({
        key: 'role',
        header: t('col_role'),
        text: (row) => t(`role_${row.role ?? 'none'}`),
        width: 220,
      }),
      longTextColumn<Access>({ key: 'reason', header: t('col_reason'), text: (row) => row.reason, width: 340 }),
      {
        key: 'request',
        header: t('col_request'),
        value: (row) => row.request_id,
        cell: (row) => <CopyId id={row.request_id} />,
        buttons: true,
        width: 200,
      },
    ],
    [t, formats],
  );
}
