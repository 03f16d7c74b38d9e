import { Button } from '@mantine/core';
import { useState } from 'react';
import { callApi, fetchFile } from '../../../console/api/client.ts';
import { useApiChange } from '../../../console/api/queries.ts';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { confirm } from '../../../console/ui/confirm.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { DELETION_DAYS, type PersonView, personView } from '../../../src/people/contract.ts';
import { useSession } from '../../api/session.tsx';
import { useConfirmedChange } from '../../components/confirmed.tsx';
import { FormError, useErrorToast } from '../../components/form-error.tsx';
import { accountTexts } from './account-texts.ts';

/** Taking everything away, and going. */
export function DataPanel({ person }: { readonly person: PersonView }) {
  const t = useTexts(accountTexts);
  return (
    <Panel title={t('data')}>
      <ul className="facts-list">
        <li>
          <span>
            <strong>{t('export')}</strong>
            <small className="dimmed">{t('export_note')}</small>
          </span>
          <Export />
        </li>
        <li>
          <Deletion person={person} />
        </li>
      </ul>
    </Panel>
  );
}

function Export() {
  const t = useTexts(accountTexts);
  const showError = useErrorToast();
  const [running, setRunning] = useState(false);
  const save = async () => {
    setRunning(true);
    const file = await fetchFile({ path: '/portal/v1/me/export' });
    setRunning(false);
    if (!file.ok) return showError(file.refusal);
    const address = URL.createObjectURL(file.value);
    const link = Object.assign(document.createElement('a'), { href: address, download: 'candor-my-data.json' });
    link.click();
    URL.revokeObjectURL(address);
    toast('good', t('exported'));
  };
  return (
    <Button variant="default" loading={running} onClick={() => void save()}>
      {t('export')}
    </Button>
  );
}

function Deletion({ person }: { readonly person: PersonView }) {
  const t = useTexts(accountTexts);
  const formats = useFormats();
  const leaves = person.deletion_at !== null;
  return (
    <>
      <span>
        <strong>{t('leave')}</strong>
        <small className="dimmed">
          {leaves
            ? t('leaves_at', { date: formats.time(person.deletion_at) })
            : t('leave_note', { days: DELETION_DAYS })}
        </small>
      </span>
      {leaves ? <Keep /> : <Leave />}
    </>
  );
}

function Leave() {
  const t = useTexts(accountTexts);
  const { retry } = useSession();
  const undo = async () => {
    await callApi({ method: 'DELETE', path: '/portal/v1/me/deletion', answer: personView });
    retry();
  };
  const leave = useConfirmedChange(
    () => ({ method: 'POST' as const, path: '/portal/v1/me/deletion', body: {}, answer: personView }),
    {
      onDone: () => {
        retry();
        toast('warn', t('left'), { label: t('keep'), run: () => void undo() });
      },
    },
  );
  const ask = async () => {
    const sure = await confirm({
      title: t('leave_question'),
      message: t('leave_consequences', { days: DELETION_DAYS }),
      confirm: t('leave_do'),
      cancel: t('cancel'),
      grave: true,
    });
    if (sure) await leave.run(undefined);
  };
  return (
    <>
      <Button variant="default" c="var(--candor-bad)" loading={leave.running} onClick={() => void ask()}>
        {t('leave_do')}
      </Button>
      <FormError error={leave.error} />
      {leave.question}
    </>
  );
}

function Keep() {
  const t = useTexts(accountTexts);
  const { retry } = useSession();
  const showError = useErrorToast();
  const keep = useApiChange(() => ({ method: 'DELETE' as const, path: '/portal/v1/me/deletion', answer: personView }), {
    onDone: () => {
      retry();
      toast('good', t('kept'));
    },
    onError: showError,
  });
  return (
    <Button variant="default" loading={keep.running} onClick={() => void keep.run(undefined)}>
      {t('keep')}
    </Button>
  );
}
