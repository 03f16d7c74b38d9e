import { Button, TextInput } from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import { apiPath } from '../../../console/api/client.ts';
import { useApi, useApiChange } from '../../../console/api/queries.ts';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { joinableListView, ownAccountView } from '../../../src/workspaces/contract.ts';
import { ACCOUNTS_PATH, type OwnAccount, useAccounts } from '../../components/account.tsx';
import '../../components/developer/developer.css';
import { focusFirst } from '../../components/focus-first.ts';
import { FormError, useErrorToast } from '../../components/form-error.tsx';
import { portalTexts } from '../../components/portal-texts.ts';
import { settingsTexts } from './settings-texts.ts';

/** The accounts somebody belongs to, and how to come into more. */
export function WorkspacesPage() {
  const t = useTexts(settingsTexts);
  const { all } = useAccounts();
  return (
    <div className="page">
      <PageHeader title={t('list_title')} note={t('list_note')} />
      <Joinable />
      <Panel padded={false}>
        <ul className="listing">
          {all.map((account) => (
            <AccountRow key={account.id} account={account} />
          ))}
        </ul>
      </Panel>
      <Panel title={t('create')}>
        <Create />
      </Panel>
    </div>
  );
}

function AccountRow({ account }: { readonly account: OwnAccount }) {
  const t = useTexts(settingsTexts);
  const accounts = useAccounts();
  const isHere = accounts.account.id === account.id;
  return (
    <li>
      <span className="listing-words">
        <strong translate="no">{account.name}</strong>
        <br />
        <small className="dimmed">
          <AccountNote account={account} />
        </small>
      </span>
      {isHere ? (
        <span className="dimmed">{t('here')}</span>
      ) : (
        <Button
          size="compact-sm"
          variant="default"
          disabled={account.stopped !== null}
          onClick={() => accounts.choose(account.id)}
        >
          {t('open')}
        </Button>
      )}
    </li>
  );
}

function AccountNote({ account }: { readonly account: OwnAccount }) {
  const t = useTexts(settingsTexts);
  const words = useTexts(portalTexts);
  const formats = useFormats();
  const { kind, role, stopped, closes_at: closesAt } = account;
  if (stopped !== null) return t('stopped', { reason: stopped.reason });
  if (kind === 'person') return t('personal');
  const mine = t('you_are', { role: words(`role_${role}`) });
  return closesAt === null ? mine : `${mine} · ${t('is_closing', { date: formats.date(closesAt) })}`;
}

function Joinable() {
  const t = useTexts(settingsTexts);
  const offered = useApi({ path: '/portal/v1/joinable', answer: joinableListView }).data?.data ?? [];
  const onError = useErrorToast();
  const join = useApiChange(
    (id: string) => ({ method: 'POST' as const, path: apiPath`/portal/v1/joinable/${id}`, answer: ownAccountView }),
    {
      refresh: [ACCOUNTS_PATH, '/portal/v1/joinable'],
      onError,
      onDone: ({ name }) => toast('good', t('joined', { name })),
    },
  );
  if (offered.length === 0) return null;
  return (
    <Panel title={t('join_title')} padded={false}>
      <ul className="listing">
        {offered.map((one) => (
          <li key={one.id}>
            <span className="listing-words">
              {t('join_note', { name: one.name })}
              {one.sso_required ? ` ${t('join_sso')}` : null}
            </span>
            {one.sso_required ? null : (
              <Button size="compact-sm" loading={join.running} onClick={() => void join.run(one.id)}>
                {t('join')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Create() {
  const t = useTexts(settingsTexts);
  const form = useForm({ initialValues: { name: '' }, validate: { name: isNotEmpty(t('required')) } });
  const create = useApiChange(
    (body: { readonly name: string }) => ({
      method: 'POST' as const,
      path: '/portal/v1/workspaces',
      body,
      answer: ownAccountView,
    }),
    {
      refresh: [ACCOUNTS_PATH],
      onDone: ({ name }) => {
        toast('good', t('created', { name }));
        form.reset();
      },
    },
  );
  return (
    <form noValidate onSubmit={form.onSubmit((fields) => void create.run(fields), focusFirst(form))}>
      <p className="dimmed form-card-note" style={{ marginBottom: 10 }}>
        {t('create_note')}
      </p>
      <div className="row" style={{ alignItems: 'flex-start' }}>
        <TextInput
          aria-label={t('name')}
          placeholder={t('name')}
          autoComplete="organization"
          maxLength={128}
          style={{ flex: '0 1 420px' }}
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
        <Button type="submit" loading={create.running}>
          {t('create_do')}
        </Button>
      </div>
      <FormError error={create.error} />
    </form>
  );
}
