import { IconFingerprint, IconKey } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useApi } from '../../../console/api/queries.ts';
import { useTexts } from '../../../console/locales/language.tsx';
import { passkeyListView } from '../../../src/people/contract.ts';
import { canUsePasskeys } from '../../api/passkey.ts';
import { playgroundTexts } from './playground-texts.ts';

/** Where somebody goes from their first answer; what they have done already is left out. */
export function NextSteps() {
  const t = useTexts(playgroundTexts);
  const { data: passkeys } = useApi({ path: '/portal/v1/passkeys', answer: passkeyListView });
  const offersPasskey = canUsePasskeys() && passkeys?.data.length === 0;
  return (
    <div className="next-steps">
      <strong>{t('next')}</strong>
      <Link to="/keys" className="link">
        <IconKey size={16} stroke={1.7} aria-hidden />
        {t('next_key')}
      </Link>
      {offersPasskey ? (
        <Link to="/security" className="link">
          <IconFingerprint size={16} stroke={1.7} aria-hidden />
          {t('next_passkey')}
        </Link>
      ) : null}
    </div>
  );
}
