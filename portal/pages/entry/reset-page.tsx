import { Button } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { useApiChange } from '../../../console/api/queries.ts';
import { useTexts } from '../../../console/locales/language.tsx';
import { doneView } from '../../../src/people/contract.ts';
import { useSession } from '../../api/session.tsx';
import { ChoosePassword, useChosenCheck } from '../../components/choose-password.tsx';
import { FormCard } from '../../components/form-card.tsx';
import { focusFirst } from '../../components/focus-first.ts';
import { FormError } from '../../components/form-error.tsx';
import { entryTexts } from './entry-texts.ts';
import { passwordTexts } from './password-texts.ts';

/** Sets a new password with the token behind `#` of the link. */
export function ResetPage() {
  const t = useTexts(passwordTexts);
  const token = useLocation({ select: ({ hash }) => hash });
  const below = (
    <Link to="/forgot" className="link">
      {t('ask_again')}
    </Link>
  );
  if (token === '') return <FormCard title={t('reset')} note={t('no_token')} below={below} />;
  return (
    <FormCard title={t('reset')} note={t('reset_note')} below={below}>
      <ResetForm key={token} token={token} />
    </FormCard>
  );
}

function ResetForm({ token }: { readonly token: string }) {
  const t = useTexts(passwordTexts);
  const words = useTexts(entryTexts);
  const check = useChosenCheck();
  const navigate = useNavigate();
  const { retry } = useSession();
  const reset = useApiChange(
    ({ password }: { readonly password: string }) => ({
      method: 'POST' as const,
      path: '/portal/v1/password/reset',
      body: { token, password },
      answer: doneView,
    }),
    {
      onDone: () => {
        retry();
        void navigate({ to: '/sign-in', hash: 'reset' });
      },
    },
  );
  const form = useForm({ mode: 'controlled', initialValues: { password: '' }, validate: { password: check } });
  return (
    <form className="page" noValidate onSubmit={form.onSubmit((values) => void reset.run(values), focusFirst(form))}>
      <ChoosePassword
        label={words('new_password')}
        email=""
        {...form.getInputProps('password')}
        value={form.values.password}
      />
      <FormError error={reset.error} />
      <Button type="submit" size="md" loading={reset.running}>
        {t('set')}
      </Button>
    </form>
  );
}
