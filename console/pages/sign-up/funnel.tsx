import { useMemo } from 'react';
import type { z } from 'zod';
import { FUNNEL_STEPS, type FunnelStep, funnelView } from '../../../src/people/door/contract.ts';
import { useApi } from '../../api/queries.ts';
import { ApiPart } from '../../components/api-part.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { SeriesChart } from '../../ui/chart/series-chart.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatTile } from '../../ui/stat-tile.tsx';
import { signUpTexts } from './sign-up-texts.ts';

type Counts = z.infer<typeof funnelView>['data'];

const DAY_MS = 86_400_000;
const DAYS = 30;
const LOOK_EVERY_MS = 30_000;
/** Those that everybody passes who comes in. */
const SHOWN = FUNNEL_STEPS.filter((step) => step !== 'refused' && step !== 'waiting');

const dayOf = (atMs: number) => new Date(atMs).toISOString().slice(0, 10);

/** How far people came in the last thirty days, and how many came in by day. */
export function Funnel() {
  const now = Date.now();
  const query = { from: dayOf(now - (DAYS - 1) * DAY_MS), to: dayOf(now) };
  const state = useApi({ path: '/control/v1/sign-up/funnel', query, answer: funnelView }, { everyMs: LOOK_EVERY_MS });
  return (
    <ApiPart state={state}>
      {({ data }) => (data.length === 0 ? <Nobody /> : <Counted counts={data} to={query.to} />)}
    </ApiPart>
  );
}

function Nobody() {
  const t = useTexts(signUpTexts);
  return (
    <Panel title={`${t('funnel')} · ${t('funnel_days')}`}>
      <EmptyState title={t('funnel_empty')}>{t('funnel_empty_note')}</EmptyState>
    </Panel>
  );
}

function Counted({ counts, to }: { readonly counts: Counts; readonly to: string }) {
  const t = useTexts(signUpTexts);
  const formats = useFormats();
  const totals = useMemo(() => sumBy(counts, ({ step }) => step), [counts]);
  const steps = useMemo(
    () => ({
      labels: SHOWN.map((step) => t(`step_${step}`)),
      series: [{ name: t('people'), values: SHOWN.map((step) => totals.get(step) ?? 0) }],
    }),
    [totals, t],
  );
  const byDay = useMemo(() => seriesByDay(counts, to, t), [counts, to, t]);
  const today = sumBy(
    counts.filter(({ day }) => day === to),
    ({ step }) => step,
  );
  const submitted = totals.get('submitted') ?? 0;
  const shareOf = (step: FunnelStep) =>
    submitted === 0 ? formats.share(null) : formats.share((totals.get(step) ?? 0) / submitted);
  return (
    <>
      <div className="tiles by-four">
        <StatTile label={t('came_in')} value={formats.number(today.get('admitted') ?? 0)} />
        <StatTile label={t('step_verified')} value={shareOf('verified')} note={t('share')} />
        <StatTile label={t('step_first_answer')} value={shareOf('first_answer')} note={t('share')} />
        <StatTile label={t('step_refused')} value={shareOf('refused')} note={t('share')} />
      </div>
      <div className="columns">
        <SeriesChart
          title={`${t('funnel')} · ${t('funnel_days')}`}
          axis={t('step')}
          form="bar_across"
          stacked={false}
          labels={steps.labels}
          series={steps.series}
          format={formats.compact}
        />
        <SeriesChart
          title={`${t('step_admitted')} · ${t('funnel_days')}`}
          axis={t('day')}
          form="bar"
          stacked
          labels={byDay.labels}
          series={byDay.series}
          format={formats.compact}
        />
      </div>
    </>
  );
}

function seriesByDay(
  counts: Counts,
  to: string,
  t: (key: 'step_admitted' | 'step_waiting' | 'step_refused') => string,
) {
  const last = Date.parse(to);
  const labels = Array.from({ length: DAYS }, (_, at) => dayOf(last - (DAYS - 1 - at) * DAY_MS));
  const sums = sumBy(counts, ({ day, step }) => `${day} ${step}`);
  const of = (step: 'admitted' | 'waiting' | 'refused') => ({
    name: t(`step_${step}`),
    values: labels.map((day) => sums.get(`${day} ${step}`) ?? 0),
  });
  return { labels, series: [of('admitted'), of('waiting'), of('refused')] };
}

function sumBy<Key extends string>(counts: Counts, keyOf: (count: Counts[number]) => Key): Map<Key, number> {
  const sums = new Map<Key, number>();
  for (const one of counts) sums.set(keyOf(one), (sums.get(keyOf(one)) ?? 0) + one.count);
  return sums;
}
