import type { Migration } from '../../storage/sql/migration.ts';

/** Nothing in the record is ever changed or taken out, and each entry goes on from the last. */
export const auditRecord: Migration = {
  id: '2026-11-22-audit-record',
  up: [
    `create table audit_entry (
      seq integer primary key check (seq > 0),
      at_ms integer not null,
      kind text not null,
      subject text not null,
      body text not null,
      prev_hash text not null unique,
      hash text not null unique
    ) strict`,
    'create index audit_entry_subject on audit_entry (subject, kind)',
    `create trigger audit_entry_next before insert on audit_entry
      when new.seq is not (select coalesce(max(seq), 0) + 1 from audit_entry)
        or new.prev_hash is not coalesce((select hash from audit_entry order by seq desc limit 1), '${'0'.repeat(64)}')
      begin select raise(abort, 'the record goes on from its last entry'); end`,
    `create trigger audit_entry_unchanged before update on audit_entry
      begin select raise(abort, 'the record is only added to'); end`,
    `create trigger audit_entry_kept before delete on audit_entry
      begin select raise(abort, 'the record is only added to'); end`,
  ],
};
