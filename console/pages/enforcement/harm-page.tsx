import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type HarmEstimateView, type HarmView, harmView } from '../../../src/enforcement/harm/contract.ts';
import { useApi } from '../../api/queries.ts';
import { ApiPart } from '../../components/api-part.tsx';
import { NOTHING } from '../../locales/formats.ts';
import { useFormats, useTexts } from '../../locales/language.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import type { Status } from '../../ui/palette.ts';
import { Panel } from '../../ui/panel.tsx';
import { StatTile } from '../../ui/stat-tile.tsx';
import { statusColumn } from '../../ui/usual-columns.tsx';
import './enforcement.css';
import { HarmPauses } from './harm-pauses.tsx';
import { harmTexts } from './harm-texts.ts';
import { useCohortWords } from './harm-words.ts';

const LOOK_EVERY_MS = 60_000;

/** How many legitimate people enforcement hurts, and what was paused for it. */
export function HarmPage() {
  const t = useTexts(harmTexts);
  const state = useApi({ path: '/control/v1/enforcement/harm', answer: harmView }, { everyMs: LOOK_EVERY_MS });
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')}>
        <Link to="/enforcement/cases" search={{ queue: 'audits' } as never} className="link">
          {t('audits_link')}
        </Link>
      </PageHeader>
      <ApiPart state={state}>{(harm) => <Shown harm={harm} />}</ApiPart>
    </div>
  );
}

function Shown({ harm }: { readonly harm: HarmView }) {
  const t = useTexts(harmTexts);
  const formats = useFormats();
  const columns = useColumns();
  const measured = harm.estimates.filter(({ sanctions, missed }) => sanctions > 0 || missed.audited > 0);
  const { throttle, suspend, terminate } = harm.weights;
  return (
    <>
      <Tiles harm={harm} />
      <Panel title={t('by_cohort', { days: harm.days })} padded={false}>
        <DataTable
          label={t('by_cohort', { days: harm.days })}
          rows={measured}
          columns={columns}
          rowId={({ cohort }) => `${cohort.kind} ${cohort.value}`}
          empty={<EmptyState title={t('nothing')}>{t('nothing_note')}</EmptyState>}
        />
      </Panel>
      <p className="dimmed" style={{ margin: 0 }}>
        {t('weights', {
          throttle: formats.number(throttle),
          suspend: formats.number(suspend),
          terminate: formats.number(terminate),
        })}{' '}
        {t('rates', {
          percent: formats.number(harm.rates.sanctions_percent),
          perDay: formats.number(harm.rates.unsanctioned_per_day),
          waiting: harm.waiting,
        })}{' '}
        {t('missed_note')}
      </p>
      <HarmPauses pauses={harm.pauses} />
    </>
  );
}

function Tiles({ harm }: { readonly harm: HarmView }) {
  const t = useTexts(harmTexts);
  const formats = useFormats();
  const cohortWords = useCohortWords();
  const ten = (value: number | null) => formats.number(value === null ? null : Math.round(value * 100) / 100);
  const overall = harm.estimates.find(({ cohort }) => cohort.kind === 'all');
  const [worst] = harm.estimates
    .filter(({ cohort, state }) => cohort.kind !== 'all' && state !== 'unknown')
    .toSorted((one, other) => (other.per_10k ?? 0) - (one.per_10k ?? 0));
  const line = (one: HarmEstimateView) =>
    t('upper_line', { upper: ten(one.upper_per_10k), limit: ten(one.limit_per_10k) });
  return (
    <div className="tiles">
      <StatTile
        label={t('overall')}
        value={overall?.state === 'unknown' ? t('state_unknown') : ten(overall?.per_10k ?? null)}
        note={overall === undefined || overall.state === 'unknown' ? undefined : line(overall)}
      />
      <StatTile
        label={t('worst')}
        value={ten(worst?.per_10k ?? null)}
        note={worst === undefined ? undefined : `${cohortWords(worst.cohort)}: ${line(worst)}`}
      />
      <StatTile label={t('waiting')} value={formats.number(harm.waiting)} />
      <StatTile
        label={t('paused_now')}
        value={formats.number(harm.pauses.filter(({ lifted }) => lifted === null).length)}
      />
    </div>
  );
}

const STATUS: Readonly<Record<HarmEstimateView['state'], Status>> = { within: 'good', above: 'bad', unknown: 'none' };

function useColumns(): readonly Column<HarmEstimateView>[] {
  const t = useTexts(harmTexts);
  const formats = useFormats();
  const cohortWords = useCohortWords();
  return useMemo(() => {
    const count = (
      key: string,
      header: string,
      value: (row: HarmEstimateView) => number | null,
    ): Column<HarmEstimateView> => ({
      key,
      header,
      align: 'end',
      value,
      cell: (row) => {
        const of = value(row);
        return formats.number(of === null ? null : Math.round(of * 100) / 100);
      },
      width: 92,
    });
    return [
      { key: 'cohort', header: t('cohort'), value: (row) => cohortWords(row.cohort), width: 250 },
      statusColumn<HarmEstimateView>({
        key: 'state',
        header: t('state'),
        status: (row) => STATUS[row.state],
        word: (row) => t(`state_${row.state}`),
        width: 140,
      }),
      count('estimate', t('estimate'), (row) => row.per_10k),
      count('upper', t('upper'), (row) => row.upper_per_10k),
      count('limit', t('limit'), (row) => row.limit_per_10k),
      count('wrong', t('wrong'), (row) => row.wrong),
      count('audited', t('audited'), (row) => row.audited),
      count('sanctions', t('sanctions'), (row) => row.sanctions),
      count('active', t('active'), (row) => row.active),
      {
        key: 'missed',
        header: t('missed'),
        align: 'end',
        value: (row) => row.missed.found,
        cell: ({ missed }) =>
          missed.audited === 0
            ? NOTHING
            : t('missed_of', { found: formats.number(missed.found), audited: formats.number(missed.audited) }),
        width: 85,
      },
    ];
  }, [t, formats, cohortWords]);
}
