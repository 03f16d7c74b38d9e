import { Button, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Redirect } from '../../../console/components/redirect.tsx';
import { useTexts } from '../../../console/locales/language.tsx';
import { useSession } from '../../api/session.tsx';
import { landingTexts } from './landing-texts.ts';

/** What this service is, and the way in. Who is in goes on to their pages. */
export function LandingPage() {
  const t = useTexts(landingTexts);
  const { session } = useSession();
  if (session?.state === 'signed_in') return <Redirect to="/start" />;
  return (
    <div className="page">
      <Title order={1}>{t('headline')}</Title>
      <p>{t('lead')}</p>
      <div className="row">
        <Button component={Link} to="/sign-up" size="md">
          {t('sign_up')}
        </Button>
      </div>
    </div>
  );
}
