import { Alert, Button, TextInput } from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import { apiPath } from '../../../console/api/client.ts';
import { useApiChange } from '../../../console/api/queries.ts';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { StatusIcon } from '../../../console/ui/status.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { ownAccountView } from '../../../src/workspaces/contract.ts';
import { ACCOUNTS_PATH, useAccount, useMay } from '../../components/account.tsx';
import '../../components/developer/developer.css';
import { focusFirst } from '../../components/focus-first.ts';
import { FormError, useErrorToast } from '../../components/form-error.tsx';
import { EndingsPanel } from './endings-panel.tsx';
import { settingsTexts } from './settings-texts.ts';

/** Name, ownership and end of a workspace. */
export function SettingsPage() {
  const t = useTexts(settingsTexts);
  const account = useAccount();
  const may = useMay();
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      {account.closes_at === null ? null : <Closing />}
      {may('own.account.write') ? <NamePanel key={account.name} /> : null}
      <EndingsPanel />
    </div>
  );
}

function Closing() {
  const t = useTexts(settingsTexts);
  const formats = useFormats();
  const { id, role, closes_at: closesAt } = useAccount();
  const onError = useErrorToast();
  const reopen = useApiChange(
    () => ({ method: 'DELETE' as const, path: apiPath`/portal/v1/accounts/${id}/close`, answer: ownAccountView }),
    { refresh: [ACCOUNTS_PATH], onError, onDone: () => toast('good', t('reopened')) },
  );
  return (
    <Alert
      role="status"
      variant="outline"
      color="var(--candor-warn)"
      icon={<StatusIcon status="warn" size={18} />}
      title={t('closing')}
    >
      <div className="row developer-between">
        <span>{t('closing_note', { date: formats.date(closesAt) })}</span>
        {role === 'owner' ? (
          <Button variant="default" loading={reopen.running} onClick={() => void reopen.run(undefined)}>
            {t('reopen')}
          </Button>
        ) : null}
      </div>
    </Alert>
  );
}

function NamePanel() {
  const t = useTexts(settingsTexts);
  const { id, name } = useAccount();
  const form = useForm({ initialValues: { name }, validate: { name: isNotEmpty(t('required')) } });
  const rename = useApiChange(
    (body: { readonly name: string }) => ({
      method: 'PATCH' as const,
      path: apiPath`/portal/v1/accounts/${id}`,
      body,
      answer: ownAccountView,
    }),
    { refresh: [ACCOUNTS_PATH], onDone: () => toast('good', t('renamed')) },
  );
  return (
    <Panel title={t('name')}>
      <form noValidate onSubmit={form.onSubmit((fields) => void rename.run(fields), focusFirst(form))}>
        <div className="row" style={{ alignItems: 'flex-start' }}>
          <TextInput
            aria-label={t('name')}
            autoComplete="off"
            maxLength={128}
            style={{ flex: '0 1 420px' }}
            key={form.key('name')}
            {...form.getInputProps('name')}
          />
          <Button type="submit" variant="default" loading={rename.running}>
            {t('save')}
          </Button>
        </div>
        <FormError error={rename.error} />
      </form>
    </Panel>
  );
}
