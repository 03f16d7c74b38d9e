import '@fontsource-variable/inter/index.css';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '../console/ui/base.css';
import './components/portal.css';
import '../console/api/no-eval.ts';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { type ReactNode, StrictMode, useMemo } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from '../console/api/queries.ts';
import { LanguageProvider, useTexts } from '../console/locales/language.tsx';
import { cssVariables } from '../console/ui/theme.ts';
import { uiTexts } from '../console/ui/ui-texts.ts';
import { SessionProvider } from './api/session.tsx';
import { portalTheme } from './components/look.ts';
import { createPortalRouter } from './routes.tsx';

const router = createPortalRouter();
const queryClient = createQueryClient();
const schemeManager = localStorageColorSchemeManager({ key: 'candor-scheme' });
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
// Where the parts of the kit that lock scrolling look for the nonce of their style element.
Object.assign(globalThis, { __webpack_nonce__: nonce });

function Kit({ children }: { readonly children: ReactNode }) {
  const t = useTexts(uiTexts);
  const theme = useMemo(() => portalTheme(t), [t]);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={schemeManager}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      {children}
    </MantineProvider>
  );
}

function Portal() {
  return (
    <LanguageProvider>
      <Kit>
        <QueryClientProvider client={queryClient}>
          <SessionProvider>
            <ModalsProvider>
              <RouterProvider router={router} />
              <Notifications position="bottom-right" />
            </ModalsProvider>
          </SessionProvider>
        </QueryClientProvider>
      </Kit>
    </LanguageProvider>
  );
}

const root = document.querySelector('#root');
if (root === null) throw new Error('the page has no element #root');
createRoot(root).render(
  <StrictMode>
    <Portal />
  </StrictMode>,
);
