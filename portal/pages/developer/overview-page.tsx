import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApi } from '../../../console/api/queries.ts';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { everyBucket } from '../../../console/components/usage.ts';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { plotMeasure, writeMeasure, writePlotted } from '../../../console/locales/measures.ts';
import { SeriesChart } from '../../../console/ui/chart/series-chart.tsx';
import { EmptyState } from '../../../console/ui/empty-state.tsx';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import { StatTile } from '../../../console/ui/stat-tile.tsx';
import { portalBalanceView } from '../../../src/portal/billing/contract.ts';
import {
  type PortalUsageAnswer,
  type PortalUsageQueryInput,
  USAGE_INTERVALS,
} from '../../../src/portal/usage/contract.ts';
import { useAccount, useMay } from '../../components/account.tsx';
import '../../components/developer/developer.css';
import { useOwnUsage, useThisMonth } from '../../components/developer/own-usage.ts';
import { AttentionPanel } from './attention-panel.tsx';
import { overviewTexts } from './overview-texts.ts';

const DAYS_SHOWN = 30;

/** The first page of an account: what is left, what was used, and what needs its people. */
export function OverviewPage() {
  const t = useTexts(overviewTexts);
  const { name, kind } = useAccount();
  const seesUsage = useMay()('own.usage.read');
  return (
    <div className="page">
      <PageHeader title={kind === 'workspace' ? name : t('title')} note={t('note')} />
      <Tiles />
      <AttentionPanel />
      {seesUsage ? <LastDays /> : null}
    </div>
  );
}

function Tiles() {
  const t = useTexts(overviewTexts);
  const formats = useFormats();
  const may = useMay();
  const month = useThisMonth();
  const query = useMemo<PortalUsageQueryInput>(
    () => ({ ...month, measures: ['price_nano', 'requests', 'tokens', 'refusal_share'] }),
    [month],
  );
  const used = useOwnUsage(query, { enabled: may('own.usage.read') });
  const totals = used.data?.totals;
  const told = (measure: 'price_nano' | 'requests' | 'tokens') =>
    totals === undefined ? undefined : writeMeasure(measure, totals[measure] ?? 0, formats);
  const refused = Number(totals?.refusal_share ?? 0);
  return (
    <div className="tiles by-four">
      {may('own.billing.read') ? <CreditTile /> : null}
      {may('own.usage.read') ? (
        <>
          <StatTile label={t('this_month')} value={told('price_nano')} />
          <StatTile
            label={t('requests')}
            value={told('requests')}
            {...(refused > 0 && { note: t('refused', { share: formats.share(refused) }) })}
          />
          <StatTile label={t('tokens')} value={told('tokens')} />
        </>
      ) : null}
    </div>
  );
}

function CreditTile() {
  const t = useTexts(overviewTexts);
  const formats = useFormats();
  const { id } = useAccount();
  const mayWrite = useMay()('own.billing.write');
  const balance = useApi({ path: apiPath`/portal/v1/accounts/${id}/balance`, answer: portalBalanceView }).data;
  const free =
    balance === undefined || balance.free_nano === '0'
      ? ''
      : t('free_of_it', { amount: formats.money(balance.free_nano) });
  return (
    <StatTile
      label={t('available')}
      value={balance === undefined ? undefined : formats.money(balance.available_nano)}
      note={
        <span className="row" style={{ gap: '2px 10px' }}>
          {free}
          {mayWrite ? (
            <Link to="/credit" className="link">
              {t('add_credit')}
            </Link>
          ) : null}
        </span>
      }
    />
  );
}

function LastDays() {
  const dayMs = USAGE_INTERVALS.day;
  const today = Math.floor(Date.now() / dayMs);
  const query = useMemo<PortalUsageQueryInput>(
    () => ({
      from: new Date((today - DAYS_SHOWN + 1) * dayMs).toISOString(),
      to: new Date((today + 1) * dayMs).toISOString(),
      measures: ['price_nano', 'requests', 'completed', 'refused', 'failed'],
      interval: 'day',
    }),
    [today, dayMs],
  );
  const state = useOwnUsage(query);
  return (
    <ApiPart state={state}>
      {(answer) => (answer.totals.requests === 0 ? <FirstRequest /> : <Pictures answer={answer} />)}
    </ApiPart>
  );
}

function FirstRequest() {
  const t = useTexts(overviewTexts);
  return (
    <div className="panel">
      <EmptyState
        title={t('first_title')}
        action={
          <span className="row">
            <Link to="/quick-start" className="link">
              {t('quick_start')}
            </Link>
            <Link to="/playground" className="link">
              {t('playground')}
            </Link>
          </span>
        }
      >
        {t('first_note')}
      </EmptyState>
    </div>
  );
}

function Pictures({ answer }: { readonly answer: PortalUsageAnswer }) {
  const t = useTexts(overviewTexts);
  const rows = useMemo(
    () => everyBucket(answer.rows, { from: answer.from, to: answer.to, intervalMs: USAGE_INTERVALS.day }),
    [answer],
  );
  return (
    <>
      <div className="columns">
        <DayChart title={t('charged_by_day')} measure="price_nano" rows={rows} />
        <DayChart title={t('requests_by_day')} measure="requests" rows={rows} />
      </div>
      <div>
        <Link to="/usage" className="link">
          {t('all_usage')}
        </Link>
      </div>
    </>
  );
}

interface DayChartProps {
  readonly title: string;
  readonly measure: 'price_nano' | 'requests';
  readonly rows: readonly PortalUsageAnswer['rows'][number][];
}

function DayChart({ title, measure, rows }: DayChartProps) {
  const t = useTexts(overviewTexts);
  const formats = useFormats();
  // A day of UTC is told by its date, whatever the time zone of the browser makes of its first moment.
  const labels = useMemo(() => rows.map(({ at }) => at?.slice(5, 10) ?? ''), [rows]);
  const series = useMemo(
    () => [{ name: title, values: rows.map((row) => plotMeasure(measure, row.values[measure] ?? 0)) }],
    [rows, measure, title],
  );
  const format = useMemo(() => (value: number | null) => writePlotted(measure, value, formats), [measure, formats]);
  return (
    <SeriesChart
      title={title}
      axis={t('time')}
      form="bar"
      stacked={false}
      labels={labels}
      series={series}
      format={format}
    />
  );
}
