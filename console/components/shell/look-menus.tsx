import { ActionIcon, type MantineColorScheme, Menu, Tooltip, useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconLanguage, IconMoon, IconSun, type TablerIcon } from '@tabler/icons-react';
import { LANGUAGE_NAMES, LANGUAGES, LOCALE_OF } from '../../locales/define-texts.ts';
import { useLanguage, useTexts } from '../../locales/language.tsx';
import { shellTexts } from './shell-texts.ts';

export function LanguageMenu() {
  const t = useTexts(shellTexts);
  const { language, setLanguage } = useLanguage();
  return (
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <Tooltip label={t('language')}>
          <ActionIcon aria-label={t('language')} size="lg">
            <IconLanguage size={18} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {LANGUAGES.map((one) => (
          <Menu.Item
            key={one}
            lang={LOCALE_OF[one]}
            role="menuitemradio"
            aria-checked={one === language}
            fw={one === language ? 600 : 400}
            onClick={() => setLanguage(one)}
          >
            {LANGUAGE_NAMES[one]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

const SCHEMES: readonly (readonly [scheme: MantineColorScheme, icon: TablerIcon])[] = [
  ['light', IconSun],
  ['dark', IconMoon],
  ['auto', IconDeviceDesktop],
];

export function SchemeMenu() {
  const t = useTexts(shellTexts);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Shown = SCHEMES.find(([scheme]) => scheme === colorScheme)?.[1] ?? IconSun;
  return (
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <Tooltip label={t('scheme')}>
          <ActionIcon aria-label={t('scheme')} size="lg">
            <Shown size={18} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {SCHEMES.map(([scheme, Icon]) => (
          <Menu.Item
            key={scheme}
            role="menuitemradio"
            aria-checked={scheme === colorScheme}
            fw={scheme === colorScheme ? 600 : 400}
            leftSection={<Icon size={15} stroke={1.7} />}
            onClick={() => setColorScheme(scheme)}
          >
            {t(`scheme_${scheme}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
