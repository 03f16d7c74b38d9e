import { Button, PasswordInput, Select, Switch, TextInput } from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import { apiPath } from '../../../console/api/client.ts';
import { useApi } from '../../../console/api/queries.ts';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { useTexts } from '../../../console/locales/language.tsx';
import { CodeBlock } from '../../../console/ui/code-block.tsx';
import { confirm } from '../../../console/ui/confirm.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { type SsoView, ssoView } from '../../../src/workspaces/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { useConfirmedChange } from '../../components/confirmed.tsx';
import { focusFirst } from '../../components/focus-first.ts';
import { FormError, useErrorToast } from '../../components/form-error.tsx';
import { portalTexts } from '../../components/portal-texts.ts';
import { entryTexts } from './entry-texts.ts';
import { GIVEN_ROLES, type GivenRole } from './role-choice.tsx';

/** Single sign-on of the workspace. */
export function SsoPanel() {
  const t = useTexts(entryTexts);
  const { id } = useAccount();
  const state = useApi({ path: apiPath`/portal/v1/accounts/${id}/sso`, answer: ssoView });
  return (
    <Panel title={t('sso')}>
      <ApiPart state={state}>{(sso) => <SsoForm key={sso.changed_at ?? 'none'} sso={sso} />}</ApiPart>
    </Panel>
  );
}

interface SsoFields {
  issuer: string;
  client_id: string;
  client_secret: string;
  required: boolean;
  join_role: GivenRole;
}

function useSsoForm(sso: SsoView) {
  const t = useTexts(entryTexts);
  return useForm<SsoFields>({
    initialValues: {
      issuer: sso.issuer ?? '',
      client_id: sso.client_id ?? '',
      client_secret: '',
      required: sso.required,
      join_role: sso.join_role,
    },
    validate: {
      issuer: isNotEmpty(t('required_field')),
      client_id: isNotEmpty(t('required_field')),
      client_secret: (secret) => (secret === '' && !sso.configured ? t('required_field') : null),
    },
  });
}

function SsoForm({ sso }: { readonly sso: SsoView }) {
  const t = useTexts(entryTexts);
  const { id } = useAccount();
  const path = apiPath`/portal/v1/accounts/${id}/sso`;
  const save = useConfirmedChange(
    ({ client_secret: secret, ...rest }: SsoFields) => ({
      method: 'PUT' as const,
      path,
      body: { ...rest, ...(secret !== '' && { client_secret: secret }) },
      answer: ssoView,
    }),
    { refresh: [path], onDone: () => toast('good', t('changed')) },
  );
  const form = useSsoForm(sso);
  const field = (name: 'issuer' | 'client_id' | 'client_secret') => ({
    label: t(name),
    autoComplete: 'off',
    style: { flex: '1 1 260px' },
    key: form.key(name),
    ...form.getInputProps(name),
  });
  return (
    <form className="page" noValidate onSubmit={form.onSubmit((fields) => void save.run(fields), focusFirst(form))}>
      <p className="dimmed form-card-note">{t('sso_note')}</p>
      <div>
        <p className="form-card-note" style={{ marginBottom: 6 }}>
          {t('redirect')}
        </p>
        <CodeBlock code={sso.redirect_url} label={t('redirect')} />
      </div>
      <div className="row" style={{ alignItems: 'flex-start' }}>
        <TextInput
          {...field('issuer')}
          key={form.key('issuer')}
          placeholder="https://login.example.com"
          spellCheck={false}
        />
        <TextInput {...field('client_id')} key={form.key('client_id')} spellCheck={false} />
        <PasswordInput
          {...field('client_secret')}
          key={form.key('client_secret')}
          placeholder={sso.configured ? t('secret_kept') : ''}
        />
      </div>
      <Whom form={form} />
      <FormError error={save.error} />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        {sso.configured ? <RemoveSso path={path} /> : null}
        <Button type="submit" loading={save.running}>
          {t('save')}
        </Button>
      </div>
      {save.question}
    </form>
  );
}

/** Who must come this way, and what those who come first may do. */
function Whom({ form }: { readonly form: ReturnType<typeof useSsoForm> }) {
  const t = useTexts(entryTexts);
  const words = useTexts(portalTexts);
  return (
    <div className="row" style={{ alignItems: 'flex-end' }}>
      <Switch
        label={t('required')}
        description={t('required_note')}
        style={{ flex: '1 1 320px' }}
        {...form.getInputProps('required', { type: 'checkbox' })}
      />
      <Select
        label={t('join_role')}
        size="xs"
        allowDeselect={false}
        data={GIVEN_ROLES.map((role) => ({ value: role, label: words(`role_${role}`) }))}
        style={{ width: 160 }}
        {...form.getInputProps('join_role')}
      />
    </div>
  );
}

function RemoveSso({ path }: { readonly path: string }) {
  const t = useTexts(entryTexts);
  const onError = useErrorToast();
  const remove = useConfirmedChange(() => ({ method: 'DELETE' as const, path, answer: ssoView }), {
    refresh: [path],
    onError,
    onDone: () => toast('good', t('sso_removed')),
  });
  const ask = async () => {
    const question = { title: t('remove_sso_question'), message: t('remove_sso_note') };
    if (await confirm({ ...question, confirm: t('remove_sso'), cancel: t('cancel'), grave: true })) {
      await remove.run(undefined);
    }
  };
  return (
    <>
      <Button variant="default" loading={remove.running} onClick={() => void ask()}>
        {t('remove_sso')}
      </Button>
      {remove.question}
    </>
  );
}
