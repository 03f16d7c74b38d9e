import { Link } from '@tanstack/react-router';
import { SearchTabs } from '../../components/search-tabs.tsx';
import { useTexts } from '../../locales/language.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { BreakerPanel } from './breaker-panel.tsx';
import { ClustersPanel } from './clusters-panel.tsx';
import { fraudTexts } from './fraud-texts.ts';
import { KeySharingPanel } from './key-sharing-panel.tsx';
import { NetworksPanel } from './networks-panel.tsx';

/** Who farms free credit, who resells keys, and how sure that is. */
export function FraudPage() {
  const t = useTexts(fraudTexts);
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')}>
        <Link to="/risk/simulation" className="link">
          {t('simulation')}
        </Link>
      </PageHeader>
      <BreakerPanel />
      <SearchTabs
        label={t('parts')}
        tabs={[
          { name: 'clusters', title: t('clusters'), children: <ClustersPanel /> },
          { name: 'keys', title: t('keys'), children: <KeySharingPanel /> },
          { name: 'networks', title: t('networks'), children: <NetworksPanel /> },
        ]}
      />
    </div>
  );
}
