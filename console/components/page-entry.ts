import type { TablerIcon } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { Permission } from '../../src/http/contract.ts';
import type { Language } from '../locales/define-texts.ts';

/** The parts of the navigation, from top to bottom. */
export const PAGE_GROUPS = ['monitor', 'people', 'safety', 'enforcement', 'models', 'money', 'operate'] as const;
export type PageGroup = (typeof PAGE_GROUPS)[number];

/** One page of the console, as data. */
export interface PageEntry {
  /** `/accounts`, or `/accounts/$id` with a parameter. */
  readonly path: string;
  readonly title: Readonly<Record<Language, string>>;
  /** Who may see it; also hides it from the navigation. */
  readonly access: Permission | 'signed_in';
  /** Where it stands in the navigation; null for pages that are reached from others. */
  readonly group: PageGroup | null;
  readonly icon: TablerIcon;
  /** Beside its title in the navigation: how many things wait there. */
  readonly badge?: ComponentType;
  /** `g` and then this letter goes there. */
  readonly key?: string;
  /** The page is fetched when somebody first goes there. */
  readonly load: () => Promise<ComponentType>;
}
