import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { CatchBoundary, Link, useLocation } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import type { Language } from '../../console/locales/define-texts.ts';
import { useLanguage, useTexts } from '../../console/locales/language.tsx';
import { PageHeader } from '../../console/ui/page-header.tsx';
import { useService } from '../api/service.ts';
import type { PageEntry } from './page-entry.ts';
import { portalTexts } from './portal-texts.ts';
import { Waiting } from './waiting.tsx';

/** What the frame of those who are in looks at before it shows a page; fetched with that frame. */
const Allowed = lazy(async () => ({ default: (await import('./allowed.tsx')).Allowed }));

/** The component of a route: fetched when first needed, titled, guarded, and kept from taking the rest down with it. */
export function framed(entry: PageEntry): () => ReactNode {
  const Page = lazy(async () => ({ default: await entry.load() }));
  return function FramedPage() {
    const { pathname } = useLocation();
    useTitle(entry.title);
    useFocusOnArrival(pathname);
    return (
      <CatchBoundary
        getResetKey={() => pathname}
        errorComponent={({ error }) => <Broken message={error instanceof Error ? error.message : String(error)} />}
      >
        <Suspense fallback={<Waiting />}>
          {entry.access === 'anybody' ? <Page /> : <Allowed entry={entry} Page={Page} />}
        </Suspense>
      </CatchBoundary>
    );
  };
}

/** Names the window after the page and the service, in the language it is read in. */
function useTitle(title: Readonly<Record<Language, string>>): void {
  const { language } = useLanguage();
  const name = useService()?.name ?? '';
  useEffect(() => {
    document.title = name === '' ? title[language] : `${title[language]} · ${name}`;
  }, [title, language, name]);
}

/** Who moves by keyboard or listens starts at the new page, not at the link that led there. */
function useFocusOnArrival(pathname: string): void {
  const arrived = useRef(pathname);
  useEffect(() => {
    if (arrived.current === pathname && document.activeElement === document.body) return;
    arrived.current = pathname;
    // A page that begins with a field has put the focus there.
    const content = document.querySelector<HTMLElement>('#content');
    if (content?.contains(document.activeElement) === true) return;
    content?.focus({ preventScroll: true });
  }, [pathname]);
}

const NOT_FOUND_TITLE = { en: portalTexts.en.not_found_title, zh: portalTexts.zh.not_found_title };

export function NotFound() {
  const t = useTexts(portalTexts);
  useTitle(NOT_FOUND_TITLE);
  return (
    <Lone title={t('not_found_title')} note={t('not_found_note')}>
      <ToStart />
    </Lone>
  );
}

function Broken({ message }: { readonly message: string }) {
  const t = useTexts(portalTexts);
  return (
    <Lone title={t('broke_title')} note={message}>
      <Button variant="default" leftSection={<IconRefresh size={16} />} onClick={() => window.location.reload()}>
        {t('reload')}
      </Button>
    </Lone>
  );
}

export function ToStart() {
  const t = useTexts(portalTexts);
  return (
    <Link to="/" className="link">
      {t('to_start')}
    </Link>
  );
}

interface LoneProps {
  readonly title: string;
  readonly note: string;
  readonly children: ReactNode;
}

/** Instead of a page: why it is not there, and what to do. */
export function Lone({ title, note, children }: LoneProps) {
  return (
    <div className="page">
      <PageHeader title={title} note={note} />
      <div>{children}</div>
    </div>
  );
}
