import { Button, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useApiChange } from '../../../console/api/queries.ts';
import { useLanguage, useTexts } from '../../../console/locales/language.tsx';
import { checkMailView, mailAddress } from '../../../src/people/contract.ts';
import { FormCard } from '../../components/form-card.tsx';
import { focusFirst } from '../../components/focus-first.ts';
import { FormError } from '../../components/form-error.tsx';
import { entryTexts } from './entry-texts.ts';
import { passwordTexts } from './password-texts.ts';

/** Asks for the link that sets a new password; what it answers is the same for every address. */
export function ForgotPage() {
  const t = useTexts(passwordTexts);
  const words = useTexts(entryTexts);
  const { language } = useLanguage();
  const [asked, setAsked] = useState('');
  const forgot = useApiChange(
    ({ email }: { readonly email: string }) => ({
      method: 'POST' as const,
      path: '/portal/v1/password/forgot',
      body: { email, locale: language },
      answer: checkMailView,
    }),
    { onDone: (_answer, { email }) => setAsked(email) },
  );
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '' },
    validate: { email: (value) => (mailAddress.safeParse(value).success ? null : words('bad_email')) },
  });
  const below = (
    <Link to="/sign-in" className="link">
      {words('back_to_sign_in')}
    </Link>
  );
  if (forgot.answer !== null) {
    const note = t('sent_note', { email: asked, minutes: forgot.answer.minutes });
    return <FormCard title={t('sent')} note={note} below={below} />;
  }
  return (
    <FormCard title={t('forgot')} note={t('forgot_note')} below={below}>
      <form className="page" noValidate onSubmit={form.onSubmit((values) => void forgot.run(values), focusFirst(form))}>
        <TextInput
          type="email"
          label={words('email')}
          autoComplete="username"
          inputMode="email"
          autoFocus
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <FormError error={forgot.error} />
        <Button type="submit" size="md" loading={forgot.running}>
          {t('send')}
        </Button>
      </form>
    </FormCard>
  );
}
