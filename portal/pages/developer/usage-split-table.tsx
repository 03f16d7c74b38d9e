import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { ApiTable } from '../../../console/components/api-table.tsx';
import { useDimensionWords } from '../../../console/components/dimension-words.ts';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { measureTexts, plotMeasure, writeMeasure } from '../../../console/locales/measures.ts';
import type { Column } from '../../../console/ui/data-table/column.ts';
import { moneyColumn } from '../../../console/ui/money-column.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import type { PortalUsageAnswer, PortalUsageQueryInput } from '../../../src/portal/usage/contract.ts';
import { useOwnUsage } from '../../components/developer/own-usage.ts';
import type { Split } from './usage-splits.ts';
import { usageTexts } from './usage-texts.ts';

type Row = PortalUsageAnswer['rows'][number];

interface UsageSplitTableProps {
  readonly split: Split;
  readonly query: PortalUsageQueryInput;
  readonly choice: ReactNode;
}

/** Usage by app, key, model, member or end user, most charged first, each the way to itself alone. */
export function UsageSplitTable({ split, query, choice }: UsageSplitTableProps) {
  const t = useTexts(usageTexts);
  const answer = useOwnUsage(query);
  const columns = useColumns(split, answer.data);
  const more = answer.data?.other?.groups ?? 0;
  return (
    <Panel title={t(`by_${split}`)} actions={choice} padded={false}>
      <ApiTable
        label={t(`by_${split}`)}
        state={{ ...answer, data: answer.data?.rows }}
        columns={columns}
        rowId={(row) => row.group[split] ?? ''}
        empty={<p className="panel-padded dimmed">{t('none')}</p>}
      />
      {more === 0 ? null : <p className="panel-padded dimmed developer-line">{t('rest', { count: more })}</p>}
    </Panel>
  );
}

function useColumns(split: Split, answer: PortalUsageAnswer | undefined): readonly Column<Row>[] {
  const t = useTexts(usageTexts);
  const measured = useTexts(measureTexts);
  const formats = useFormats();
  const words = useDimensionWords();
  return useMemo(() => {
    const valueOf = (row: Row) => row.group[split] ?? null;
    const total = Number(answer?.totals.price_nano ?? 0);
    const number = (measure: 'requests' | 'input_tokens' | 'output_tokens' | 'error_share' | 'total_p50_ms') => ({
      key: measure,
      header: measured(`measure_${measure}`),
      align: 'end' as const,
      value: (row: Row) => plotMeasure(measure, row.values[measure]),
      cell: (row: Row) => writeMeasure(measure, row.values[measure], formats),
      width: 118,
    });
    return [
      {
        key: 'name',
        header: t(`by_${split}`),
        value: (row) => words(split, valueOf(row), answer?.names ?? {}),
        cell: (row) => {
          const value = valueOf(row);
          const name = words(split, value, answer?.names ?? {});
          if (value === null) return name;
          return (
            <Link
              to="."
              search={((before: object) => ({ ...before, [split]: value })) as never}
              className="link"
              title={value}
            >
              {name}
            </Link>
          );
        },
        width: 210,
      },
      moneyColumn<Row>({
        key: 'price',
        header: measured('measure_price_nano'),
        nano: (row) => (row.values.price_nano === undefined ? null : String(row.values.price_nano)),
        width: 110,
      }),
      {
        key: 'share',
        header: t('share'),
        align: 'end',
        value: (row) => (total === 0 ? null : Number(row.values.price_nano ?? 0) / total),
        cell: (row) => formats.share(total === 0 ? null : Number(row.values.price_nano ?? 0) / total),
        width: 90,
      },
      number('requests'),
      number('input_tokens'),
      number('output_tokens'),
      number('error_share'),
      { ...number('total_p50_ms'), hidden: true },
    ];
  }, [split, answer, t, measured, formats, words]);
}
