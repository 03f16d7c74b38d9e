import { Button, SegmentedControl } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { z } from 'zod';
import { apiPath } from '../../../console/api/client.ts';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { useDimensionWords } from '../../../console/components/dimension-words.ts';
import { FreshnessLine } from '../../../console/components/freshness-line.tsx';
import { useSearchState } from '../../../console/components/search-state.ts';
import { TimeRange, type TimeSpan, useTimeSpan } from '../../../console/components/time-range.tsx';
import { changeOf } from '../../../console/components/usage.ts';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { measureTexts, plotMeasure, writeMeasure } from '../../../console/locales/measures.ts';
import { EmptyState } from '../../../console/ui/empty-state.tsx';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import { StatTile } from '../../../console/ui/stat-tile.tsx';
import { StatusText } from '../../../console/ui/status.tsx';
import type { PortalUsageAnswer, PortalUsageQueryInput } from '../../../src/portal/usage/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { FileButton } from '../../components/developer/file-button.tsx';
import { useOwnUsage } from '../../components/developer/own-usage.ts';
import { UsageChart } from './usage-chart.tsx';
import { UsageSplitTable } from './usage-split-table.tsx';
import { type Split, SPLITS } from './usage-splits.ts';
import { usageTexts } from './usage-texts.ts';

type Where = NonNullable<PortalUsageQueryInput['where']>;

const narrowing = z.string().max(256).optional().catch(undefined);
const usageSearch = z.object({
  by: z.enum(SPLITS).catch('app'),
  app: narrowing,
  key: narrowing,
  model: narrowing,
  member: narrowing,
  end_user: narrowing,
});

const TILES = ['price_nano', 'requests', 'tokens', 'error_share'] as const;

/** What the account used: numbers against the time before, over time, and by app, key, model or member. */
export function UsagePage() {
  const t = useTexts(usageTexts);
  const account = useAccount();
  const span = useTimeSpan('30d');
  const [search] = useSearchState(usageSearch);
  const where = useWhere(search);
  const query = useMemo<PortalUsageQueryInput>(
    () => ({
      from: span.from,
      to: span.to,
      where,
      measures: [...TILES, 'input_tokens', 'output_tokens'],
      compare: 'previous',
    }),
    [span.from, span.to, where],
  );
  const state = useOwnUsage(query);
  const table = useMemo(() => splitQuery(search.by, span, where), [search.by, span, where]);
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')}>
        <TimeRange byDefault="30d" presets={['24h', '7d', '30d', '90d']} />
        <FileButton
          label={t('export')}
          path={apiPath`/portal/v1/accounts/${account.id}/usage/export`}
          body={{ ...table, interval: 'day', limit: 200 }}
          name={`usage-${search.by}-${span.from.slice(0, 10)}-${span.to.slice(0, 10)}.csv`}
        />
      </PageHeader>
      <Narrowed answer={state.data} />
      <Tiles answer={state.data} />
      <ApiPart state={state}>
        {(answer) =>
          answer.totals.requests === 0 ? (
            <NothingUsed />
          ) : (
            <>
              <UsageChart span={span} where={where} split={search.by} />
              <UsageSplitTable split={search.by} query={table} choice={<SplitChoice />} />
            </>
          )
        }
      </ApiPart>
      <FreshnessLine
        freshness={state.data?.freshness}
        tookMs={null}
        refreshing={state.refreshing}
        onRefresh={state.retry}
      />
    </div>
  );
}

function useWhere(search: z.output<typeof usageSearch>): Where {
  const { app, key, model, member, end_user } = search;
  return useMemo(() => {
    const wanted = { app, key, model, member, end_user };
    return SPLITS.flatMap((dimension) => {
      const value = wanted[dimension];
      return value === undefined ? [] : [{ dimension, op: 'in' as const, values: [value] }];
    });
  }, [app, key, model, member, end_user]);
}

function splitQuery(split: Split, { from, to }: TimeSpan, where: Where): PortalUsageQueryInput {
  return {
    from,
    to,
    where,
    by: [split],
    measures: ['requests', 'input_tokens', 'output_tokens', 'price_nano', 'error_share', 'total_p50_ms'],
    order: 'price_nano',
    limit: 100,
  };
}

function SplitChoice() {
  const t = useTexts(usageTexts);
  const { kind } = useAccount();
  const [{ by }, change] = useSearchState(usageSearch);
  const offered = SPLITS.filter((split) => split !== 'member' || kind === 'workspace');
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('split')}
      value={by}
      data={offered.map((split) => ({ value: split, label: t(`by_${split}`) }))}
      onChange={(next) => change({ by: next === 'app' ? undefined : next })}
    />
  );
}

/** What the numbers are narrowed to, with the way back. */
function Narrowed({ answer }: { readonly answer: PortalUsageAnswer | undefined }) {
  const t = useTexts(usageTexts);
  const words = useDimensionWords();
  const [search, change] = useSearchState(usageSearch);
  const chosen = SPLITS.filter((split) => search[split] !== undefined);
  if (chosen.length === 0 && answer?.own_only !== true) return null;
  const everything = Object.fromEntries(chosen.map((split) => [split, undefined]));
  return (
    <div className="row">
      {answer?.own_only === true ? <StatusText status="none">{t('own_only')}</StatusText> : null}
      {chosen.map((split) => (
        <span key={split}>
          {t('narrowed', {
            dimension: t(`by_${split}`),
            value: words(split, search[split] ?? null, answer?.names ?? {}),
          })}
        </span>
      ))}
      {chosen.length === 0 ? null : (
        <Button variant="subtle" onClick={() => change(everything)}>
          {t('all_again')}
        </Button>
      )}
    </div>
  );
}

function Tiles({ answer }: { readonly answer: PortalUsageAnswer | undefined }) {
  const words = useTexts(measureTexts);
  const formats = useFormats();
  const compared = Number(answer?.previous_totals?.requests ?? 0) > 0;
  return (
    <div className="tiles by-four">
      {TILES.map((measure) => {
        const value = answer?.totals[measure] ?? null;
        const before = answer?.previous_totals?.[measure] ?? null;
        const change = changeOf(plotMeasure(measure, value), plotMeasure(measure, before));
        const delta = { change, before: writeMeasure(measure, before, formats) };
        return (
          <StatTile
            key={measure}
            label={words(`measure_${measure}`)}
            value={answer === undefined ? undefined : writeMeasure(measure, value, formats)}
            delta={compared ? (measure === 'error_share' ? { ...delta, good: 'down' } : delta) : null}
          />
        );
      })}
    </div>
  );
}

function NothingUsed() {
  const t = useTexts(usageTexts);
  return (
    <div className="panel">
      <EmptyState
        title={t('none')}
        action={
          <Link to="/quick-start" className="link">
            {t('to_quick_start')}
          </Link>
        }
      >
        {t('none_note')}
      </EmptyState>
    </div>
  );
}
