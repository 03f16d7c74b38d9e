import { Button, Modal, NumberInput, Select } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMemo, useState } from 'react';
import type { z } from 'zod';
import { LET_IN_MAX, letInView, waitingListView } from '../../../src/people/door/contract.ts';
import { useApiChange, useApiPages } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { AccountLink } from '../../components/account-link.tsx';
import { ApiTable } from '../../components/api-table.tsx';
import { FormError } from '../../components/form-error.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { toast } from '../../ui/toast.tsx';
import { timeColumn } from '../../ui/usual-columns.tsx';
import type { Door } from './door-settings.tsx';
import { signUpTexts } from './sign-up-texts.ts';

type Waiting = z.infer<typeof waitingListView>['data'][number];

const HEIGHT_PX = 330;

/** Who waits, the first in line first. */
export function WaitingLine({ door }: { readonly door: Door }) {
  const t = useTexts(signUpTexts);
  const formats = useFormats();
  const mayWrite = useMay()('signup.write');
  const [letting, setLetting] = useState(false);
  const state = useApiPages({ path: '/control/v1/sign-up/waitlist', answer: waitingListView });
  const count = door.waiting.reduce((sum, one) => sum + one.count, 0);
  const columns = useMemo<readonly Column<Waiting>[]>(
    () => [
      {
        key: 'account',
        header: t('account'),
        value: (row) => row.account_id,
        cell: (row) => <AccountLink id={row.account_id} />,
        width: 180,
      },
      { key: 'plan', header: t('plan'), value: (row) => row.plan ?? t('no_plan') },
      { key: 'region', header: t('region'), value: (row) => row.region },
      {
        key: 'ahead',
        header: t('place'),
        value: (row) => row.ahead + 1,
        cell: (row) => formats.number(row.ahead + 1),
        align: 'end',
        width: 100,
      },
      timeColumn(formats, { key: 'joined', header: t('joined'), at: (row) => row.joined_at }),
    ],
    [t, formats],
  );
  const verb =
    mayWrite && count > 0 ? (
      <Button size="compact-sm" onClick={() => setLetting(true)}>
        {t('let_in')}
      </Button>
    ) : null;
  return (
    <Panel title={count === 0 ? t('line') : `${t('line')} · ${formats.number(count)}`} actions={verb} padded={false}>
      <ApiTable
        label={t('line')}
        state={state}
        columns={columns}
        rowId={(row) => row.account_id}
        heightMax={HEIGHT_PX}
        empty={<EmptyState title={t('line_empty')}>{t('line_empty_note')}</EmptyState>}
      />
      <Modal opened={letting} onClose={() => setLetting(false)} title={t('let_in')}>
        <LetInForm plans={door.plans} count={count} onDone={() => setLetting(false)} />
      </Modal>
    </Panel>
  );
}

interface LetInFormProps {
  readonly plans: readonly string[];
  /** Who wait. */
  readonly count: number;
  readonly onDone: () => void;
}

function LetInForm({ plans, count, onDone }: LetInFormProps) {
  const t = useTexts(signUpTexts);
  const form = useForm<{ count: number | string; plan: string | null }>({
    initialValues: { count: Math.min(count, 100), plan: null },
    validate: {
      count: (given) =>
        Number.isInteger(given) && Number(given) >= 1 && Number(given) <= LET_IN_MAX ? null : t('count_bad'),
    },
  });
  const letIn = useApiChange(
    () => ({
      method: 'POST',
      path: '/control/v1/sign-up/waitlist/admit',
      body: { count: Number(form.values.count), plan: form.values.plan },
      answer: letInView,
    }),
    {
      refresh: ['/control/v1/sign-up'],
      onDone: ({ admitted }) => {
        toast('good', t('let_in_done', { count: admitted }));
        onDone();
      },
    },
  );
  return (
    <form className="page" noValidate onSubmit={form.onSubmit(() => void letIn.run(undefined))}>
      <span className="dimmed">{t('let_in_note')}</span>
      <NumberInput label={t('count')} min={1} max={LET_IN_MAX} allowDecimal={false} {...form.getInputProps('count')} />
      <Select label={t('plan')} clearable placeholder={t('all')} data={[...plans]} {...form.getInputProps('plan')} />
      <FormError error={letIn.error} />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="submit" loading={letIn.running}>
          {t('let_in')}
        </Button>
      </div>
    </form>
  );
}
