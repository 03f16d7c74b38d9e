import { Button, PasswordInput, TextInput } from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import { IconFingerprint } from '@tabler/icons-react';
import { Link, useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi, useApiChange } from '../../../console/api/queries.ts';
import { useTexts } from '../../../console/locales/language.tsx';
import { StatusText } from '../../../console/ui/status.tsx';
import { sessionView, signUpDoorView } from '../../../src/people/contract.ts';
import { canUsePasskeys } from '../../api/passkey.ts';
import { useService } from '../../api/service.ts';
import { useSession } from '../../api/session.tsx';
import { Arrive } from '../../components/arrive.tsx';
import { FormCard } from '../../components/form-card.tsx';
import { focusFirst } from '../../components/focus-first.ts';
import { FormError } from '../../components/form-error.tsx';
import { Or, OtherWays } from '../../components/other-ways.tsx';
import { WayProblemNotice } from '../../components/way-problem.tsx';
import { entryTexts } from './entry-texts.ts';
import { SecondFactor } from './second-factor.tsx';
import { signInTexts } from './sign-in-texts.ts';
import { SsoForm } from './sso-form.tsx';
import { useArrival } from './use-arrival.ts';
import { usePasskeySignIn } from './use-passkey-sign-in.ts';

/** Password, passkey, another service, or the sign-in of an organisation; then the second factor where there is one. */
export function SignInPage() {
  const t = useTexts(signInTexts);
  const words = useTexts(entryTexts);
  const { session } = useSession();
  const arrival = useArrival();
  const name = useService()?.name ?? '';
  const [way, setWay] = useState<'password' | 'sso'>('password');
  if (session?.state === 'signed_in') return <Arrive at={arrival} />;
  if (session?.state === 'second_factor_needed') return <SecondFactor />;
  const below = (
    <>
      <span className="dimmed">{words('no_account')}</span>
      <Link to="/sign-up" className="link">
        {words('sign_up')}
      </Link>
    </>
  );
  return (
    <FormCard title={t('title')} note={name === '' ? undefined : t('note', { name })} below={below}>
      <Notice />
      {way === 'sso' ? (
        <SsoForm next={arrival} onBack={() => setWay('password')} />
      ) : (
        <>
          <PasswordForm />
          <Or />
          <Others onSso={() => setWay('sso')} next={arrival} />
        </>
      )}
    </FormCard>
  );
}

/** What led here, where it says so: a password was reset, another service did not let somebody in. */
function Notice() {
  const t = useTexts(signInTexts);
  const { hash } = useLocation();
  if (hash === 'reset') return <StatusText status="good">{t('reset_done')}</StatusText>;
  return <WayProblemNotice />;
}

function PasswordForm() {
  const t = useTexts(signInTexts);
  const words = useTexts(entryTexts);
  const { enter } = useSession();
  const signIn = useApiChange(
    (body: { readonly email: string; readonly password: string }) => ({
      method: 'POST' as const,
      path: '/portal/v1/session',
      body,
      answer: sessionView,
    }),
    { onDone: enter },
  );
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '', password: '' },
    validate: { email: isNotEmpty(words('required')), password: isNotEmpty(words('required')) },
  });
  return (
    <form className="page" noValidate onSubmit={form.onSubmit((values) => void signIn.run(values), focusFirst(form))}>
      <TextInput
        type="email"
        label={words('email')}
        autoComplete="username webauthn"
        inputMode="email"
        autoFocus
        key={form.key('email')}
        {...form.getInputProps('email')}
      />
      <div>
        <PasswordInput
          label={words('password')}
          autoComplete="current-password"
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <p className="form-card-note">
          <Link to="/forgot" className="link">
            {t('forgot')}
          </Link>
        </p>
      </div>
      <FormError error={signIn.error} />
      <Button type="submit" size="md" loading={signIn.running}>
        {words('sign_in')}
      </Button>
    </form>
  );
}

function Others({ onSso, next }: { readonly onSso: () => void; readonly next: string }) {
  const t = useTexts(signInTexts);
  const door = useApi({ path: '/portal/v1/sign-up', answer: signUpDoorView });
  const passkey = usePasskeySignIn();
  return (
    <div className="stack">
      {canUsePasskeys() ? (
        <Button
          variant="default"
          size="md"
          leftSection={<IconFingerprint size={18} stroke={1.7} aria-hidden />}
          loading={passkey.running}
          onClick={passkey.begin}
        >
          {t('passkey')}
        </Button>
      ) : null}
      <span className="dimmed" role="status">
        {passkey.running ? t('passkey_waits') : passkey.stopped ? t('passkey_failed') : ''}
      </span>
      <FormError error={passkey.error} />
      <OtherWays providers={door.data?.providers ?? []} carry={{ next: next === '/start' ? undefined : next }} />
      <Button variant="subtle" size="md" onClick={onSso}>
        {t('sso')}
      </Button>
    </div>
  );
}
