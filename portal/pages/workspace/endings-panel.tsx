import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApi } from '../../../console/api/queries.ts';
import { useTexts } from '../../../console/locales/language.tsx';
import { confirm } from '../../../console/ui/confirm.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import {
  closedView,
  memberListView,
  memberStoppedView,
  ownAccountView,
  type ReceiptView,
} from '../../../src/workspaces/contract.ts';
import { toast } from '../../../console/ui/toast.tsx';
import { ACCOUNTS_PATH, useAccount } from '../../components/account.tsx';
import { useConfirmedChange } from '../../components/confirmed.tsx';
import { focusFirst } from '../../components/focus-first.ts';
import { FormError, useErrorToast } from '../../components/form-error.tsx';
import { CutOffReceipt } from './cut-off-receipt.tsx';
import { settingsTexts } from './settings-texts.ts';

/** Handing over, leaving and closing: what does not come back by itself. */
export function EndingsPanel() {
  const t = useTexts(settingsTexts);
  const { role, closes_at: closesAt } = useAccount();
  return (
    <>
      {role === 'owner' ? (
        <Panel title={t('handover')}>
          <Handover />
        </Panel>
      ) : null}
      <Panel title={t('leave')}>
        <Leave />
      </Panel>
      {role === 'owner' && closesAt === null ? (
        <Panel title={t('close')}>
          <Close />
        </Panel>
      ) : null}
    </>
  );
}

function Handover() {
  const t = useTexts(settingsTexts);
  const { id } = useAccount();
  const [chosen, setChosen] = useState<string | null>(null);
  const path = apiPath`/portal/v1/accounts/${id}/members`;
  const members = useApi({ path, query: { limit: '500' }, answer: memberListView }).data?.data ?? [];
  const offered = members.filter(({ self, state }) => !self && state === 'active');
  const nameOf = offered.find((member) => member.id === chosen)?.name ?? '';
  const transfer = useConfirmedChange(
    (member: string) => ({
      method: 'POST' as const,
      path: apiPath`/portal/v1/accounts/${id}/transfer`,
      body: { member },
      answer: ownAccountView,
    }),
    { refresh: [ACCOUNTS_PATH], onDone: () => toast('good', t('handed', { name: nameOf })) },
  );
  const ask = async (member: string) => {
    const question = { title: t('handover_question', { name: nameOf }), message: t('handover_consequences') };
    if (await confirm({ ...question, confirm: t('hand_over'), cancel: t('cancel') })) await transfer.run(member);
  };
  return (
    <div className="page">
      <p className="dimmed form-card-note">{t('handover_note')}</p>
      <div className="row" style={{ alignItems: 'flex-end' }}>
        <Select
          label={t('new_owner')}
          placeholder={t('choose')}
          searchable
          data={offered.map(({ id: value, name, email }) => ({
            value,
            label: email === null ? name : `${name} (${email})`,
          }))}
          value={chosen}
          onChange={setChosen}
          style={{ flex: '0 1 420px' }}
        />
        <Button
          variant="default"
          disabled={chosen === null}
          loading={transfer.running}
          onClick={() => void ask(chosen ?? '')}
        >
          {t('hand_over')}
        </Button>
      </div>
      <FormError error={transfer.error} />
      {transfer.question}
    </div>
  );
}

function Leave() {
  const t = useTexts(settingsTexts);
  const { id, name } = useAccount();
  const navigate = useNavigate();
  const onError = useErrorToast();
  const leave = useConfirmedChange(
    () => ({ method: 'POST' as const, path: apiPath`/portal/v1/accounts/${id}/leave`, answer: memberStoppedView }),
    {
      refresh: [ACCOUNTS_PATH],
      onError,
      onDone: () => {
        toast('good', t('left', { name }));
        void navigate({ to: '/workspaces', search: {} as never });
      },
    },
  );
  const ask = async () => {
    const question = { title: t('leave_question', { name }), message: t('leave_note') };
    if (await confirm({ ...question, confirm: t('leave'), cancel: t('cancel'), grave: true })) {
      await leave.run(undefined);
    }
  };
  return (
    <div className="row developer-between">
      <span className="dimmed" style={{ flex: '1 1 260px' }}>
        {t('leave_note')}
      </span>
      <Button variant="default" loading={leave.running} onClick={() => void ask()}>
        {t('leave')}
      </Button>
      {leave.question}
    </div>
  );
}

function Close() {
  const t = useTexts(settingsTexts);
  const { name } = useAccount();
  const [asking, setAsking] = useState(false);
  const [receipt, setReceipt] = useState<ReceiptView | null>(null);
  return (
    <div className="row developer-between">
      <span className="dimmed" style={{ flex: '1 1 260px' }}>
        {t('close_note')}
      </span>
      <Button variant="default" c="var(--candor-bad)" onClick={() => setAsking(true)}>
        {t('close')}
      </Button>
      <Modal opened={asking} onClose={() => setAsking(false)} title={t('close_title', { name })}>
        <CloseForm
          onClosed={(closed) => {
            setAsking(false);
            setReceipt(closed);
          }}
        />
      </Modal>
      <CutOffReceipt shown={receipt && { title: t('closed', { name }), receipt }} onClose={() => setReceipt(null)} />
    </div>
  );
}

function CloseForm({ onClosed }: { readonly onClosed: (receipt: ReceiptView) => void }) {
  const t = useTexts(settingsTexts);
  const { id, name } = useAccount();
  const close = useConfirmedChange(
    (body: { readonly name: string }) => ({
      method: 'POST' as const,
      path: apiPath`/portal/v1/accounts/${id}/close`,
      body,
      answer: closedView,
    }),
    { refresh: [ACCOUNTS_PATH], onDone: ({ receipt }) => onClosed(receipt) },
  );
  const form = useForm({
    initialValues: { name: '' },
    validate: { name: (text) => (text === name ? null : t('close_differs')) },
  });
  return (
    <form className="page" noValidate onSubmit={form.onSubmit((fields) => void close.run(fields), focusFirst(form))}>
      <p className="form-card-note">{t('close_note')}</p>
      <TextInput
        label={t('close_confirm')}
        description={name}
        autoComplete="off"
        data-autofocus
        key={form.key('name')}
        {...form.getInputProps('name')}
      />
      <FormError error={close.error} />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="submit" color="danger" loading={close.running}>
          {t('close_do')}
        </Button>
      </div>
      {close.question}
    </form>
  );
}
