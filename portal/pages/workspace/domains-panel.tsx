import { Button, TextInput } from '@mantine/core';
import { matches, useForm } from '@mantine/form';
import { apiPath } from '../../../console/api/client.ts';
import { useApi, useApiChange } from '../../../console/api/queries.ts';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { useTexts } from '../../../console/locales/language.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { domainListView, domainView } from '../../../src/workspaces/contract.ts';
import { useAccount } from '../../components/account.tsx';
import '../../components/developer/developer.css';
import { focusFirst } from '../../components/focus-first.ts';
import { FormError } from '../../components/form-error.tsx';
import { DomainRow } from './domain-row.tsx';
import { entryTexts } from './entry-texts.ts';

const DOMAIN = /^\s*(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}]{2,}\s*$/u;

/** The mail domains of the workspace. */
export function DomainsPanel() {
  const t = useTexts(entryTexts);
  const { id } = useAccount();
  const state = useApi({ path: apiPath`/portal/v1/accounts/${id}/domains`, answer: domainListView });
  return (
    <Panel title={t('domains')}>
      <div className="page">
        <p className="dimmed form-card-note">{t('domains_note')}</p>
        <ApiPart state={state}>
          {({ data }) =>
            data.length === 0 ? (
              <p className="form-card-note">{t('no_domains')}</p>
            ) : (
              <ul className="listing">
                {data.map((domain) => (
                  <DomainRow key={domain.id} domain={domain} />
                ))}
              </ul>
            )
          }
        </ApiPart>
        <AddDomain />
      </div>
    </Panel>
  );
}

function AddDomain() {
  const t = useTexts(entryTexts);
  const { id } = useAccount();
  const path = apiPath`/portal/v1/accounts/${id}/domains`;
  const form = useForm({ initialValues: { domain: '' }, validate: { domain: matches(DOMAIN, t('domain_bad')) } });
  const add = useApiChange(
    (body: { readonly domain: string }) => ({ method: 'POST' as const, path, body, answer: domainView }),
    {
      refresh: [path],
      onDone: ({ domain }) => {
        toast('good', t('added', { domain }));
        form.reset();
      },
    },
  );
  return (
    <form noValidate onSubmit={form.onSubmit((fields) => void add.run(fields), focusFirst(form))}>
      <div className="row" style={{ alignItems: 'flex-end' }}>
        <TextInput
          label={t('domain')}
          placeholder="example.com"
          autoComplete="off"
          spellCheck={false}
          style={{ flex: '0 1 320px' }}
          key={form.key('domain')}
          {...form.getInputProps('domain')}
        />
        <Button type="submit" variant="default" loading={add.running}>
          {t('add')}
        </Button>
      </div>
      <FormError error={add.error} />
    </form>
  );
}
