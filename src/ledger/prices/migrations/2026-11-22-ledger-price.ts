import type { Migration } from '../../../storage/sql/migration.ts';

/** The price book. `rates` is a JSON object of decimal strings, so that no rate passes through a floating-point number. */
export const ledgerPrice: Migration = {
  id: '2026-11-22-ledger-price',
  up: [
    `create table ledger_price (
      id text primary key,
      kind text not null check (kind in ('list', 'cost')),
      model text,
      target text,
      provider text,
      upstream_model text,
      rates text not null,
      free integer not null check (free in (0, 1)),
      effective_at_ms integer not null,
      created_at_ms integer not null,
      source text not null,
      note text,
      check (kind <> 'list' or (model is not null and provider is null and upstream_model is null)),
      check (kind <> 'cost' or (upstream_model is not null and model is null and target is null))
    ) strict, without rowid`,
    `create unique index ledger_price_subject on ledger_price (kind, coalesce(model, ''), coalesce(target, ''),
      coalesce(provider, ''), coalesce(upstream_model, ''), effective_at_ms)`,
  ],
};
