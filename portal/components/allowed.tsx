import type { ComponentType } from 'react';
import { useTexts } from '../../console/locales/language.tsx';
import { useAccounts } from './account.tsx';
import type { PageEntry } from './page-entry.ts';
import { Lone, ToStart } from './page-frame.tsx';
import { portalTexts } from './portal-texts.ts';

/** The page, where the account one looks at is of its kind and one may see it there. */
export function Allowed({ entry, Page }: { readonly entry: PageEntry; readonly Page: ComponentType }) {
  const t = useTexts(portalTexts);
  const { account, sees } = useAccounts();
  if (sees(entry)) return <Page key={account.id} />;
  const isOther = entry.kind !== undefined && entry.kind !== account.kind;
  const note = isOther ? (`other_kind_${entry.kind}` as const) : 'forbidden_note';
  return (
    <Lone title={t('forbidden_title')} note={t(note, { account: account.name })}>
      <ToStart />
    </Lone>
  );
}
