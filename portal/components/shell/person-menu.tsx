import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconLogout, IconUserCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTexts } from '../../../console/locales/language.tsx';
import { useSession } from '../../api/session.tsx';
import { portalTexts } from '../portal-texts.ts';

/** Who is signed in, and the way out. */
export function PersonMenu() {
  const t = useTexts(portalTexts);
  const { session, signOut } = useSession();
  return (
    <Menu position="bottom-end" withArrow width={250}>
      <Menu.Target>
        <Tooltip label={t('person')}>
          <ActionIcon aria-label={t('person')} size="xl">
            <IconUserCircle size={22} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label translate="no" style={{ overflowWrap: 'anywhere' }}>
          {session?.person?.email}
        </Menu.Label>
        <Menu.Item component={Link} to="/security" leftSection={<IconUserCircle size={17} stroke={1.7} />}>
          {t('my_account')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={17} stroke={1.7} />} onClick={() => void signOut()}>
          {t('sign_out')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
