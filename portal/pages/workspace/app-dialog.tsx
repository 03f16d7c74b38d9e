import { Button, Modal, TextInput } from '@mantine/core';
import { isNotEmpty, matches, useForm } from '@mantine/form';
import { apiPath } from '../../../console/api/client.ts';
import { useApiChange } from '../../../console/api/queries.ts';
import { useTexts } from '../../../console/locales/language.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { type AppView, appView } from '../../../src/workspaces/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { focusFirst } from '../../components/focus-first.ts';
import { FormError } from '../../components/form-error.tsx';
import { appsTexts } from './apps-texts.ts';

interface AppDialogProps {
  /** `new` for one that is not there yet; null while it is closed. */
  readonly app: AppView | 'new' | null;
  readonly onClose: () => void;
}

/** Declares an app, or gives one another name. */
export function AppDialog({ app, onClose }: AppDialogProps) {
  const t = useTexts(appsTexts);
  return (
    <Modal opened={app !== null} onClose={onClose} title={t(app === null || app === 'new' ? 'declare' : 'rename')}>
      {app === 'new' ? <DeclareForm onDone={onClose} /> : null}
      {app === null || app === 'new' ? null : <RenameForm app={app} onDone={onClose} />}
    </Modal>
  );
}

const ID = /^[a-z0-9._-]{1,64}$/;

function DeclareForm({ onDone }: { readonly onDone: () => void }) {
  const t = useTexts(appsTexts);
  const { id } = useAccount();
  const declare = useApiChange(
    (body: { readonly id: string; readonly name: string }) => ({
      method: 'POST' as const,
      path: apiPath`/portal/v1/accounts/${id}/apps`,
      body,
      answer: appView,
    }),
    {
      refresh: [apiPath`/portal/v1/accounts/${id}`],
      onDone: () => {
        toast('good', t('declared'));
        onDone();
      },
    },
  );
  const form = useForm({
    initialValues: { name: '', id: '' },
    validate: { name: isNotEmpty(t('required')), id: matches(ID, t('id_bad')) },
  });
  return (
    <form className="page" noValidate onSubmit={form.onSubmit((fields) => void declare.run(fields), focusFirst(form))}>
      <p className="dimmed form-card-note">{t('declare_note')}</p>
      <TextInput
        label={t('name')}
        autoComplete="off"
        data-autofocus
        key={form.key('name')}
        {...form.getInputProps('name')}
      />
      <TextInput
        label={t('id')}
        description={t('id_note')}
        autoComplete="off"
        spellCheck={false}
        key={form.key('id')}
        {...form.getInputProps('id')}
      />
      <FormError error={declare.error} />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="submit" loading={declare.running}>
          {t('save')}
        </Button>
      </div>
    </form>
  );
}

function RenameForm({ app, onDone }: { readonly app: AppView; readonly onDone: () => void }) {
  const t = useTexts(appsTexts);
  const { id } = useAccount();
  const rename = useApiChange(
    (body: { readonly name: string }) => ({
      method: 'PATCH' as const,
      path: apiPath`/portal/v1/accounts/${id}/apps/${app.id}`,
      body,
      answer: appView,
    }),
    {
      refresh: [apiPath`/portal/v1/accounts/${id}`],
      onDone: () => {
        toast('good', t('renamed'));
        onDone();
      },
    },
  );
  const form = useForm({ initialValues: { name: app.name }, validate: { name: isNotEmpty(t('required')) } });
  return (
    <form className="page" noValidate onSubmit={form.onSubmit((fields) => void rename.run(fields), focusFirst(form))}>
      <TextInput
        label={t('name')}
        autoComplete="off"
        data-autofocus
        key={form.key('name')}
        {...form.getInputProps('name')}
      />
      <FormError error={rename.error} />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="submit" loading={rename.running}>
          {t('save')}
        </Button>
      </div>
    </form>
  );
}
