import { Button } from '@mantine/core';
import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent } from 'react';
import type { z } from 'zod';
import { useApiChange } from '../../../console/api/queries.ts';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { openInvitationView, ownAccountView } from '../../../src/workspaces/contract.ts';
import { useSession } from '../../api/session.tsx';
import { ACCOUNTS_PATH } from '../../components/account.tsx';
import { FormCard } from '../../components/form-card.tsx';
import { FormError } from '../../components/form-error.tsx';
import { forgetNext, keepNext } from '../../components/pending.ts';
import { Waiting } from '../../components/waiting.tsx';
import { invitationTexts } from './invitation-texts.ts';

type OpenInvitation = z.infer<typeof openInvitationView>;

/** The link of an invitation to a workspace; its token stands behind `#`. */
export function InvitationPage() {
  const t = useTexts(invitationTexts);
  const token = useLocation({ select: ({ hash }) => hash });
  const read = useApiChange(() => ({
    method: 'POST' as const,
    path: '/portal/v1/invitations/read',
    body: { token },
    answer: openInvitationView,
  }));
  const begin = useEffectEvent(() => void read.run(undefined));
  useEffect(() => {
    if (token !== '') begin();
  }, [token]);
  const below = (
    <Link to="/" className="link">
      {t('to_start')}
    </Link>
  );
  if (token === '') return <FormCard title={t('title')} note={t('no_token')} below={below} />;
  if (read.error?.kind === 'unreachable' || read.error?.kind === 'busy' || read.error?.kind === 'fault') {
    return (
      <FormCard title={t('title')} below={below}>
        <FormError error={read.error} />
      </FormCard>
    );
  }
  if (read.error !== null) return <FormCard title={t('gone')} note={t('gone_note')} below={below} />;
  if (read.answer === null) return <Waiting />;
  return <Invited token={token} invitation={read.answer} />;
}

function Invited({ token, invitation }: { readonly token: string; readonly invitation: OpenInvitation }) {
  const t = useTexts(invitationTexts);
  const formats = useFormats();
  const { session } = useSession();
  const role = t(`role_${invitation.role}`);
  return (
    <FormCard title={t('title')} note={t('note', { workspace: invitation.workspace, role })}>
      <p className="form-card-note" style={{ overflowWrap: 'anywhere' }}>
        {t('for_email', { email: invitation.email })} {t('until', { time: formats.time(invitation.expires_at) })}
      </p>
      {session?.state === 'signed_in' ? <Join token={token} invitation={invitation} /> : <WaysIn token={token} />}
    </FormCard>
  );
}

/** Whoever comes back from signing in or up comes back here. */
function WaysIn({ token }: { readonly token: string }) {
  const t = useTexts(invitationTexts);
  const keep = () => keepNext(`/join#${token}`);
  return (
    <div className="stack">
      <Button component={Link} to="/sign-in" size="md" onClick={keep}>
        {t('sign_in')}
      </Button>
      <Button component={Link} to="/sign-up" size="md" variant="default" onClick={keep}>
        {t('sign_up')}
      </Button>
    </div>
  );
}

function Join({ token, invitation }: { readonly token: string; readonly invitation: OpenInvitation }) {
  const t = useTexts(invitationTexts);
  const navigate = useNavigate();
  const { session, signOut } = useSession();
  const mine = session?.person?.email ?? '';
  const accept = useApiChange(
    () => ({ method: 'POST' as const, path: '/portal/v1/invitations/accept', body: { token }, answer: ownAccountView }),
    {
      refresh: [ACCOUNTS_PATH],
      onDone: (account) => {
        forgetNext();
        toast('good', t('joined', { workspace: account.name }));
        void navigate({ to: '/start', search: { account: account.id } as never });
      },
    },
  );
  if (mine.toLowerCase() !== invitation.email.toLowerCase()) {
    return (
      <>
        <p className="form-card-note">{t('other', { email: mine })}</p>
        <Button
          variant="default"
          onClick={() => {
            keepNext(`/join#${token}`);
            void signOut();
          }}
        >
          {t('sign_out')}
        </Button>
      </>
    );
  }
  return (
    <>
      <FormError error={accept.error} />
      <Button size="md" loading={accept.running} onClick={() => void accept.run(undefined)}>
        {t('accept')}
      </Button>
    </>
  );
}
