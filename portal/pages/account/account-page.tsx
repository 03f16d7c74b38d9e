import { useTexts } from '../../../console/locales/language.tsx';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import { useSession } from '../../api/session.tsx';
import './account.css';
import { accountTexts } from './account-texts.ts';
import { ConnectedPanel } from './connected-panel.tsx';
import { DataPanel } from './data-panel.tsx';
import { EmailPanel } from './email-panel.tsx';
import { PasskeysPanel } from './passkeys-panel.tsx';
import { PasswordPanel } from './password-panel.tsx';
import { PersonPanel } from './person-panel.tsx';
import { PhonePanel } from './phone-panel.tsx';
import { SessionsPanel } from './sessions-panel.tsx';
import { TotpPanel } from './totp-panel.tsx';

/** Who one is, every way one signs in, where one is signed in, and the ways out. */
export function AccountPage() {
  const t = useTexts(accountTexts);
  const person = useSession().session?.person;
  if (person === undefined || person === null) return null;
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <div className="columns">
        <div className="page">
          <PersonPanel person={person} />
          <PasswordPanel person={person} />
        </div>
        <div className="page">
          <EmailPanel person={person} />
          <TotpPanel person={person} />
          <PasskeysPanel />
          <ConnectedPanel />
          <PhonePanel />
        </div>
      </div>
      <SessionsPanel />
      <DataPanel person={person} />
    </div>
  );
}
