import { useTexts } from '../../../console/locales/language.tsx';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import { DomainsPanel } from './domains-panel.tsx';
import { entryTexts } from './entry-texts.ts';
import { ScimPanel } from './scim-panel.tsx';
import { SsoPanel } from './sso-panel.tsx';

/** How people of an organisation come in by themselves. */
export function EntryPage() {
  const t = useTexts(entryTexts);
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <DomainsPanel />
      <SsoPanel />
      <ScimPanel />
    </div>
  );
}
