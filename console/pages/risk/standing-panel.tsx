import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { type CutOffView, stopListView, type StopView, stopView } from '../../../src/accounts/standing/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApi, useApiChange } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { ApiTable } from '../../components/api-table.tsx';
import { useErrorToast } from '../../components/error-toast.ts';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { confirm } from '../../ui/confirm.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import type { Status } from '../../ui/palette.ts';
import { Panel } from '../../ui/panel.tsx';
import { toast } from '../../ui/toast.tsx';
import { longTextColumn, statusColumn, timeColumn, verbColumn } from '../../ui/usual-columns.tsx';
import { CutOffReceipt } from './cut-off-receipt.tsx';
import { standingTexts } from './standing-texts.ts';
import { StopDialog } from './stop-dialog.tsx';

/** What was stopped of an account, and stopping more of it. */
export function StandingPanel({ accountId }: { readonly accountId: string }) {
  const t = useTexts(standingTexts);
  const mayWrite = useMay()('accounts.write');
  const [stopping, setStopping] = useState(false);
  const [receipt, setReceipt] = useState<CutOffView | null>(null);
  const state = useApi({ path: apiPath`/control/v1/accounts/${accountId}/stops`, answer: stopListView });
  const columns = useColumns(accountId, mayWrite);
  const verb = mayWrite ? (
    <Button size="compact-sm" color="danger" onClick={() => setStopping(true)}>
      {t('stop')}
    </Button>
  ) : null;
  return (
    <Panel title={t('standing')} actions={verb} padded={false}>
      <ApiTable
        label={t('standing')}
        state={{ ...state, data: state.data?.data }}
        columns={columns}
        rowId={(row) => row.id}
        empty={<EmptyState title={t('empty')}>{t('empty_note')}</EmptyState>}
      />
      <StopDialog
        opened={stopping}
        accountId={accountId}
        onClose={() => setStopping(false)}
        onStopped={(cutOff) => {
          setStopping(false);
          setReceipt(cutOff);
        }}
      />
      <CutOffReceipt cutOff={receipt} onClose={() => setReceipt(null)} />
    </Panel>
  );
}

function useColumns(accountId: string, mayWrite: boolean): readonly Column<StopView>[] {
  const t = useTexts(standingTexts);
  const formats = useFormats();
  const lift = useLift(accountId);
  return useMemo(
    () => [
      longTextColumn<StopView>({
        key: 'what',
        header: t('what'),
        text: ({ subject }) => t(`what_${subject.kind}`, { name: nameOf(subject) }),
        width: 150,
      }),
      statusColumn<StopView>({
        key: 'state',
        header: t('state'),
        status: (row) => stateOf(row)[0],
        word: (row) => t(stateOf(row)[1]),
      }),
      { key: 'cause', header: t('cause'), value: (row) => t(`cause_${row.cause}`), width: 140 },
      longTextColumn<StopView>({ key: 'reason', header: t('reason'), text: (row) => row.reason, width: 200 }),
      timeColumn<StopView>(formats, { key: 'at', header: t('since'), at: (row) => row.at }),
      timeColumn<StopView>(formats, { key: 'until', header: t('until'), at: (row) => row.until }),
      ...(mayWrite
        ? [
            verbColumn<StopView>(t('lift'), 100, (row) =>
              row.in_force ? (
                <Button size="compact-sm" variant="subtle" onClick={() => void lift(row)}>
                  {t('lift')}
                </Button>
              ) : null,
            ),
          ]
        : []),
    ],
    [t, formats, mayWrite, lift],
  );
}

function stateOf(stop: StopView): readonly [Status, 'in_force' | 'lifted' | 'over'] {
  if (stop.in_force) return ['bad', 'in_force'];
  return stop.lifted_at === null ? ['none', 'over'] : ['good', 'lifted'];
}

function nameOf(subject: StopView['subject']): string {
  switch (subject.kind) {
    case 'account':
      return '';
    case 'member':
      return subject.member;
    case 'app':
      return subject.app;
    case 'key':
      return subject.key_id;
    case 'end_user':
      return subject.end_user;
  }
}

function useLift(accountId: string): (stop: StopView) => Promise<void> {
  const t = useTexts(standingTexts);
  const onError = useErrorToast();
  const { run } = useApiChange(
    ({ id }: StopView) => ({ method: 'POST', path: apiPath`/control/v1/stops/${id}/lift`, body: {}, answer: stopView }),
    {
      refresh: [apiPath`/control/v1/accounts/${accountId}/stops`],
      onDone: () => toast('good', t('lifted_done')),
      onError,
    },
  );
  return async (stop) => {
    const question = { title: t('lift_question'), message: t('lift_note') };
    if (await confirm({ ...question, confirm: t('lift'), cancel: t('cancel') })) await run(stop);
  };
}
