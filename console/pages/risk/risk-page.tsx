import { Link, useParams } from '@tanstack/react-router';
import { z } from 'zod';
import { accountDetailView } from '../../../src/accounts/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApi } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { ApiPart } from '../../components/api-part.tsx';
import { useTexts } from '../../locales/language.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { LinkagePanels } from './linkage-panels.tsx';
import { riskTexts } from './risk-texts.ts';
import { StandingPanel } from './standing-panel.tsx';
import { VestingPanel } from './vesting-panel.tsx';

/** Who seems to be behind an account, its free credit, and its standing. */
export function RiskPage() {
  const t = useTexts(riskTexts);
  const mayFraud = useMay()('fraud.read');
  const id = z.string().parse(useParams({ strict: false })['id']);
  const state = useApi({ path: apiPath`/control/v1/accounts/${id}`, answer: accountDetailView });
  return (
    <ApiPart state={state}>
      {(account) => (
        <div className="page">
          <PageHeader title={t('title', { name: account.name })} note={t('note')}>
            <Link to="/accounts/$id" params={{ id }} className="link">
              {t('account')}
            </Link>
          </PageHeader>
          {mayFraud ? <LinkagePanels accountId={id} /> : null}
          <StandingPanel accountId={id} />
          <VestingPanel accountId={id} />
        </div>
      )}
    </ApiPart>
  );
}
