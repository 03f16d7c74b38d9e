import type { TablerIcon } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { Language } from '../../console/locales/define-texts.ts';
import type { OwnPermission } from '../../src/http/contract.ts';

/** The parts of the navigation, from top to bottom. */
export const PAGE_GROUPS = ['build', 'usage', 'billing', 'workspace'] as const;
export type PageGroup = (typeof PAGE_GROUPS)[number];

/** One page of the portal, as data. */
export interface PageEntry {
  /** `/keys`, or `/receipts/$id` with a parameter. */
  readonly path: string;
  readonly title: Readonly<Record<Language, string>>;
  /**
   * `anybody`: also who is not signed in, without the navigation. Else `signed_in`, or what one must be allowed in the
   * account one looks at, which also hides it from the navigation.
   */
  readonly access: 'anybody' | 'signed_in' | OwnPermission;
  /** Only in accounts of this kind; in both when left out. */
  readonly kind?: 'person' | 'workspace';
  /** Where it stands in the navigation; null for pages that are reached from others. */
  readonly group: PageGroup | null;
  readonly icon: TablerIcon;
  /** Beside its title in the navigation: how many things wait there. */
  readonly badge?: ComponentType;
  /** The page is fetched when somebody first goes there. */
  readonly load: () => Promise<ComponentType>;
}
