import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { type ReviewerView, reviewerListView } from '../../../src/enforcement/cases/contract.ts';
import { useApi } from '../../api/queries.ts';
import { ApiPart } from '../../components/api-part.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { SeriesChart } from '../../ui/chart/series-chart.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusText } from '../../ui/status.tsx';
import { statusColumn, verbColumn } from '../../ui/usual-columns.tsx';
import { AgreementPanel } from './agreement-panel.tsx';
import './enforcement.css';
import { ReviewerSettings } from './reviewer-settings.tsx';
import { reviewersTexts } from './reviewers-texts.ts';

const LOOK_EVERY_MS = 60_000;

/** Load and wellbeing of the people who review, for whoever looks after them. */
export function ReviewersPage() {
  const t = useTexts(reviewersTexts);
  const state = useApi(
    { path: '/control/v1/enforcement/reviewers', answer: reviewerListView },
    { everyMs: LOOK_EVERY_MS },
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')}>
        <Link to="/enforcement/cases" className="link">
          {t('back')}
        </Link>
      </PageHeader>
      <ApiPart state={state}>{({ data }) => <People people={data} />}</ApiPart>
      <AgreementPanel />
    </div>
  );
}

function People({ people }: { readonly people: readonly ReviewerView[] }) {
  const t = useTexts(reviewersTexts);
  const [open, setOpen] = useState<string | null>(null);
  const columns = useColumns(setOpen);
  const chosen = people.find(({ id }) => id === open) ?? null;
  return (
    <>
      <Panel title={t('people')} padded={false}>
        <DataTable
          label={t('people')}
          rows={people}
          columns={columns}
          rowId={(row) => row.id}
          empty={<EmptyState title={t('nobody')}>{t('nobody_note')}</EmptyState>}
        />
      </Panel>
      {people.some(hasRead) ? <MinutesChart people={people} /> : null}
      {chosen === null ? null : <ReviewerSettings key={chosen.id} reviewer={chosen} onClose={() => setOpen(null)} />}
    </>
  );
}

function hasRead({ days }: ReviewerView): boolean {
  return days.some(({ minutes_exposed: minutes }) => minutes > 0);
}

function MinutesChart({ people }: { readonly people: readonly ReviewerView[] }) {
  const t = useTexts(reviewersTexts);
  const formats = useFormats();
  const days = useMemo(
    () => people[0]?.days.map(({ day }) => formats.date(`${day}T12:00:00Z`)) ?? [],
    [people, formats],
  );
  const series = useMemo(
    () => people.map(({ name, days: theirs }) => ({ name, values: theirs.map((day) => day.minutes_exposed) })),
    [people],
  );
  return (
    <SeriesChart
      title={t('chart')}
      axis={t('day')}
      form="bar"
      stacked={false}
      labels={days}
      series={series}
      format={formats.number}
      height={220}
    />
  );
}

function useColumns(onOpen: (id: string) => void): readonly Column<ReviewerView>[] {
  const t = useTexts(reviewersTexts);
  const formats = useFormats();
  return useMemo(() => {
    const sum = (row: ReviewerView, of: (day: ReviewerView['days'][number]) => number) =>
      row.days.reduce((all, day) => all + of(day), 0);
    const count = (key: string, header: string, value: (row: ReviewerView) => number): Column<ReviewerView> => ({
      key,
      header,
      align: 'end',
      value,
      cell: (row) => formats.number(Math.round(value(row))),
      width: 102,
    });
    return [
      { key: 'name', header: t('name'), value: (row) => row.name, width: 140 },
      statusColumn<ReviewerView>({
        key: 'state',
        header: t('state'),
        status: (row) => (row.active && !row.away ? 'good' : 'none'),
        word: (row) => t(!row.active ? 'disabled' : row.away ? 'away' : 'here'),
        width: 85,
      }),
      {
        key: 'care',
        header: t('care'),
        value: (row) => row.care.length,
        cell: (row) => <CareText row={row} />,
        width: 200,
      },
      {
        key: 'today',
        header: t('today'),
        align: 'end',
        value: (row) => row.budget.minutes_used,
        cell: ({ budget }) =>
          t('minutes_of', { used: formats.number(budget.minutes_used), max: formats.number(budget.minutes_max) }),
        width: 115,
      },
      {
        key: 'severe',
        header: t('severe'),
        align: 'end',
        value: (row) => row.budget.severe_used,
        cell: ({ budget }) =>
          t('severe_of', { used: formats.number(budget.severe_used), max: formats.number(budget.severe_max) }),
        width: 80,
      },
      count('holds', t('holds'), (row) => row.holds),
      count('week', t('week'), (row) => sum(row, (day) => day.minutes_exposed)),
      count('decided', t('decided'), (row) => sum(row, (day) => day.decided)),
      count('late', t('late'), (row) => row.late_decided),
      verbColumn<ReviewerView>(t('settings'), 155, (row) => (
        <Button variant="default" size="compact-sm" onClick={() => onOpen(row.id)}>
          {t('settings')}
        </Button>
      )),
    ];
  }, [t, formats, onOpen]);
}

function CareText({ row }: { readonly row: ReviewerView }) {
  const t = useTexts(reviewersTexts);
  if (row.care.length === 0) return <span className="dimmed">{t('care_none')}</span>;
  const words = row.care.map((care) => t(`care_${care}`)).join(', ');
  return (
    <span title={words}>
      <StatusText status="warn">{words}</StatusText>
    </span>
  );
}
