import { SegmentedControl } from '@mantine/core';
import { useMemo } from 'react';
import { z } from 'zod';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { useDimensionWords } from '../../../console/components/dimension-words.ts';
import { useSearchState } from '../../../console/components/search-state.ts';
import type { TimeSpan } from '../../../console/components/time-range.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { plotMeasure, writePlotted } from '../../../console/locales/measures.ts';
import { SeriesChart } from '../../../console/ui/chart/series-chart.tsx';
import {
  type PortalUsageAnswer,
  type PortalUsageQueryInput,
  USAGE_INTERVALS,
} from '../../../src/portal/usage/contract.ts';
import { useOwnUsage } from '../../components/developer/own-usage.ts';
import type { Split } from './usage-splits.ts';
import { usageTexts } from './usage-texts.ts';

const MEASURES = ['price_nano', 'requests', 'tokens'] as const;
type Measure = (typeof MEASURES)[number];
const TITLES = { price_nano: 'charged_over_time', requests: 'requests_over_time', tokens: 'tokens_over_time' } as const;

const chartSearch = z.object({ show: z.enum(MEASURES).catch('price_nano') });
/** From here on, days are enough to see. */
const HOURS_UP_TO_MS = 3 * 86_400_000;
/** The rest is told together. */
const SERIES_MAX = 6;

interface UsageChartProps {
  readonly span: TimeSpan;
  readonly where: NonNullable<PortalUsageQueryInput['where']>;
  readonly split: Split;
}

/** Usage over time, stacked by what it is split by. */
export function UsageChart({ span, where, split }: UsageChartProps) {
  const [{ show }] = useSearchState(chartSearch);
  const interval = span.spanMs <= HOURS_UP_TO_MS ? 'hour' : 'day';
  const query = useMemo<PortalUsageQueryInput>(
    () => ({
      from: aligned(span.from, interval),
      to: span.to,
      where: [...where],
      by: [split],
      measures: [show],
      interval,
      order: show,
      limit: SERIES_MAX,
    }),
    [span.from, span.to, where, split, show, interval],
  );
  const state = useOwnUsage(query);
  return (
    <ApiPart state={state}>
      {(answer) => <Picture answer={answer} split={split} show={show} spanMs={span.spanMs} />}
    </ApiPart>
  );
}

/** The first bucket is whole. */
function aligned(from: string, interval: keyof typeof USAGE_INTERVALS): string {
  const ms = USAGE_INTERVALS[interval];
  return new Date(Math.floor(Date.parse(from) / ms) * ms).toISOString();
}

interface PictureProps {
  readonly answer: PortalUsageAnswer;
  readonly split: Split;
  readonly show: Measure;
  readonly spanMs: number;
}

function Picture({ answer, split, show, spanMs }: PictureProps) {
  const t = useTexts(usageTexts);
  const formats = useFormats();
  const words = useDimensionWords();
  const buckets = useMemo(() => bucketsOf(answer), [answer]);
  const labels = useMemo(() => buckets.map((at) => formats.axisTime(at, spanMs)), [buckets, formats, spanMs]);
  const series = useMemo(() => {
    const groups = [...new Set(answer.rows.map(({ group }) => group[split] ?? null))];
    return groups.map((value) => {
      const own = new Map(
        answer.rows
          .filter(({ group }) => (group[split] ?? null) === value)
          .map((row) => [Date.parse(row.at ?? ''), plotMeasure(show, row.values[show])]),
      );
      return { name: words(split, value, answer.names ?? {}), values: buckets.map((at) => own.get(at) ?? 0) };
    });
  }, [answer, buckets, split, show, words]);
  const format = useMemo(() => (value: number | null) => writePlotted(show, value, formats), [show, formats]);
  return (
    <SeriesChart
      title={t(TITLES[show])}
      axis={t('time')}
      form="bar"
      stacked
      labels={labels}
      series={series}
      format={format}
      actions={<MeasureChoice />}
    />
  );
}

function bucketsOf({ from, to, interval_ms: interval }: PortalUsageAnswer): number[] {
  if (interval === null) return [];
  const first = Math.floor(Date.parse(from) / interval) * interval;
  const count = Math.ceil((Date.parse(to) - first) / interval);
  return Array.from({ length: count }, (_, at) => first + at * interval);
}

function MeasureChoice() {
  const t = useTexts(usageTexts);
  const [{ show }, change] = useSearchState(chartSearch);
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('measure')}
      value={show}
      data={MEASURES.map((measure) => ({ value: measure, label: t(TITLES[measure]) }))}
      onChange={(next) => change({ show: next === 'price_nano' ? undefined : next }, { replace: true })}
    />
  );
}
