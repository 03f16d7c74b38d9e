import { useMemo } from 'react';
import type { Report } from '../../../src/fraud/simulation-report/contract.ts';
import { useFormats, useTexts } from '../../locales/language.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusText } from '../../ui/status.tsx';
import { longTextColumn, statusColumn } from '../../ui/usual-columns.tsx';
import { type CohortRow, cohortRows, type LevelRow, levelRows, type WayRow, wayRows } from './simulation-figures.ts';
import { simulationTexts } from './simulation-texts.ts';
import { useSimulationWords } from './simulation-words.ts';

type Bar = Report['bars'][number];

interface OfReport {
  readonly report: Report;
}

/** What is promised, and whether the worst seed keeps it. */
export function PromiseTable({ report: { bars } }: OfReport) {
  const t = useTexts(simulationTexts);
  const words = useSimulationWords();
  const columns = useMemo<readonly Column<Bar>[]>(
    () => [
      longTextColumn({ key: 'promise', header: t('promise'), text: ({ name }) => words.bar(name), width: 330 }),
      statusColumn({
        key: 'state',
        header: t('state'),
        status: ({ met }) => (met ? 'good' : 'bad'),
        word: ({ met }) => t(met ? 'met' : 'missed'),
        width: 110,
      }),
      numberColumn<Bar>(
        'worst',
        t('worst'),
        (bar) => bar.worst,
        (bar) => words.barValue(bar.name, bar.worst),
      ),
      numberColumn<Bar>(
        'mean',
        t('mean'),
        (bar) => bar.mean,
        (bar) => words.barValue(bar.name, bar.mean),
      ),
      {
        key: 'promised',
        header: t('promised'),
        align: 'end',
        sortable: false,
        value: ({ at_least, at_most }) => at_least ?? at_most ?? null,
        cell: ({ name, at_least, at_most }) =>
          at_least === undefined
            ? t('at_most', { value: words.barValue(name, at_most ?? null) })
            : t('at_least', { value: words.barValue(name, at_least) }),
        width: 140,
      },
    ],
    [t, words],
  );
  const broken = bars.filter(({ met }) => !met).length;
  return (
    <Panel
      title={t('promises')}
      padded={false}
      actions={
        <StatusText status={broken === 0 ? 'good' : 'bad'}>
          {broken === 0 ? t('kept', { kept: bars.length }) : t('broken', { broken, all: bars.length })}
        </StatusText>
      }
    >
      <DataTable label={t('promises')} rows={bars} columns={columns} rowId={({ name }) => name} empty={null} />
    </Panel>
  );
}

/** Farms by how they disguise themselves. */
export function LevelTable({ report }: OfReport) {
  const t = useTexts(simulationTexts);
  const words = useSimulationWords();
  const formats = useFormats();
  const rows = useMemo(() => levelRows(report), [report]);
  const columns = useMemo<readonly Column<LevelRow>[]>(
    () => [
      longTextColumn({ key: 'level', header: t('level'), text: ({ level }) => words.level(level), width: 260 }),
      numberColumn<LevelRow>(
        'recall',
        t('recall'),
        (row) => row.recall,
        (row) => formats.share(row.recall),
      ),
      numberColumn<LevelRow>(
        'extracted',
        t('extracted'),
        (row) => row.extracted,
        (row) => words.dollars(row.extracted),
      ),
      numberColumn<LevelRow>(
        'cost',
        t('cost'),
        (row) => row.cost,
        (row) => words.dollars(row.cost),
      ),
    ],
    [t, words, formats],
  );
  return <Noted title={t('levels')} note={t('levels_note')} rows={rows} columns={columns} rowId={(row) => row.level} />;
}

/** People who mean well, by what sets them apart. */
export function CohortTable({ report }: OfReport) {
  const t = useTexts(simulationTexts);
  const words = useSimulationWords();
  const formats = useFormats();
  const rows = useMemo(() => cohortRows(report), [report]);
  const columns = useMemo<readonly Column<CohortRow>[]>(() => {
    const count = (key: 'accounts' | 'wrong_link' | 'sanctioned' | 'delayed') =>
      numberColumn<CohortRow>(
        key,
        t(key),
        (row) => row[key],
        (row) => formats.number(row[key]),
      );
    return [
      longTextColumn({ key: 'cohort', header: t('cohort'), text: ({ cohort }) => words.cohort(cohort), width: 220 }),
      count('accounts'),
      numberColumn<CohortRow>(
        'first_answer',
        t('first_answer'),
        (row) => row.first_answer,
        (row) => formats.share(row.first_answer),
      ),
      count('wrong_link'),
      count('sanctioned'),
      count('delayed'),
    ];
  }, [t, words, formats]);
  const rowId = ({ cohort }: CohortRow) => cohort;
  return <Noted title={t('cohorts')} note={t('cohorts_note')} rows={rows} columns={columns} rowId={rowId} />;
}

/** The service beside simpler ways of the same purpose. */
export function WayTable({ report }: OfReport) {
  const t = useTexts(simulationTexts);
  const words = useSimulationWords();
  const formats = useFormats();
  const rows = useMemo(() => wayRows(report), [report]);
  const columns = useMemo<readonly Column<WayRow>[]>(() => {
    const write = (figure: WayRow['figure'], value: number | null) => {
      if (figure === 'extracted') return words.dollars(value);
      return figure === 'wrong' ? formats.number(value) : formats.share(value);
    };
    const way = (key: 'candor' | 'per_address_cap' | 'shared_values') =>
      numberColumn<WayRow>(
        key,
        t(`way_${key}`),
        (row) => row[key],
        (row) => write(row.figure, row[key]),
      );
    return [
      longTextColumn({ key: 'figure', header: t('figure'), text: ({ figure }) => t(`figure_${figure}`), width: 280 }),
      way('candor'),
      way('per_address_cap'),
      way('shared_values'),
    ];
  }, [t, words, formats]);
  if (rows.length === 0) return null;
  const rowId = ({ figure }: WayRow) => figure;
  return <Noted title={t('baselines')} note={t('baselines_note')} rows={rows} columns={columns} rowId={rowId} />;
}

interface NotedProps<Row extends object> {
  readonly title: string;
  readonly note: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowId: (row: Row) => string;
}

function Noted<Row extends object>({ title, note, ...table }: NotedProps<Row>) {
  return (
    <Panel title={title} padded={false}>
      <p className="panel-padded dimmed" style={{ margin: 0 }}>
        {note}
      </p>
      <DataTable label={title} {...table} empty={null} />
    </Panel>
  );
}

function numberColumn<Row>(
  key: string,
  header: string,
  value: (row: Row) => number | null,
  cell: (row: Row) => string,
): Column<Row> {
  return { key, header, align: 'end', value, cell, width: 120 };
}
