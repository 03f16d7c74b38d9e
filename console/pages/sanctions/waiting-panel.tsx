import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { sanctionView, waitingListView, type WaitingView } from '../../../src/enforcement/sanctions/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApi, useApiChange } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { ApiTable } from '../../components/api-table.tsx';
import { enforcementTexts } from '../../components/enforcement-texts.ts';
import { enforcementWord } from '../../components/enforcement-words.tsx';
import { useErrorToast } from '../../components/error-toast.ts';
import { UnitText } from '../../components/unit-text.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { confirm } from '../../ui/confirm.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { toast } from '../../ui/toast.tsx';
import { longTextColumn, timeColumn, verbColumn } from '../../ui/usual-columns.tsx';
import { sanctionsTexts } from './sanctions-texts.ts';

/** What one person asked for and a second one has to confirm; nothing is shown where nothing waits. */
export function WaitingPanel() {
  const t = useTexts(sanctionsTexts);
  const mayWrite = useMay()('enforcement.write');
  const state = useApi({ path: '/control/v1/enforcement/sanctions/waiting', answer: waitingListView });
  const columns = useColumns(mayWrite);
  if (state.data === undefined || state.data.data.length === 0) return null;
  return (
    <Panel title={t('waiting')} padded={false}>
      <ApiTable
        label={t('waiting')}
        state={{ ...state, data: state.data.data }}
        columns={columns}
        rowId={(row) => row.id}
        empty={<EmptyState title={t('empty')}>{t('empty_note')}</EmptyState>}
      />
    </Panel>
  );
}

function useColumns(mayWrite: boolean): readonly Column<WaitingView>[] {
  const t = useTexts(sanctionsTexts);
  const words = useTexts(enforcementTexts);
  const formats = useFormats();
  const { confirmOne, dropOne } = useVerbs();
  return useMemo(
    () => [
      {
        key: 'who',
        header: t('who'),
        value: (row) => row.unit.account_id,
        cell: (row) => <UnitText unit={row.unit} />,
        width: 150,
      },
      { key: 'step', header: t('step'), value: (row) => enforcementWord(words, 'step', row.step), width: 100 },
      {
        key: 'conduct',
        header: t('conduct'),
        value: (row) => enforcementWord(words, 'conduct', row.conduct),
        width: 160,
      },
      longTextColumn<WaitingView>({
        key: 'why',
        header: t('alternatives'),
        text: (row) => row.alternatives,
        width: 180,
      }),
      { key: 'by', header: t('waiting_by'), value: (row) => row.by, width: 120 },
      timeColumn<WaitingView>(formats, { key: 'until', header: t('waiting_until'), at: (row) => row.expires_at }),
      ...(mayWrite
        ? [
            verbColumn<WaitingView>(t('confirm'), 180, (row) => (
              <span className="row nowrap">
                <Button size="compact-sm" variant="subtle" onClick={() => void dropOne(row)}>
                  {t('withdraw')}
                </Button>
                <Button size="compact-sm" color="danger" onClick={() => void confirmOne(row)}>
                  {t('confirm')}
                </Button>
              </span>
            )),
          ]
        : []),
    ],
    [t, words, formats, mayWrite, confirmOne, dropOne],
  );
}

function useVerbs() {
  const t = useTexts(sanctionsTexts);
  const onError = useErrorToast();
  const refresh = ['/control/v1/enforcement'];
  const { run: doConfirm } = useApiChange(
    ({ id }: WaitingView) => ({
      method: 'POST',
      path: apiPath`/control/v1/enforcement/sanctions/waiting/${id}/confirm`,
      body: {},
      answer: sanctionView,
    }),
    { refresh, onError, onDone: () => toast('good', t('confirmed')) },
  );
  const { run: doDrop } = useApiChange(
    ({ id }: WaitingView) => ({
      method: 'POST',
      path: apiPath`/control/v1/enforcement/sanctions/waiting/${id}/withdraw`,
      body: {},
      answer: waitingListView,
    }),
    { refresh, onError, onDone: () => toast('good', t('withdrawn')) },
  );
  return {
    async confirmOne(row: WaitingView) {
      const question = {
        title: t('confirm_title'),
        message: t('confirm_note'),
        confirm: t('confirm'),
        cancel: t('cancel'),
      };
      if (await confirm({ ...question, grave: true })) await doConfirm(row);
    },
    dropOne: (row: WaitingView) => doDrop(row),
  };
}
