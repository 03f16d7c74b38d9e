import { Button } from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';
import { useApiChange } from '../../../console/api/queries.ts';
import { useTexts } from '../../../console/locales/language.tsx';
import { emailConfirmedView } from '../../../src/people/contract.ts';
import { useSession } from '../../api/session.tsx';
import { FormCard } from '../../components/form-card.tsx';
import { FormError } from '../../components/form-error.tsx';
import { mailTexts } from './mail-texts.ts';

/** Confirms a change of the mail address for one of the two; a click, so that no mail program confirms by looking. */
export function ConfirmEmailPage() {
  const t = useTexts(mailTexts);
  const token = useLocation({ select: ({ hash }) => hash });
  const { retry } = useSession();
  const confirm = useApiChange(
    () => ({ method: 'POST' as const, path: '/portal/v1/email/confirm', body: { token }, answer: emailConfirmedView }),
    { onDone: retry },
  );
  const below = (
    <Link to="/security" className="link">
      {t('to_account')}
    </Link>
  );
  if (token === '') return <FormCard title={t('confirm_email')} note={t('no_token')} below={below} />;
  const state = confirm.answer?.state;
  if (state === 'changed') return <FormCard title={t('changed')} note={t('changed_note')} below={below} />;
  if (state === 'waiting') return <FormCard title={t('half')} note={t('half_note')} below={below} />;
  return (
    <FormCard title={t('confirm_email')} note={t('confirm_email_note')} below={below}>
      <FormError error={confirm.error} />
      <Button size="md" loading={confirm.running} onClick={() => void confirm.run(undefined)}>
        {t('confirm_email_do')}
      </Button>
    </FormCard>
  );
}
