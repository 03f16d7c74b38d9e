import { Button } from '@mantine/core';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { Brand } from '../../console/components/shell/brand.tsx';
import { LanguageMenu, SchemeMenu } from '../../console/components/shell/look-menus.tsx';
import { useTexts } from '../../console/locales/language.tsx';
import { useService } from '../api/service.ts';
import { useSession } from '../api/session.tsx';
import { portalTexts } from './portal-texts.ts';
import './shell/shell.css';

/** The frame of the pages for everybody: the name above, the small print below. */
export function Outside() {
  const t = useTexts(portalTexts);
  const service = useService();
  const { session } = useSession();
  const { pathname } = useLocation();
  return (
    <div className="outside">
      <a className="skip-link" href="#content">
        {t('skip')}
      </a>
      <header className="portal-bar">
        <Link to="/" className="portal-brand" aria-label={service?.name ?? t('to_start')}>
          <Brand size={24} />
          <span translate="no">{service?.name}</span>
        </Link>
        <span className="portal-bar-end">
          <LanguageMenu />
          <SchemeMenu />
          {session?.state === 'signed_out' && pathname !== '/sign-in' ? (
            <Button component={Link} to="/sign-in" variant="default">
              {t('sign_in')}
            </Button>
          ) : null}
        </span>
      </header>
      <main className="outside-main" id="content" tabIndex={-1}>
        <Outlet />
      </main>
      <SmallPrint />
    </div>
  );
}

function SmallPrint() {
  const t = useTexts(portalTexts);
  const service = useService();
  return (
    <footer className="outside-foot">
      <WordsLink address={service?.terms_url ?? null}>{t('terms')}</WordsLink>
      <WordsLink address={service?.privacy_url ?? null}>{t('privacy')}</WordsLink>
      {service?.outbox === true ? (
        <Link className="link" to="/outbox">
          {t('outbox')}
        </Link>
      ) : null}
      <span className="dimmed">{t('powered')}</span>
    </footer>
  );
}

/** To words of the operator, where there are any. */
function WordsLink({ address, children }: { readonly address: string | null; readonly children: string }) {
  return address === null ? null : (
    <a className="link" href={address}>
      {children}
    </a>
  );
}
