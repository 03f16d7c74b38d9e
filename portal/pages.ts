import { IconHome } from '@tabler/icons-react';
import type { PageEntry } from './components/page-entry.ts';

/** The table of contents of the portal, in the order of the navigation. How to add one: README.md. */
export const PAGES: readonly PageEntry[] = [
  {
    path: '/',
    title: { en: 'Welcome', zh: '欢迎' },
    access: 'anybody',
    group: null,
    icon: IconHome,
    load: async () => (await import('./pages/landing/landing-page.tsx')).LandingPage,
  },
];
