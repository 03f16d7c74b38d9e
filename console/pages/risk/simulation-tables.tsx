import { useMemo } from 'react';
import type { Report } from '../../../src/fraud/simulation-report/contract.ts';
import { useFormats, useTexts } from '../../locales/language.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { longTextColumn } from '../../ui/usual-columns.tsx';
import { type CohortRow, cohortRows, type LevelRow, levelRows, type WayRow, wayRows } from './simulation-figures.ts';
import { Noted, numberColumn } from './simulation-parts.tsx';
import { simulationTexts } from './simulation-texts.ts';
import { useSimulationWords } from './simulation-words.ts';

interface OfReport {
  readonly report: Report;
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
