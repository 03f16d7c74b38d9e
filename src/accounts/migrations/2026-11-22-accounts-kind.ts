import type { Migration } from '../../storage/sql/migration.ts';

export const accountKind: Migration = {
  id: '2026-11-22-accounts-kind',
  up: ["alter table account add column kind text not null default 'person' check (kind in ('person', 'workspace'))"],
};
