import { ActionIcon, Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconMenu2 } from '@tabler/icons-react';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Brand } from '../../../console/components/shell/brand.tsx';
import { LanguageMenu, SchemeMenu } from '../../../console/components/shell/look-menus.tsx';
import { useTexts } from '../../../console/locales/language.tsx';
import { useService } from '../../api/service.ts';
import { useAccounts } from '../account.tsx';
import type { PageEntry } from '../page-entry.ts';
import { portalTexts } from '../portal-texts.ts';
import { AccountSwitcher } from './account-switcher.tsx';
import { Navigation } from './navigation.tsx';
import { PersonMenu } from './person-menu.tsx';
import './shell.css';
import { StandingNotice } from './standing-notice.tsx';

/** The frame of every page of somebody who is signed in: the account above, the pages at the side, the page. */
export function Shell({ pages }: { readonly pages: readonly PageEntry[] }) {
  const t = useTexts(portalTexts);
  const name = useService()?.name ?? '';
  const { sees } = useAccounts();
  const { pathname } = useLocation();
  const [drawer, { open, close }] = useDisclosure(false);
  useEffect(close, [pathname, close]);
  const seen = pages.filter(sees);
  return (
    <div className="portal-shell">
      <a className="skip-link" href="#content">
        {t('skip')}
      </a>
      <header className="portal-bar">
        <ActionIcon className="only-narrow" aria-label={t('open_navigation')} onClick={open} size="xl">
          <IconMenu2 size={21} stroke={1.7} />
        </ActionIcon>
        <Link to="/" className="portal-brand only-wide" aria-label={name}>
          <Brand size={24} />
          <span translate="no">{name}</span>
        </Link>
        <AccountSwitcher />
        <span className="portal-bar-end">
          <LanguageMenu />
          <SchemeMenu />
          <PersonMenu />
        </span>
      </header>
      <nav className="portal-nav" aria-label={t('navigation')}>
        <Navigation pages={seen} />
      </nav>
      <Drawer opened={drawer} onClose={close} size={280} title={name} hiddenFrom="md">
        <nav aria-label={t('navigation')}>
          <Navigation pages={seen} />
        </nav>
      </Drawer>
      <main className="portal-main" id="content" tabIndex={-1}>
        <StandingNotice />
        <Outlet />
      </main>
    </div>
  );
}
