import { localStorageColorSchemeManager, MantineProvider, type MantineThemeOverride } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { type ComponentType, type ReactNode, StrictMode, useMemo } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from '../api/queries.ts';
import { LanguageProvider, useTexts } from '../locales/language.tsx';
import type { Translate } from '../locales/translate.ts';
import { cssVariables } from '../ui/theme.ts';
import { uiTexts } from '../ui/ui-texts.ts';

export interface Site {
  /** Its look, with the names of its buttons in the language it is read in. */
  readonly themeIn: (t: Translate<keyof (typeof uiTexts)['en']>) => MantineThemeOverride;
  readonly SessionProvider: ComponentType<{ readonly children: ReactNode }>;
  readonly Pages: ComponentType;
}

const schemeManager = localStorageColorSchemeManager({ key: 'candor-scheme' });

/** Puts a site into its page. */
export function mountSite(site: Site): void {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
  // Where the parts of the kit that lock scrolling look for the nonce of their style element.
  Object.assign(globalThis, { __webpack_nonce__: nonce });
  const root = document.querySelector('#root');
  if (root === null) throw new Error('the page has no element #root');
  createRoot(root).render(
    <StrictMode>
      <Whole {...site} nonce={nonce} />
    </StrictMode>,
  );
}

const queryClient = createQueryClient();

function Whole({ SessionProvider, Pages, themeIn, nonce }: Site & { readonly nonce: string }) {
  return (
    <LanguageProvider>
      <Kit themeIn={themeIn} nonce={nonce}>
        <QueryClientProvider client={queryClient}>
          <SessionProvider>
            <ModalsProvider>
              <Pages />
              <Notifications position="bottom-right" />
            </ModalsProvider>
          </SessionProvider>
        </QueryClientProvider>
      </Kit>
    </LanguageProvider>
  );
}

interface KitProps extends Pick<Site, 'themeIn'> {
  readonly nonce: string;
  readonly children: ReactNode;
}

function Kit({ themeIn, nonce, children }: KitProps) {
  const t = useTexts(uiTexts);
  const theme = useMemo(() => themeIn(t), [themeIn, t]);
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
