import { Button, Loader, PasswordInput } from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useApiChange } from '../../../console/api/queries.ts';
import { useTexts } from '../../../console/locales/language.tsx';
import { sessionView } from '../../../src/people/contract.ts';
import { useSession } from '../../api/session.tsx';
import { Arrive } from '../../components/arrive.tsx';
import { FormCard } from '../../components/form-card.tsx';
import { FormError } from '../../components/form-error.tsx';
import { entryTexts } from './entry-texts.ts';
import { mailTexts } from './mail-texts.ts';
import { FIRST_PAGE, useArrival } from './use-arrival.ts';

/** The link of the mail that a sign-up sent; its token stands behind `#`. It is used once the page is open. */
export function VerifyPage() {
  const t = useTexts(mailTexts);
  const token = useLocation({ select: ({ hash }) => hash });
  const { session, enter } = useSession();
  const arrival = useArrival(FIRST_PAGE);
  const verify = useApiChange(
    (body: { readonly token: string; readonly password?: string }) => ({
      method: 'POST' as const,
      path: '/portal/v1/sign-up/verify',
      body,
      answer: sessionView,
    }),
    { onDone: enter },
  );
  const { run } = verify;
  const begun = useRef('');
  useEffect(() => {
    if (token === '' || begun.current === token) return;
    begun.current = token;
    void run({ token });
  }, [token, run]);
  if (session?.state === 'signed_in') return <Arrive at={arrival} />;
  const below = (
    <Link to="/sign-up" className="link">
      {t('again')}
    </Link>
  );
  if (token === '') return <FormCard title={t('verify')} note={t('no_token')} below={below} />;
  if (verify.error?.reason === 'password_needed') {
    return (
      <FormCard title={t('verify')} note={t('verify_password')} below={below}>
        <PasswordStep token={token} />
      </FormCard>
    );
  }
  return (
    <FormCard title={t('verify')} below={below}>
      {verify.error === null ? (
        <div className="row" role="status">
          <Loader size="sm" aria-hidden /> {t('verify_working')}
        </div>
      ) : (
        <FormError error={verify.error} />
      )}
    </FormCard>
  );
}

function PasswordStep({ token }: { readonly token: string }) {
  const t = useTexts(mailTexts);
  const words = useTexts(entryTexts);
  const { enter } = useSession();
  const [password, setPassword] = useState('');
  const verify = useApiChange(
    (typed: string) => ({
      method: 'POST' as const,
      path: '/portal/v1/sign-up/verify',
      body: { token, password: typed },
      answer: sessionView,
    }),
    { onDone: enter },
  );
  return (
    <form
      className="page"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void verify.run(password);
      }}
    >
      <PasswordInput
        label={words('password')}
        autoComplete="current-password"
        autoFocus
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <FormError error={verify.error} />
      <Button type="submit" size="md" loading={verify.running}>
        {t('confirm')}
      </Button>
    </form>
  );
}
