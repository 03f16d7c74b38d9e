import { Button, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useApiChange } from '../../../console/api/queries.ts';
import { useTexts } from '../../../console/locales/language.tsx';
import { StatusText } from '../../../console/ui/status.tsx';
import { checkMailView, CODE_DIGITS, sessionView, VERIFY_MINUTES } from '../../../src/people/contract.ts';
import { useService } from '../../api/service.ts';
import { useSession } from '../../api/session.tsx';
import { Arrive } from '../../components/arrive.tsx';
import { FormCard } from '../../components/form-card.tsx';
import { FormError } from '../../components/form-error.tsx';
import { pendingEmail } from '../../components/pending.ts';
import { entryTexts } from './entry-texts.ts';
import { mailTexts } from './mail-texts.ts';
import { FIRST_PAGE, useArrival } from './use-arrival.ts';

/** Seconds until another mail may be asked for. */
const RESEND_AFTER_S = 30;

/** The code of the mail that a sign-up sent. */
export function CheckMailPage() {
  const t = useTexts(mailTexts);
  const [email] = useState(pendingEmail);
  const { session } = useSession();
  const arrival = useArrival(FIRST_PAGE);
  if (session?.state === 'signed_in') return <Arrive at={arrival} />;
  const below = (
    <Link to="/sign-up" className="link">
      {t(email === '' ? 'again' : 'other_address')}
    </Link>
  );
  if (email === '') return <FormCard title={t('check')} note={t('check_nowhere')} below={below} />;
  return (
    <FormCard title={t('check')} note={<AddressedNote email={email} />} below={below}>
      <CodeForm email={email} />
      <ResendLine email={email} />
      <OutboxHint />
    </FormCard>
  );
}

function AddressedNote({ email }: { readonly email: string }) {
  const t = useTexts(mailTexts);
  const [before = '', after = ''] = t('check_note', { email: '\u0000' }).split('\u0000');
  return (
    <>
      {before}
      <strong translate="no" style={{ overflowWrap: 'anywhere' }}>
        {email}
      </strong>
      {after}
    </>
  );
}

function CodeForm({ email }: { readonly email: string }) {
  const t = useTexts(mailTexts);
  const words = useTexts(entryTexts);
  const { enter } = useSession();
  const [code, setCode] = useState('');
  const [short, setShort] = useState(false);
  const verify = useApiChange(
    (typed: string) => ({
      method: 'POST' as const,
      path: '/portal/v1/sign-up/verify',
      body: { email, code: typed },
      answer: sessionView,
    }),
    { onDone: enter, onError: () => setCode('') },
  );
  const type = (typed: string) => {
    const digits = typed.replaceAll(/\D/g, '').slice(0, CODE_DIGITS);
    setCode(digits);
    setShort(false);
    if (digits.length === CODE_DIGITS && digits !== code) void verify.run(digits);
  };
  return (
    <form
      className="page"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (code.length === CODE_DIGITS) void verify.run(code);
        else setShort(true);
      }}
    >
      <TextInput
        label={t('code', { digits: CODE_DIGITS })}
        description={t('code_note', { minutes: VERIFY_MINUTES })}
        classNames={{ input: 'code-input' }}
        size="lg"
        autoComplete="one-time-code"
        inputMode="numeric"
        autoFocus
        maxLength={CODE_DIGITS + 4}
        value={code}
        onChange={(event) => type(event.currentTarget.value)}
        error={short ? words('bad_code', { digits: CODE_DIGITS }) : null}
      />
      <FormError error={verify.error} />
      <Button type="submit" size="md" loading={verify.running}>
        {t('confirm')}
      </Button>
    </form>
  );
}

/** Counts down until another mail may be asked for, and then asks for it. */
function ResendLine({ email }: { readonly email: string }) {
  const t = useTexts(mailTexts);
  const [left, setLeft] = useState(RESEND_AFTER_S);
  const resend = useApiChange(
    () => ({ method: 'POST' as const, path: '/portal/v1/sign-up/resend', body: { email }, answer: checkMailView }),
    { onDone: () => setLeft(RESEND_AFTER_S) },
  );
  const waits = left > 0;
  useEffect(() => {
    if (!waits) return;
    const timer = setInterval(() => setLeft((seconds) => seconds - 1), 1_000);
    return () => clearInterval(timer);
  }, [waits]);
  return (
    <div className="stack">
      <span className="dimmed">{t('look_in_spam')}</span>
      <div className="row">
        {waits ? (
          <span className="dimmed">{t('resend_in', { seconds: left })}</span>
        ) : (
          <Button variant="default" loading={resend.running} onClick={() => void resend.run(undefined)}>
            {t('resend')}
          </Button>
        )}
      </div>
      <span role="status">{resend.answer === null ? null : <StatusText status="good">{t('resent')}</StatusText>}</span>
      <FormError error={resend.error} />
    </div>
  );
}

/** Where no mail leaves the service, it is read here. */
function OutboxHint() {
  const t = useTexts(mailTexts);
  const service = useService();
  if (service?.outbox !== true) return null;
  return (
    <Link to="/outbox" className="link">
      {t('open_outbox')}
    </Link>
  );
}
