import { Button, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useApiChange } from '../../../console/api/queries.ts';
import { LANGUAGE_NAMES } from '../../../console/locales/define-texts.ts';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { CopyId } from '../../../console/ui/copy-id.tsx';
import { KeyValues } from '../../../console/ui/key-values.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import {
  LOCALES,
  NAME_CHARS_MAX,
  type Locale,
  type PersonView,
  personName,
  personView,
} from '../../../src/people/contract.ts';
import { useSession } from '../../api/session.tsx';
import { ACCOUNTS_PATH } from '../../components/account.tsx';
import { focusFirst } from '../../components/focus-first.ts';
import { FormError } from '../../components/form-error.tsx';
import { accountTexts } from './account-texts.ts';

/** Name and the language mails are written in. */
export function PersonPanel({ person }: { readonly person: PersonView }) {
  const t = useTexts(accountTexts);
  const formats = useFormats();
  const { retry } = useSession();
  const change = useApiChange(
    (body: { readonly name: string; readonly locale: Locale }) => ({
      method: 'PATCH' as const,
      path: '/portal/v1/me',
      body,
      answer: personView,
    }),
    {
      refresh: [ACCOUNTS_PATH],
      onDone: () => {
        retry();
        toast('good', t('saved'));
      },
    },
  );
  const form = useForm({
    mode: 'controlled',
    initialValues: { name: person.name, locale: person.locale },
    validate: {
      name: (value) => (personName.safeParse(value).success ? null : t('bad_name', { max: NAME_CHARS_MAX })),
    },
  });
  return (
    <Panel title={t('you')}>
      <form className="page" noValidate onSubmit={form.onSubmit((values) => void change.run(values), focusFirst(form))}>
        <TextInput label={t('name')} autoComplete="name" maxLength={NAME_CHARS_MAX} {...form.getInputProps('name')} />
        <Select
          label={t('language')}
          data={LOCALES.map((locale) => ({ value: locale, label: LANGUAGE_NAMES[locale] }))}
          allowDeselect={false}
          {...form.getInputProps('locale')}
        />
        <KeyValues
          items={[
            [t('since'), formats.date(person.created_at)],
            [t('id'), <CopyId key="id" id={person.id} />],
          ]}
        />
        <FormError error={change.error} />
        <div>
          <Button type="submit" variant="default" loading={change.running}>
            {t('save')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
