import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useApiChange } from '../../../console/api/queries.ts';
import { useTexts } from '../../../console/locales/language.tsx';
import { CODE_DIGITS, sessionView } from '../../../src/people/contract.ts';
import { useSession } from '../../api/session.tsx';
import { FormCard } from '../../components/form-card.tsx';
import { FormError } from '../../components/form-error.tsx';
import { entryTexts } from './entry-texts.ts';
import { signInTexts } from './sign-in-texts.ts';

/** The digits of the app, or a recovery code. */
export function SecondFactor() {
  const t = useTexts(signInTexts);
  const [recovery, setRecovery] = useState(false);
  const { signOut } = useSession();
  const below = (
    <Button variant="subtle" onClick={() => void signOut()}>
      {t('start_over')}
    </Button>
  );
  return (
    <FormCard title={t('second')} note={t(recovery ? 'recovery_note' : 'second_note')} below={below}>
      <CodeForm key={String(recovery)} recovery={recovery} />
      <Button variant="subtle" onClick={() => setRecovery(!recovery)}>
        {t(recovery ? 'use_app' : 'use_recovery')}
      </Button>
    </FormCard>
  );
}

function CodeForm({ recovery }: { readonly recovery: boolean }) {
  const t = useTexts(signInTexts);
  const words = useTexts(entryTexts);
  const { enter } = useSession();
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState(false);
  const finish = useApiChange(
    (typed: string) => ({
      method: 'POST' as const,
      path: '/portal/v1/session/second-factor',
      body: { code: typed },
      answer: sessionView,
    }),
    { onDone: enter, onError: () => setCode('') },
  );
  const type = (typed: string) => {
    setMissing(false);
    if (recovery) return setCode(typed);
    const digits = typed.replaceAll(/\D/g, '').slice(0, CODE_DIGITS);
    setCode(digits);
    if (digits.length === CODE_DIGITS && digits !== code) void finish.run(digits);
  };
  return (
    <form
      className="page"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (code.trim() === '') setMissing(true);
        else void finish.run(code.trim());
      }}
    >
      <TextInput
        label={t(recovery ? 'recovery_code' : 'second_code')}
        classNames={{ input: recovery ? 'mono' : 'code-input' }}
        size="lg"
        autoComplete={recovery ? 'off' : 'one-time-code'}
        inputMode={recovery ? 'text' : 'numeric'}
        spellCheck={false}
        autoFocus
        value={code}
        onChange={(event) => type(event.currentTarget.value)}
        error={missing ? words('required') : null}
      />
      <FormError error={finish.error} />
      <Button type="submit" size="md" loading={finish.running}>
        {words('go_on')}
      </Button>
    </form>
  );
}
