import { Button } from '@mantine/core';
import { useMemo } from 'react';
import type { z } from 'zod';
import { type DoorSettingView, doorView } from '../../../src/people/door/contract.ts';
import { type ApiState, useApiChange } from '../../api/queries.ts';
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
import { signUpTexts } from './sign-up-texts.ts';

export type Door = z.infer<typeof doorView>;
type Change = Door['changes'][number];

const STATUS: Readonly<Record<DoorSettingView['state'], Status>> = {
  open: 'good',
  invite_only: 'warn',
  waitlist: 'warn',
  paused: 'bad',
};

const wayOf = ({ plan, region }: { plan: string | null; region: string | null }) => `${plan ?? ''}/${region ?? ''}`;

/** What was said of plans and countries. */
export function DoorSettings({ state }: { readonly state: ApiState<Door> }) {
  const t = useTexts(signUpTexts);
  const formats = useFormats();
  const mayWrite = useMay()('signup.write');
  const reset = useReset();
  const columns = useMemo<readonly Column<DoorSettingView>[]>(
    () => [
      { key: 'plan', header: t('plan'), value: (row) => row.plan ?? t('all'), width: 120 },
      { key: 'region', header: t('region'), value: (row) => row.region ?? t('all'), width: 120 },
      statusColumn({
        key: 'state',
        header: t('state'),
        status: (row) => STATUS[row.state],
        word: (row) => t(`state_${row.state}`),
        width: 150,
      }),
      longTextColumn({ key: 'reason', header: t('reason'), text: (row) => row.reason, width: 220 }),
      timeColumn(formats, { key: 'at', header: t('since'), at: (row) => row.at }),
      ...(mayWrite
        ? [
            verbColumn<DoorSettingView>(t('reset'), 120, (row) => (
              <Button size="compact-sm" variant="subtle" onClick={() => void reset(row)}>
                {t('reset')}
              </Button>
            )),
          ]
        : []),
    ],
    [t, formats, mayWrite, reset],
  );
  return (
    <Panel title={t('door')} padded={false}>
      <ApiTable
        label={t('door')}
        state={{ ...state, data: state.data?.settings }}
        columns={columns}
        rowId={wayOf}
        empty={<EmptyState title={t('door_empty')}>{t('door_empty_note')}</EmptyState>}
      />
    </Panel>
  );
}

function useReset(): (row: DoorSettingView) => Promise<void> {
  const t = useTexts(signUpTexts);
  const onError = useErrorToast();
  const { run } = useApiChange(
    ({ plan, region }: DoorSettingView) => ({
      method: 'POST',
      path: '/control/v1/sign-up/states/reset',
      body: { plan, region },
      answer: doorView,
    }),
    { refresh: ['/control/v1/sign-up'], onDone: () => toast('good', t('applied')), onError },
  );
  return async (row) => {
    const question = { title: t('reset_question'), message: t('reset_note') };
    if (await confirm({ ...question, confirm: t('reset'), cancel: t('cancel') })) await run(row);
  };
}

/** Who changed it when. */
export function DoorChanges({ state }: { readonly state: ApiState<Door> }) {
  const t = useTexts(signUpTexts);
  const formats = useFormats();
  const columns = useMemo<readonly Column<Change>[]>(
    () => [
      timeColumn(formats, { key: 'at', header: t('since'), at: (row) => row.at }),
      { key: 'plan', header: t('plan'), value: (row) => row.plan ?? t('all'), width: 110 },
      { key: 'region', header: t('region'), value: (row) => row.region ?? t('all'), width: 110 },
      { key: 'state', header: t('state'), value: (row) => t(`state_${row.state ?? 'reset'}`), width: 150 },
      longTextColumn({ key: 'reason', header: t('reason'), text: (row) => row.reason, width: 200 }),
      longTextColumn({ key: 'by', header: t('by'), text: (row) => row.by, width: 150 }),
    ],
    [t, formats],
  );
  return (
    <Panel title={t('changes')} padded={false}>
      <ApiTable
        label={t('changes')}
        state={{ ...state, data: state.data?.changes }}
        columns={columns}
        rowId={(row) => row.id}
        empty={<EmptyState title={t('changes_empty')}>{t('changes_empty_note')}</EmptyState>}
      />
    </Panel>
  );
}
