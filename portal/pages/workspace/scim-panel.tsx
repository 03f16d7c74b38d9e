import { Button, Modal, TextInput } from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import { useState } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApi } from '../../../console/api/queries.ts';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { CodeBlock } from '../../../console/ui/code-block.tsx';
import { confirm } from '../../../console/ui/confirm.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { createdScimTokenView, scimTokenListView, type ScimTokenView } from '../../../src/workspaces/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { useConfirmedChange } from '../../components/confirmed.tsx';
import '../../components/developer/developer.css';
import { focusFirst } from '../../components/focus-first.ts';
import { FormError, useErrorToast } from '../../components/form-error.tsx';
import { entryTexts } from './entry-texts.ts';

/** The tokens of directories, and where a directory calls. */
export function ScimPanel() {
  const t = useTexts(entryTexts);
  const { id, role } = useAccount();
  const state = useApi({ path: apiPath`/portal/v1/accounts/${id}/scim-tokens`, answer: scimTokenListView });
  const [token, setToken] = useState<string | null>(null);
  return (
    <Panel title={t('scim')}>
      <ApiPart state={state}>
        {({ base_url: baseUrl, data }) => (
          <div className="page">
            <p className="dimmed form-card-note">{t('scim_note')}</p>
            <div>
              <p className="form-card-note" style={{ marginBottom: 6 }}>
                {t('base_url')}
              </p>
              <CodeBlock code={baseUrl} label={t('base_url')} />
            </div>
            {data.length === 0 ? <p className="form-card-note">{t('no_tokens')}</p> : null}
            <ul className="listing">
              {data.map((one) => (
                <TokenRow key={one.id} token={one} />
              ))}
            </ul>
            {role === 'owner' ? <NewToken onMade={setToken} /> : null}
          </div>
        )}
      </ApiPart>
      <TokenShown token={token} onClose={() => setToken(null)} />
    </Panel>
  );
}

function TokenRow({ token }: { readonly token: ScimTokenView }) {
  const t = useTexts(entryTexts);
  const formats = useFormats();
  const { id } = useAccount();
  const onError = useErrorToast();
  const list = apiPath`/portal/v1/accounts/${id}/scim-tokens`;
  const end = useConfirmedChange(
    () => ({ method: 'DELETE' as const, path: `${list}/${encodeURIComponent(token.id)}`, answer: scimTokenListView }),
    { refresh: [list], onError, onDone: () => toast('good', t('token_ended')) },
  );
  const ask = async () => {
    const question = { title: t('end_token_question', { name: token.name }), message: t('end_token_note') };
    if (await confirm({ ...question, confirm: t('end_token'), cancel: t('cancel'), grave: true })) {
      await end.run(undefined);
    }
  };
  const used = token.last_used_at === null ? t('never_used') : t('used', { time: formats.time(token.last_used_at) });
  return (
    <li style={{ paddingInline: 0 }}>
      <span className="listing-words">
        <strong translate="no">{token.name}</strong>
        <br />
        <small className="dimmed">
          {t('created', { date: formats.date(token.created_at) })} · {used}
        </small>
      </span>
      <Button size="compact-sm" variant="default" loading={end.running} onClick={() => void ask()}>
        {t('end_token')}
      </Button>
      {end.question}
    </li>
  );
}

function NewToken({ onMade }: { readonly onMade: (token: string) => void }) {
  const t = useTexts(entryTexts);
  const { id } = useAccount();
  const path = apiPath`/portal/v1/accounts/${id}/scim-tokens`;
  const form = useForm({ initialValues: { name: '' }, validate: { name: isNotEmpty(t('required_field')) } });
  const make = useConfirmedChange(
    (body: { readonly name: string }) => ({ method: 'POST' as const, path, body, answer: createdScimTokenView }),
    {
      refresh: [path],
      onDone: ({ token }) => {
        form.reset();
        onMade(token);
      },
    },
  );
  return (
    <form noValidate onSubmit={form.onSubmit((fields) => void make.run(fields), focusFirst(form))}>
      <div className="row" style={{ alignItems: 'flex-end' }}>
        <TextInput
          label={t('token_name')}
          placeholder="Okta"
          autoComplete="off"
          style={{ flex: '0 1 320px' }}
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
        <Button type="submit" variant="default" loading={make.running}>
          {t('new_token')}
        </Button>
      </div>
      <FormError error={make.error} />
      {make.question}
    </form>
  );
}

/** The token, the only time it is shown; a click beside the dialog does not lose it. */
function TokenShown({ token, onClose }: { readonly token: string | null; readonly onClose: () => void }) {
  const t = useTexts(entryTexts);
  return (
    <Modal
      opened={token !== null}
      onClose={onClose}
      title={t('token_made')}
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      {token === null ? null : (
        <div className="page">
          <p className="form-card-note">{t('token_made_note')}</p>
          <CodeBlock code={token} label={t('token')} />
          <div className="row" style={{ justifyContent: 'flex-end' }}>
            <Button onClick={onClose}>{t('token_saved')}</Button>
          </div>
        </div>
      )}
    </Modal>
  );
}
