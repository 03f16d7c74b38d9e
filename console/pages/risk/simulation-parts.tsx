import { useMemo } from 'react';
import type { Report } from '../../../src/fraud/simulation-report/contract.ts';
import { useTexts } from '../../locales/language.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusText } from '../../ui/status.tsx';
import { longTextColumn, statusColumn } from '../../ui/usual-columns.tsx';
import { simulationTexts } from './simulation-texts.ts';

type Bar = Report['bars'][number];

interface PromiseTableProps {
  readonly bars: readonly Bar[];
  /** The promise by its words, and a value as what it is. */
  readonly words: { bar(name: string): string; barValue(name: string, value: number | null): string };
}

/** What is promised, and whether the worst seed keeps it. */
export function PromiseTable({ bars, words }: PromiseTableProps) {
  const t = useTexts(simulationTexts);
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

interface NotedProps<Row extends object> {
  readonly title: string;
  readonly note: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowId: (row: Row) => string;
}

/** A table with a sentence on what stands in it. */
export function Noted<Row extends object>({ title, note, ...table }: NotedProps<Row>) {
  return (
    <Panel title={title} padded={false}>
      <p className="panel-padded dimmed" style={{ margin: 0 }}>
        {note}
      </p>
      <DataTable label={title} {...table} empty={null} />
    </Panel>
  );
}

export function numberColumn<Row>(
  key: string,
  header: string,
  value: (row: Row) => number | null,
  cell: (row: Row) => string,
): Column<Row> {
  return { key, header, align: 'end', value, cell, width: 120 };
}
