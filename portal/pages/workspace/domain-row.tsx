import { Button, Select, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApiChange } from '../../../console/api/queries.ts';
import { useLanguage, useTexts } from '../../../console/locales/language.tsx';
import { CodeBlock } from '../../../console/ui/code-block.tsx';
import { confirm } from '../../../console/ui/confirm.tsx';
import { StatusText } from '../../../console/ui/status.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { domainListView, type DomainView, domainView } from '../../../src/workspaces/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { FormError, useErrorToast } from '../../components/form-error.tsx';
import { portalTexts } from '../../components/portal-texts.ts';
import { entryTexts } from './entry-texts.ts';
import { GIVEN_ROLES } from './role-choice.tsx';
import './workspace.css';

/** One mail domain: shown to be one's own, then what becomes of people who have an address of it. */
export function DomainRow({ domain }: { readonly domain: DomainView }) {
  const t = useTexts(entryTexts);
  const isVerified = domain.state === 'verified';
  return (
    <li style={{ paddingInline: 0 }}>
      <div className="listing-words page" style={{ gap: 12 }}>
        <div className="row developer-between">
          <span className="row">
            <strong translate="no">{domain.domain}</strong>
            <StatusText status={isVerified ? 'good' : 'warn'}>{t(domain.state)}</StatusText>
          </span>
          <LetGo domain={domain} />
        </div>
        {isVerified ? <Capture domain={domain} /> : <Show domain={domain} />}
      </div>
    </li>
  );
}

function useDomainPath(domain: DomainView): { readonly list: string; readonly path: string } {
  const { id } = useAccount();
  const list = apiPath`/portal/v1/accounts/${id}/domains`;
  return { list, path: `${list}/${encodeURIComponent(domain.id)}` };
}

function LetGo({ domain }: { readonly domain: DomainView }) {
  const t = useTexts(entryTexts);
  const { id } = useAccount();
  const { path } = useDomainPath(domain);
  const onError = useErrorToast();
  const name = { domain: domain.domain };
  const remove = useApiChange(() => ({ method: 'DELETE' as const, path, answer: domainListView }), {
    refresh: [apiPath`/portal/v1/accounts/${id}`],
    onError,
    onDone: () => toast('good', t('let_gone', name)),
  });
  const ask = async () => {
    const question = { title: t('let_go_question', name), message: t('let_go_note') };
    if (await confirm({ ...question, confirm: t('let_go'), cancel: t('cancel') })) await remove.run(undefined);
  };
  return (
    <Button size="compact-sm" variant="default" loading={remove.running} onClick={() => void ask()}>
      {t('let_go')}
    </Button>
  );
}

function Capture({ domain }: { readonly domain: DomainView }) {
  const t = useTexts(entryTexts);
  const words = useTexts(portalTexts);
  const { list, path } = useDomainPath(domain);
  const onError = useErrorToast();
  const change = useApiChange(
    (body: { readonly capture?: boolean; readonly join_role?: string }) => ({
      method: 'PATCH' as const,
      path,
      body,
      answer: domainView,
    }),
    { refresh: [list], onError, onDone: () => toast('good', t('changed')) },
  );
  return (
    <div className="row" style={{ alignItems: 'flex-end' }}>
      <Switch
        label={t('capture')}
        description={t('capture_note', { domain: domain.domain })}
        checked={domain.capture}
        disabled={change.running}
        onChange={(event) => void change.run({ capture: event.currentTarget.checked })}
        style={{ flex: '1 1 320px' }}
      />
      <Select
        label={t('join_role')}
        size="xs"
        allowDeselect={false}
        data={GIVEN_ROLES.map((role) => ({ value: role, label: words(`role_${role}`) }))}
        value={domain.join_role}
        disabled={change.running}
        onChange={(role) => void change.run({ join_role: role ?? domain.join_role })}
        style={{ width: 160 }}
      />
    </div>
  );
}

function Show({ domain }: { readonly domain: DomainView }) {
  const t = useTexts(entryTexts);
  const { list, path } = useDomainPath(domain);
  const done = { refresh: [list], onDone: () => toast('good', t('found', { domain: domain.domain })) };
  const check = useApiChange(() => ({ method: 'POST' as const, path: `${path}/check`, answer: domainView }), done);
  return (
    <>
      <p className="form-card-note">{t('record_note')}</p>
      <dl className="record">
        <dt>{t('record_name')}</dt>
        <dd>
          <CodeBlock code={domain.record.name} label={t('record_name')} />
        </dd>
        <dt>{t('record_value')}</dt>
        <dd>
          <CodeBlock code={domain.record.value} label={t('record_value')} />
        </dd>
      </dl>
      <div className="row">
        <Button size="xs" loading={check.running} onClick={() => void check.run(undefined)}>
          {t('look')}
        </Button>
      </div>
      <FormError error={check.error} />
      <ByMail domain={domain} />
    </>
  );
}

function ByMail({ domain }: { readonly domain: DomainView }) {
  const t = useTexts(entryTexts);
  const { language } = useLanguage();
  const { list, path } = useDomainPath(domain);
  const [mailbox, setMailbox] = useState(domain.mailboxes[0] ?? '');
  const [code, setCode] = useState('');
  const mail = useApiChange(
    () => ({ method: 'POST' as const, path: `${path}/mail`, body: { mailbox, locale: language }, answer: domainView }),
    { onDone: () => toast('good', t('code_sent', { mailbox })) },
  );
  const confirmed = useApiChange(
    () => ({ method: 'POST' as const, path: `${path}/confirm`, body: { code }, answer: domainView }),
    { refresh: [list], onDone: () => toast('good', t('found', { domain: domain.domain })) },
  );
  return (
    <>
      <p className="form-card-note">{t('or_mail')}</p>
      <div className="row" style={{ alignItems: 'flex-end' }}>
        <Select
          label={t('mailbox')}
          size="xs"
          allowDeselect={false}
          data={domain.mailboxes}
          value={mailbox}
          onChange={(next) => setMailbox(next ?? mailbox)}
          style={{ flex: '0 1 300px' }}
        />
        <Button size="xs" variant="default" loading={mail.running} onClick={() => void mail.run(undefined)}>
          {t('send_code')}
        </Button>
        <TextInput
          label={t('code')}
          size="xs"
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          style={{ width: 150 }}
        />
        <Button
          size="xs"
          variant="default"
          disabled={code.trim() === ''}
          loading={confirmed.running}
          onClick={() => void confirmed.run(undefined)}
        >
          {t('confirm_code')}
        </Button>
      </div>
      <FormError error={confirmed.error ?? mail.error} />
    </>
  );
}
