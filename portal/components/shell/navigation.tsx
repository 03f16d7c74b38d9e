import { Link } from '@tanstack/react-router';
import { useLanguage, useTexts } from '../../../console/locales/language.tsx';
import { PAGE_GROUPS, type PageEntry } from '../page-entry.ts';
import { portalTexts } from '../portal-texts.ts';

/** The pages by group, those of no group left out. */
export function Navigation({ pages }: { readonly pages: readonly PageEntry[] }) {
  const t = useTexts(portalTexts);
  const { language } = useLanguage();
  const groups = PAGE_GROUPS.map((group) => ({ group, members: pages.filter((page) => page.group === group) }));
  return (
    <div className="nav-list">
      {groups
        .filter(({ members }) => members.length > 0)
        .map(({ group, members }) => (
          <div key={group}>
            <h2 className="nav-group">{t(`group_${group}`)}</h2>
            <ul aria-label={t(`group_${group}`)}>
              {members.map((page) => (
                <li key={page.path}>
                  <Link
                    to={page.path}
                    className="nav-link"
                    activeOptions={{ includeSearch: false, exact: hasBelow(page, pages) }}
                  >
                    <page.icon size={19} stroke={1.6} aria-hidden />
                    {page.title[language]}
                    {page.badge === undefined ? null : <page.badge />}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
    </div>
  );
}

/** Whether another entry's address begins with this one's, so that this one is not current on that page too. */
function hasBelow({ path }: PageEntry, pages: readonly PageEntry[]): boolean {
  return pages.some((other) => other.group !== null && other.path.startsWith(`${path}/`));
}
