import { Button, Checkbox, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { z } from 'zod';
import { useApiChange } from '../../../console/api/queries.ts';
import { useLanguage, useTexts } from '../../../console/locales/language.tsx';
import { type ChallengeView, checkMailView, mailAddress, type signUpBody } from '../../../src/people/contract.ts';
import { useService } from '../../api/service.ts';
import { ChoosePassword, useChosenCheck } from '../../components/choose-password.tsx';
import { focusFirst } from '../../components/focus-first.ts';
import { FormError } from '../../components/form-error.tsx';
import { keepPendingEmail } from '../../components/pending.ts';
import { entryTexts } from './entry-texts.ts';
import { ProofLine } from './proof-line.tsx';
import { signUpTexts } from './sign-up-texts.ts';
import { type Proof, useProof } from './use-proof.ts';

interface SignUpFormProps {
  readonly challenge: ChallengeView;
  readonly plan: string | null;
  readonly invitation: string | null;
  readonly needsInvitation: boolean;
  /** The challenge does not count any more. */
  readonly onStale: () => void;
}

/** Mail address, password, terms. The check runs beside the typing; sent before it is done, the form waits for it. */
export function SignUpForm({ challenge, plan, invitation, needsInvitation, onStale }: SignUpFormProps) {
  const t = useTexts(signUpTexts);
  const words = useTexts(entryTexts);
  const form = useSignUpFields(invitation, needsInvitation);
  const { values } = form;
  const work = useProof(challenge, values.email);
  const { send, sent } = useSending({ plan, onStale });
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    if (!wanted || (work.state.kind !== 'done' && work.state.kind !== 'not_needed')) return;
    setWanted(false);
    send(form.values, work.state.kind === 'done' ? work.state.proof : null);
  }, [wanted, work.state, send, form.values]);
  return (
    <form className="page" noValidate onSubmit={form.onSubmit(() => setWanted(true), focusFirst(form))}>
      <TextInput
        type="email"
        label={words('email')}
        autoComplete="username"
        inputMode="email"
        autoFocus
        required
        withAsterisk={false}
        {...form.getInputProps('email')}
      />
      <ChoosePassword
        label={words('password')}
        email={values.email}
        {...form.getInputProps('password')}
        value={values.password}
      />
      {needsInvitation || invitation !== null ? (
        <TextInput
          label={t('invitation')}
          description={t('invitation_note')}
          autoComplete="off"
          spellCheck={false}
          required={needsInvitation}
          withAsterisk={false}
          {...form.getInputProps('invitation')}
        />
      ) : null}
      <Checkbox label={<TermsLabel />} {...form.getInputProps('terms', { type: 'checkbox' })} />
      <ProofLine work={work} sends={wanted} />
      <FormError error={sent.error} />
      <Button type="submit" size="md" loading={sent.running || wanted}>
        {t('submit')}
      </Button>
    </form>
  );
}

function useSignUpFields(invitation: string | null, needsInvitation: boolean) {
  const t = useTexts(signUpTexts);
  const words = useTexts(entryTexts);
  const check = useChosenCheck();
  return useForm({
    mode: 'controlled',
    initialValues: { email: '', password: '', invitation: invitation ?? '', terms: false },
    validateInputOnBlur: ['email'],
    validate: {
      email: (value) => (mailAddress.safeParse(value).success ? null : words('bad_email')),
      password: check,
      invitation: (value) => (needsInvitation && value.trim() === '' ? words('required') : null),
      terms: (value) => (value ? null : t('terms_needed')),
    },
  });
}

interface Fields {
  readonly email: string;
  readonly password: string;
  readonly invitation: string;
}

function useSending({ plan, onStale }: Pick<SignUpFormProps, 'plan' | 'onStale'>) {
  const { language } = useLanguage();
  const navigate = useNavigate();
  const shownAtMs = useRef(Date.now());
  const sent = useApiChange(
    (body: z.input<typeof signUpBody>) => ({
      method: 'POST' as const,
      path: '/portal/v1/sign-up',
      body,
      answer: checkMailView,
    }),
    {
      onDone: (_answer, { email }) => {
        keepPendingEmail(email);
        void navigate({ to: '/check-mail' });
      },
      onError: ({ reason }) => {
        if (reason === 'proof_needed') onStale();
      },
    },
  );
  const send = ({ email, password, invitation }: Fields, proof: Proof | null) =>
    void sent.run({
      email: email.trim(),
      password,
      locale: language,
      plan,
      invitation: invitation.trim() === '' ? null : invitation.trim(),
      proof,
      form_ms: Date.now() - shownAtMs.current,
      terms_accepted: true,
    });
  return { send, sent };
}

function TermsLabel() {
  const t = useTexts(signUpTexts);
  const address = useService()?.terms_url ?? null;
  if (address === null) return t('terms_plain');
  const [before = '', after = ''] = t('terms', { terms: '\u0000' }).split('\u0000');
  return (
    <>
      {before}
      <a className="link" href={address} target="_blank" rel="noreferrer">
        {t('terms_words')}
      </a>
      {after}
    </>
  );
}
