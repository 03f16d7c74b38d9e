import { SegmentedControl } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { z } from 'zod';
import { appealListView, APPEALS_PAGE_MAX, type AppealView } from '../../../src/enforcement/appeals/contract.ts';
import { useApiPages } from '../../api/queries.ts';
import { AccountLink } from '../../components/account-link.tsx';
import { ApiTable } from '../../components/api-table.tsx';
import { enforcementTexts } from '../../components/enforcement-texts.ts';
import { enforcementWord } from '../../components/enforcement-words.tsx';
import { useSearchState } from '../../components/search-state.ts';
import { useFormats, useTexts } from '../../locales/language.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusText } from '../../ui/status.tsx';
import { longTextColumn, timeColumn } from '../../ui/usual-columns.tsx';
import { APPEALS_PATH, appealStatus } from './appeal-state.ts';
import { appealsTexts } from './appeals-texts.ts';

const TABS = ['open', 'answered', 'withdrawn'] as const;
const LOOK_EVERY_MS = 30_000;
const search = z.object({ state: z.enum(TABS).catch('open') });

/** Who contests a decision, those that are due first before the others. */
export function AppealsPage() {
  const t = useTexts(appealsTexts);
  const navigate = useNavigate();
  const [{ state: tab }, change] = useSearchState(search);
  const columns = useColumns();
  const state = useApiPages(
    { path: APPEALS_PATH, query: { state: tab, limit: APPEALS_PAGE_MAX }, answer: appealListView },
    { everyMs: LOOK_EVERY_MS },
  );
  const empty = tab === 'open' ? (['empty_open', 'empty_open_note'] as const) : (['empty', 'empty_note'] as const);
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')}>
        <SegmentedControl
          aria-label={t('tabs')}
          value={tab}
          data={TABS.map((value) => ({ value, label: t(`tab_${value}`) }))}
          onChange={(value) => change({ state: value === 'open' ? undefined : TABS.find((one) => one === value) })}
        />
      </PageHeader>
      <Panel padded={false}>
        <ApiTable
          label={t('title')}
          state={state}
          columns={columns}
          rowId={(row) => row.id}
          onOpen={(row) => void navigate({ to: '/enforcement/appeals/$id', params: { id: row.id } } as never)}
          empty={<EmptyState title={t(empty[0])}>{t(empty[1])}</EmptyState>}
        />
      </Panel>
    </div>
  );
}

function useColumns(): readonly Column<AppealView>[] {
  const t = useTexts(appealsTexts);
  const words = useTexts(enforcementTexts);
  const formats = useFormats();
  return useMemo(() => {
    const aboutOf = ({ step, conduct }: AppealView) =>
      [
        step === null ? null : enforcementWord(words, 'step', step),
        conduct && enforcementWord(words, 'conduct', conduct),
      ]
        .filter((word) => word !== null)
        .join(' · ');
    return [
      {
        key: 'due',
        header: t('col_due'),
        value: (row) => row.due_at,
        cell: (row) => <Due appeal={row} />,
        width: 190,
      },
      longTextColumn<AppealView>({ key: 'about', header: t('col_about'), text: aboutOf, width: 250 }),
      {
        key: 'account',
        header: t('col_account'),
        value: (row) => row.account_name ?? row.account_id,
        cell: (row) => <AccountLink id={row.account_id} name={row.account_name} />,
        width: 180,
      },
      {
        key: 'state',
        header: t('col_state'),
        value: (row) => row.state,
        cell: (row) => <StatusText status={appealStatus(row.state)}>{t(`state_${row.state}`)}</StatusText>,
        width: 130,
      },
      {
        key: 'reviewer',
        header: t('col_reviewer'),
        value: (row) => row.reviewer?.name ?? row.reviewer?.id ?? null,
        cell: (row) => row.reviewer?.name ?? row.reviewer?.id ?? <span className="dimmed">{t('nobody')}</span>,
        width: 150,
      },
      longTextColumn<AppealView>({
        key: 'source',
        header: t('col_source'),
        text: (row) => t(`source_${row.source}`),
        width: 110,
      }),
      timeColumn<AppealView>(formats, { key: 'filed', header: t('col_filed'), at: (row) => row.filed_at }),
    ];
  }, [t, words, formats]);
}

/** By when it is answered; past that, or urgent, it says so. */
export function Due({ appeal }: { readonly appeal: Pick<AppealView, 'due_at' | 'overdue' | 'urgent'> }) {
  const t = useTexts(appealsTexts);
  const formats = useFormats();
  const day = formats.shortTime(appeal.due_at);
  if (appeal.overdue) return <StatusText status="bad">{`${t('overdue')} · ${day}`}</StatusText>;
  return appeal.urgent ? <StatusText status="warn">{`${t('urgent')} · ${day}`}</StatusText> : day;
}
