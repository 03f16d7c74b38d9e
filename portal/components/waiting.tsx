import { Skeleton } from '@mantine/core';
import { useTexts } from '../../console/locales/language.tsx';
import { portalTexts } from './portal-texts.ts';

/** What stands in the place of a page while it is fetched. */
export function Waiting() {
  const t = useTexts(portalTexts);
  return (
    <div className="page" role="status" aria-label={t('loading_page')}>
      <Skeleton height={30} width={220} />
      <Skeleton height={90} />
      <Skeleton height={240} />
    </div>
  );
}
