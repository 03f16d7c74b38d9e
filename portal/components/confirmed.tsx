import { Button, Modal, PasswordInput } from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import { type ReactNode, useState } from 'react';
import type { ApiError } from '../../console/api/api-error.ts';
import type { ApiRequest } from '../../console/api/client.ts';
import { type ApiChange, useApiChange } from '../../console/api/queries.ts';
import { useTexts } from '../../console/locales/language.tsx';
import { sessionView } from '../../src/people/contract.ts';
import { useSession } from '../api/session.tsx';
import { confirmedTexts } from './confirmed-texts.ts';
import { focusFirst } from './focus-first.ts';
import { FormError } from './form-error.tsx';

interface ConfirmedChange<Input, Answer> extends ApiChange<Input, Answer> {
  /** To be rendered beside what runs it: the question for the password, when there is one. */
  readonly question: ReactNode;
}

/**
 * `useApiChange` for what is dangerous: where the service wants the password once more, it is asked for, and the change is
 * then run again with what it was first run with.
 */
export function useConfirmedChange<Input, Answer>(
  requestOf: (input: Input) => ApiRequest<Answer>,
  options: NonNullable<Parameters<typeof useApiChange<Input, Answer>>[1]> = {},
): ConfirmedChange<Input, Answer> {
  const [waiting, setWaiting] = useState<{ readonly input: Input } | null>(null);
  const change = useApiChange(requestOf, {
    ...options,
    onError: (error) => {
      if (error.reason !== 'confirm_needed') options.onError?.(error);
    },
  });
  const run = async (input: Input) => {
    const answer = await change.run(input);
    if (answer === null) setWaiting({ input });
    return answer;
  };
  const asks = waiting !== null && change.error?.reason === 'confirm_needed';
  const error: ApiError | null = asks ? null : change.error;
  const again = () => {
    if (waiting !== null) void change.run(waiting.input);
    setWaiting(null);
  };
  const question = <PasswordQuestion opened={asks} onClose={() => setWaiting(null)} onConfirmed={again} />;
  return { ...change, error, run, question };
}

interface PasswordQuestionProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onConfirmed: () => void;
}

function PasswordQuestion({ opened, onClose, onConfirmed }: PasswordQuestionProps) {
  const t = useTexts(confirmedTexts);
  return (
    <Modal opened={opened} onClose={onClose} title={t('title')}>
      <PasswordForm onConfirmed={onConfirmed} />
    </Modal>
  );
}

function PasswordForm({ onConfirmed }: Pick<PasswordQuestionProps, 'onConfirmed'>) {
  const t = useTexts(confirmedTexts);
  const { session, enter } = useSession();
  const confirm = useApiChange(
    (body: { readonly password: string }) => ({
      method: 'POST' as const,
      path: '/portal/v1/session/confirm',
      body,
      answer: sessionView,
    }),
    {
      onDone: (next) => {
        enter(next);
        onConfirmed();
      },
    },
  );
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { password: '' },
    validate: { password: isNotEmpty(t('required')) },
  });
  if (session?.person?.has_password === false) return <p className="form-card-note">{t('no_password')}</p>;
  return (
    <form className="page" noValidate onSubmit={form.onSubmit((values) => void confirm.run(values), focusFirst(form))}>
      <p className="dimmed form-card-note">{t('note')}</p>
      <input type="text" autoComplete="username" value={session?.person?.email ?? ''} readOnly hidden />
      <PasswordInput
        label={t('password')}
        autoComplete="current-password"
        data-autofocus
        key={form.key('password')}
        {...form.getInputProps('password')}
      />
      <FormError error={confirm.error} />
      <Button type="submit" loading={confirm.running}>
        {t('go_on')}
      </Button>
    </form>
  );
}
