import { Button, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useApiChange } from '../../../console/api/queries.ts';
import { useTexts } from '../../../console/locales/language.tsx';
import { mailAddress, ssoAnswerView } from '../../../src/people/contract.ts';
import { focusFirst } from '../../components/focus-first.ts';
import { FormError } from '../../components/form-error.tsx';
import { entryTexts } from './entry-texts.ts';
import { signInTexts } from './sign-in-texts.ts';

interface SsoFormProps {
  /** Where to go on once in. */
  readonly next: string;
  readonly onBack: () => void;
}

/** Asks which organisation an address belongs to, and goes to its sign-in. */
export function SsoForm({ next, onBack }: SsoFormProps) {
  const t = useTexts(signInTexts);
  const words = useTexts(entryTexts);
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '' },
    validate: { email: (value) => (mailAddress.safeParse(value).success ? null : words('bad_email')) },
  });
  const ask = useApiChange(
    ({ email }: { readonly email: string }) => ({
      method: 'POST' as const,
      path: '/portal/v1/sso',
      body: { email, ...(next === '/start' ? {} : { next }) },
      answer: ssoAnswerView,
    }),
    {
      onDone: ({ start }) => {
        if (start === null) form.setFieldError('email', t('sso_none'));
        else window.location.assign(start);
      },
    },
  );
  return (
    <form className="page" noValidate onSubmit={form.onSubmit((values) => void ask.run(values), focusFirst(form))}>
      <TextInput
        type="email"
        label={words('email')}
        description={t('sso_note')}
        autoComplete="username"
        inputMode="email"
        autoFocus
        key={form.key('email')}
        {...form.getInputProps('email')}
      />
      <FormError error={ask.error} />
      <Button type="submit" size="md" loading={ask.running}>
        {words('go_on')}
      </Button>
      <Button variant="subtle" onClick={onBack}>
        {t('by_password')}
      </Button>
    </form>
  );
}
