import { Menu, UnstyledButton } from '@mantine/core';
import { IconCheck, IconSelector, IconUser, IconUsers } from '@tabler/icons-react';
import { useTexts } from '../../../console/locales/language.tsx';
import { type OwnAccount, useAccounts } from '../account.tsx';
import { portalTexts } from '../portal-texts.ts';

/** Which account the pages are about, and the others one belongs to. With one alone it is only its name. */
export function AccountSwitcher() {
  const t = useTexts(portalTexts);
  const { all, account, choose } = useAccounts();
  return (
    <Menu position="bottom-start" withArrow width={280}>
      <Menu.Target>
        <UnstyledButton className="account-button" aria-label={t('account_now', { name: account.name })}>
          <KindIcon account={account} />
          <span className="account-name" translate="no">
            {account.name}
          </span>
          <IconSelector size={15} stroke={1.7} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
        <Menu.Label>{t('accounts')}</Menu.Label>
        {all.map((one) => (
          <Menu.Item
            key={one.id}
            role="menuitemradio"
            aria-checked={one.id === account.id}
            leftSection={<KindIcon account={one} />}
            rightSection={one.id === account.id ? <IconCheck size={15} stroke={1.9} aria-hidden /> : null}
            onClick={() => choose(one.id)}
          >
            <span className="account-line">
              <span translate="no">{one.name}</span>
              <small className="dimmed">
                {one.kind === 'workspace' ? `${t('workspace')} · ${t(`role_${one.role}`)}` : t('own_account')}
              </small>
            </span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function KindIcon({ account }: { readonly account: OwnAccount }) {
  const Icon = account.kind === 'workspace' ? IconUsers : IconUser;
  return <Icon size={17} stroke={1.7} aria-hidden />;
}
