import { Alert, Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useApiChange } from '../../../console/api/queries.ts';
import { useErrorToast } from '../form-error.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { StatusIcon } from '../../../console/ui/status.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { personView } from '../../../src/people/contract.ts';
import { useSession } from '../../api/session.tsx';
import { useAccount } from '../account.tsx';
import { portalTexts } from '../portal-texts.ts';

/** Above every page: that the account is stopped, and why; that it goes, and how to keep it. */
export function StandingNotice() {
  const t = useTexts(portalTexts);
  const formats = useFormats();
  const { session } = useSession();
  const account = useAccount();
  const stop = account.stopped ?? (account.kind === 'person' ? (session?.stop ?? null) : null);
  const goes = session?.person?.deletion_at ?? null;
  return (
    <>
      {stop === null ? null : (
        <Alert
          role="status"
          className="portal-notice"
          color="var(--candor-bad)"
          icon={<StatusIcon status="bad" size={18} />}
        >
          <strong>{t('stopped_title')}</strong>
          {stop.cause === 'sanction' ? (
            <p>
              {t('held_note', { time: formats.time(stop.at) })}{' '}
              <Link to="/standing" className="link">
                {t('held_link')}
              </Link>
            </p>
          ) : (
            <p>{t('stopped_note', { time: formats.time(stop.at), reason: stop.reason })}</p>
          )}
        </Alert>
      )}
      {goes === null ? null : <Leaving at={goes} />}
    </>
  );
}

function Leaving({ at }: { readonly at: string }) {
  const t = useTexts(portalTexts);
  const formats = useFormats();
  const showError = useErrorToast();
  const { retry } = useSession();
  const keep = useApiChange(() => ({ method: 'DELETE' as const, path: '/portal/v1/me/deletion', answer: personView }), {
    onDone: () => {
      retry();
      toast('good', t('kept'));
    },
    onError: showError,
  });
  return (
    <Alert className="portal-notice" color="var(--candor-warn)" icon={<StatusIcon status="warn" size={18} />}>
      <strong>{t('deletion_title', { date: formats.time(at) })}</strong>
      <p>{t('deletion_note')}</p>
      <Button variant="default" loading={keep.running} onClick={() => void keep.run(undefined)}>
        {t('keep_account')}
      </Button>
    </Alert>
  );
}
