import { Button, Modal } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { z } from 'zod';
import { batchListView, batchView, type BatchView, type madeBatchView } from '../../../src/people/door/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApi, useApiChange } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { ApiTable } from '../../components/api-table.tsx';
import { useErrorToast } from '../../components/error-toast.ts';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { confirm } from '../../ui/confirm.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import type { Status } from '../../ui/palette.ts';
import { Panel } from '../../ui/panel.tsx';
import { longTextColumn, statusColumn, timeColumn, verbColumn } from '../../ui/usual-columns.tsx';
import { BatchForm } from './batch-form.tsx';
import { signUpTexts } from './sign-up-texts.ts';

type Made = z.infer<typeof madeBatchView>;

/** Invitations that were made, and making more. */
export function Batches({ plans }: { readonly plans: readonly string[] }) {
  const t = useTexts(signUpTexts);
  const mayWrite = useMay()('signup.write');
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<Made | null>(null);
  const state = useApi({ path: '/control/v1/sign-up/batches', answer: batchListView });
  const columns = useColumns(mayWrite);
  const verb = mayWrite ? (
    <Button size="compact-sm" onClick={() => setMaking(true)}>
      {t('make_batch')}
    </Button>
  ) : null;
  return (
    <Panel title={t('invitations')} actions={verb} padded={false}>
      <ApiTable
        label={t('invitations')}
        state={{ ...state, data: state.data?.data }}
        columns={columns}
        rowId={(row) => row.id}
        empty={<EmptyState title={t('invitations_empty')}>{t('invitations_empty_note')}</EmptyState>}
      />
      <Modal opened={making} onClose={() => setMaking(false)} title={t('make_batch')}>
        <BatchForm
          plans={plans}
          onMade={(batch) => {
            setMaking(false);
            setMade(batch);
          }}
        />
      </Modal>
      <Modal
        opened={made !== null}
        onClose={() => setMade(null)}
        title={t('codes_of', { name: made?.name ?? '' })}
        closeOnClickOutside={false}
      >
        <div className="page">
          <p style={{ margin: 0 }}>{t('codes_note')}</p>
          <CodeBlock code={made?.invitations.join('\n') ?? ''} label={t('invitations')} />
          <div className="row" style={{ justifyContent: 'flex-end' }}>
            <Button onClick={() => setMade(null)}>{t('done')}</Button>
          </div>
        </div>
      </Modal>
    </Panel>
  );
}

function useColumns(mayWrite: boolean): readonly Column<BatchView>[] {
  const t = useTexts(signUpTexts);
  const formats = useFormats();
  const revoke = useRevoke();
  return useMemo(
    () => [
      longTextColumn<BatchView>({ key: 'name', header: t('name'), text: (row) => row.name, width: 200 }),
      { key: 'plan', header: t('plan'), value: (row) => row.plan ?? t('any'), width: 110 },
      {
        key: 'uses',
        header: t('uses'),
        value: (row) => row.uses_left,
        cell: (row) =>
          t('uses_left', { left: formats.number(row.uses_left), all: formats.number(row.codes * row.uses_each) }),
        align: 'end',
        width: 120,
      },
      statusColumn<BatchView>({
        key: 'state',
        header: t('state'),
        status: (row) => stateOf(row)[0],
        word: (row) => t(stateOf(row)[1]),
      }),
      timeColumn<BatchView>(formats, { key: 'expires', header: t('expires'), at: (row) => row.expires_at }),
      timeColumn<BatchView>(formats, { key: 'made', header: t('made'), at: (row) => row.created_at }),
      ...(mayWrite
        ? [
            verbColumn<BatchView>(t('revoke'), 120, (row) =>
              stateOf(row)[1] === 'good' ? (
                <Button size="compact-sm" variant="subtle" color="danger" onClick={() => void revoke(row)}>
                  {t('revoke')}
                </Button>
              ) : null,
            ),
          ]
        : []),
    ],
    [t, formats, mayWrite, revoke],
  );
}

function stateOf(batch: BatchView): readonly [Status, 'revoked' | 'used_up' | 'expired' | 'good'] {
  if (batch.revoked_at !== null) return ['bad', 'revoked'];
  if (batch.uses_left === 0) return ['none', 'used_up'];
  return Date.parse(batch.expires_at) <= Date.now() ? ['none', 'expired'] : ['good', 'good'];
}

function useRevoke(): (batch: BatchView) => Promise<void> {
  const t = useTexts(signUpTexts);
  const onError = useErrorToast();
  const { run } = useApiChange(
    ({ id }: BatchView) => ({
      method: 'POST',
      path: apiPath`/control/v1/sign-up/batches/${id}/revoke`,
      body: {},
      answer: batchView,
    }),
    { refresh: ['/control/v1/sign-up/batches'], onError },
  );
  return async (batch) => {
    const question = { title: t('revoke_question', { name: batch.name }), message: t('revoke_note') };
    if (await confirm({ ...question, confirm: t('revoke'), cancel: t('cancel'), grave: true })) await run(batch);
  };
}
