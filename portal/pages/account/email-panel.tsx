import { Button, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTexts } from '../../../console/locales/language.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { StatusText } from '../../../console/ui/status.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { mailAddress, type PersonView, personView } from '../../../src/people/contract.ts';
import { useSession } from '../../api/session.tsx';
import { useConfirmedChange } from '../../components/confirmed.tsx';
import { focusFirst } from '../../components/focus-first.ts';
import { FormError } from '../../components/form-error.tsx';
import { accountTexts } from './account-texts.ts';

/** The address one signs in with; a change is confirmed from both. */
export function EmailPanel({ person }: { readonly person: PersonView }) {
  const t = useTexts(accountTexts);
  const { retry } = useSession();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '' },
    validate: {
      email: (value) =>
        value.trim().toLowerCase() === person.email.toLowerCase()
          ? t('email_same')
          : mailAddress.safeParse(value).success
            ? null
            : t('email_bad'),
    },
  });
  const change = useConfirmedChange(
    (body: { readonly email: string }) => ({
      method: 'POST' as const,
      path: '/portal/v1/email',
      body,
      answer: personView,
    }),
    {
      onDone: () => {
        form.reset();
        retry();
        toast('good', t('email_sent'));
      },
    },
  );
  return (
    <Panel title={t('email')}>
      <form className="page" noValidate onSubmit={form.onSubmit((values) => void change.run(values), focusFirst(form))}>
        <p className="form-card-note wrap-anywhere">{t('email_now', { email: person.email })}</p>
        {person.email_pending === null ? null : (
          <StatusText status="warn">{t('email_pending', { email: person.email_pending })}</StatusText>
        )}
        <TextInput
          type="email"
          label={t('email_new')}
          description={t('email_note')}
          autoComplete="email"
          inputMode="email"
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <FormError error={change.error} />
        <div>
          <Button type="submit" variant="default" loading={change.running}>
            {t('email_change')}
          </Button>
        </div>
      </form>
      {change.question}
    </Panel>
  );
}
