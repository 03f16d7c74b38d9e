import { Select } from '@mantine/core';
import { useMemo } from 'react';
import { z } from 'zod';
import { apiPath } from '../../../console/api/client.ts';
import { useApi } from '../../../console/api/queries.ts';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { useSearchState } from '../../../console/components/search-state.ts';
import { LOCALE_OF } from '../../../console/locales/define-texts.ts';
import { useFormats, useLanguage, useTexts } from '../../../console/locales/language.tsx';
import type { Column } from '../../../console/ui/data-table/column.ts';
import { DataTable } from '../../../console/ui/data-table/data-table.tsx';
import { EmptyState } from '../../../console/ui/empty-state.tsx';
import { moneyColumn } from '../../../console/ui/money-column.tsx';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { StatTile } from '../../../console/ui/stat-tile.tsx';
import { Working } from '../../../console/ui/working.tsx';
import { portalStatementView, type PortalStatementView } from '../../../src/portal/billing/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { statementTexts } from './statement-texts.ts';

const MONTHS_OFFERED = 24;
const statementSearch = z.object({
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
    .optional()
    .catch(undefined),
});

/** What changed the credit in a month. */
export function StatementPage() {
  const t = useTexts(statementTexts);
  const { id, created_at: createdAt } = useAccount();
  const [search, change] = useSearchState(statementSearch);
  const months = useMonths(createdAt);
  const month = search.month ?? months[0]?.value ?? '';
  const state = useApi({
    path: apiPath`/portal/v1/accounts/${id}/statement`,
    query: { month },
    answer: portalStatementView,
  });
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')}>
        <Select
          aria-label={t('month')}
          allowDeselect={false}
          value={month}
          data={months}
          onChange={(next) => change({ month: next ?? undefined })}
        />
      </PageHeader>
      {state.error?.reason === 'no_statement' ? (
        <div className="panel">
          <EmptyState title={t('none')}>{t('none_note')}</EmptyState>
        </div>
      ) : (
        <ApiPart state={state} waiting={<Working label={t('making')} share={null} />}>
          {(statement) => <Statement statement={statement} />}
        </ApiPart>
      )}
    </div>
  );
}

/** This month of UTC and those before it, as far back as the account goes. */
function useMonths(createdAt: string): { value: string; label: string }[] {
  const { language } = useLanguage();
  return useMemo(() => {
    const writer = new Intl.DateTimeFormat(LOCALE_OF[language], { year: 'numeric', month: 'long', timeZone: 'UTC' });
    const now = new Date();
    const first = createdAt.slice(0, 7);
    return Array.from({ length: MONTHS_OFFERED }, (_, at) => {
      const start = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - at));
      return { value: start.toISOString().slice(0, 7), label: writer.format(start) };
    }).filter(({ value }) => value >= first);
  }, [language, createdAt]);
}

function Statement({ statement }: { readonly statement: PortalStatementView }) {
  const t = useTexts(statementTexts);
  const formats = useFormats();
  const columns = useColumns();
  const { opening_nano: opening, closing_nano: closing, held_nano: held } = statement;
  const changed = BigInt(closing) - BigInt(opening);
  return (
    <>
      <div className="tiles">
        <StatTile label={t('opening')} value={formats.money(opening)} />
        <StatTile label={t('change')} value={formats.money(changed)} />
        <StatTile
          label={t(statement.complete ? 'closing' : 'closing_now')}
          value={formats.money(closing)}
          {...(held !== '0' && { note: t('held', { amount: formats.money(held) }) })}
        />
      </div>
      <Panel padded={false}>
        <DataTable
          label={`${t('title')} ${statement.month}`}
          columns={columns}
          rows={statement.lines}
          rowId={(row) => JSON.stringify(row)}
          empty={<p className="panel-padded dimmed">{t('quiet')}</p>}
        />
      </Panel>
    </>
  );
}

type Line = PortalStatementView['lines'][number];
const KINDS = [
  'usage',
  'grant',
  'payment',
  'refund',
  'dispute',
  'expiry',
  'clawback',
  'tranche',
  'subscription',
  'recognition',
  'correction',
] as const;

function useColumns(): readonly Column<Line>[] {
  const t = useTexts(statementTexts);
  const formats = useFormats();
  return useMemo(() => {
    const kindOf = (row: Line) => {
      const known = KINDS.find((kind) => kind === row.kind);
      return known === undefined ? row.kind : t(`kind_${known}`);
    };
    const count = (key: 'requests' | 'input' | 'output', of: (row: Line) => number | null): Column<Line> => ({
      key,
      header: t(`col_${key}`),
      align: 'end',
      value: of,
      cell: (row) => formats.number(of(row)),
      width: 120,
    });
    return [
      {
        key: 'at',
        header: t('col_at'),
        value: (row) => row.at,
        // The usage of a day has no time of it, and the day is that of UTC.
        cell: (row) => (row.at.length === DAY_CHARS ? row.at : formats.time(row.at)),
        width: 180,
      },
      { key: 'what', header: t('col_what'), value: kindOf, width: 160 },
      { key: 'model', header: t('col_model'), value: (row) => row.model, width: 150 },
      count('requests', (row) => row.requests),
      count('input', (row) => row.input_tokens),
      count('output', (row) => row.output_tokens),
      moneyColumn<Line>({ key: 'amount', header: t('col_amount'), nano: (row) => row.amount_nano, width: 130 }),
    ];
  }, [t, formats]);
}

const DAY_CHARS = 10;
