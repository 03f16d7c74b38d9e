import { Button, PasswordInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTexts } from '../../../console/locales/language.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { type PersonView, sessionView } from '../../../src/people/contract.ts';
import { useSession } from '../../api/session.tsx';
import { ChoosePassword, useChosenCheck } from '../../components/choose-password.tsx';
import { useConfirmedChange } from '../../components/confirmed.tsx';
import { focusFirst } from '../../components/focus-first.ts';
import { FormError } from '../../components/form-error.tsx';
import { accountTexts } from './account-texts.ts';

/** Changes the password, or sets one where there is none. */
export function PasswordPanel({ person }: { readonly person: PersonView }) {
  const t = useTexts(accountTexts);
  const check = useChosenCheck();
  const { enter } = useSession();
  const form = useForm({
    mode: 'controlled',
    initialValues: { current: '', password: '' },
    validate: {
      current: (value) => (person.has_password && value === '' ? t('required') : null),
      password: check,
    },
  });
  const change = useConfirmedChange(
    ({ current, password }: typeof form.values) => ({
      method: 'POST' as const,
      path: '/portal/v1/password',
      body: { current_password: person.has_password ? current : null, new_password: password },
      answer: sessionView,
    }),
    {
      refresh: ['/portal/v1/sessions'],
      onDone: (session) => {
        enter(session);
        form.reset();
        toast('good', t('password_changed'));
      },
    },
  );
  return (
    <Panel title={t('password')}>
      <form className="page" noValidate onSubmit={form.onSubmit((values) => void change.run(values), focusFirst(form))}>
        <input type="text" autoComplete="username" value={person.email} readOnly hidden />
        {person.has_password ? (
          <PasswordInput
            label={t('password_current')}
            autoComplete="current-password"
            {...form.getInputProps('current')}
          />
        ) : (
          <p className="form-card-note">{t('password_none')}</p>
        )}
        <ChoosePassword
          label={t('password_new')}
          email={person.email}
          {...form.getInputProps('password')}
          value={form.values.password}
        />
        <FormError error={change.error} />
        <div>
          <Button type="submit" variant="default" loading={change.running}>
            {t(person.has_password ? 'password_change' : 'password_set')}
          </Button>
        </div>
      </form>
      {change.question}
    </Panel>
  );
}
