import type { Migration } from '../../storage/sql/migration.ts';

export const keyMember: Migration = {
  id: '2026-11-22-accounts-key-member',
  up: ['alter table api_key add column member text'],
};
