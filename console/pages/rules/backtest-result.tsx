import { useMemo } from 'react';
import type { BacktestView } from '../../../src/enforcement/rules/contract.ts';
import { AccountLink } from '../../components/account-link.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatTile } from '../../ui/stat-tile.tsx';
import { StatusText } from '../../ui/status.tsx';
import { timeColumn } from '../../ui/usual-columns.tsx';
import { backtestTexts } from './backtest-texts.ts';
import { EventLink } from './hits-panel.tsx';

type Result = NonNullable<BacktestView['result']>;
type Cohort = Result['cohorts']['product'][number];
type Sample = Result['samples'][number];

const HEIGHT_PX = 300;

interface BacktestResultProps {
  readonly test: BacktestView;
  readonly result: Result;
}

/** What a replay came to: how many, whom, what they paid, and a few to look at. */
export function BacktestResult({ test, result }: BacktestResultProps) {
  const t = useTexts(backtestTexts);
  const formats = useFormats();
  const done = t('done', { events: formats.number(test.events), time: formats.duration(result.took_ms) });
  return (
    <div className="page" role="status">
      <div className="row">
        <span>{done}</span>
        <span className="dimmed">
          {test.against === null ? t('against_none') : t('against', { version: test.against })}
        </span>
      </div>
      {test.not_stored.length === 0 ? null : (
        <StatusText status="warn">{t('not_stored', { names: test.not_stored.join(', ') })}</StatusText>
      )}
      {result.faults === 0 ? null : <StatusText status="bad">{t('faults', { count: result.faults })}</StatusText>}
      <Tiles result={result} />
      {result.hits === 0 && result.lost_hits === 0 ? <span className="dimmed">{t('nothing')}</span> : null}
      <div className="columns">
        <Cohorts title={t('product')} cohorts={result.cohorts.product} />
        <Cohorts title={t('client')} cohorts={result.cohorts.client} />
        <Cohorts title={t('plan')} cohorts={result.cohorts.plan} />
      </div>
      {result.samples.length === 0 ? null : <Samples samples={result.samples} />}
    </div>
  );
}

function Tiles({ result }: { readonly result: Result }) {
  const t = useTexts(backtestTexts);
  const formats = useFormats();
  const harmed = formats.number(Math.round(result.harmed_per_10000 * 100) / 100);
  return (
    <div className="tiles">
      <StatTile label={t('hits')} value={formats.number(result.hits)} />
      <StatTile label={t('new_hits')} value={formats.number(result.new_hits)} note={t('new_hits_note')} />
      <StatTile label={t('lost_hits')} value={formats.number(result.lost_hits)} note={t('lost_hits_note')} />
      <StatTile
        label={t('accounts')}
        value={formats.number(result.accounts)}
        note={t('of_accounts', { total: formats.number(result.accounts_total) })}
      />
      <StatTile label={t('harmed')} value={harmed} note={t('harmed_note')} />
      <StatTile label={t('money')} value={formats.money(result.price_nano)} />
      <StatTile label={t('unknown')} value={formats.number(result.unknown)} />
    </div>
  );
}

function Cohorts({ title, cohorts }: { readonly title: string; readonly cohorts: readonly Cohort[] }) {
  const t = useTexts(backtestTexts);
  const formats = useFormats();
  const columns = useMemo(
    (): readonly Column<Cohort>[] => [
      {
        key: 'value',
        header: t('value'),
        value: ({ value }) => (value === 'none' ? t('none') : value),
        width: 130,
      },
      { key: 'hits', header: t('hits'), align: 'end', value: ({ hits }) => hits, width: 80 },
      { key: 'accounts', header: t('accounts'), align: 'end', value: ({ accounts }) => accounts, width: 90 },
      {
        key: 'share',
        header: t('share'),
        align: 'end',
        value: ({ hits, events }) => (events === null || events === 0 ? null : hits / events),
        cell: ({ hits, events }) => formats.share(events === null || events === 0 ? null : hits / events),
        width: 110,
      },
    ],
    [t, formats],
  );
  if (cohorts.length === 0) return null;
  return (
    <Panel title={title} padded={false}>
      <DataTable
        label={title}
        columns={columns}
        rows={cohorts}
        rowId={({ value }) => value}
        heightMax={HEIGHT_PX}
        empty={null}
      />
    </Panel>
  );
}

const KIND_STATUS = { new: 'warn', lost: 'none', same: 'good' } as const;

function Samples({ samples }: { readonly samples: readonly Sample[] }) {
  const t = useTexts(backtestTexts);
  const formats = useFormats();
  const columns = useMemo(
    (): readonly Column<Sample>[] => [
      {
        key: 'kind',
        header: t('kind'),
        value: ({ kind }) => t(`kind_${kind}`),
        cell: ({ kind }) => <StatusText status={KIND_STATUS[kind]}>{t(`kind_${kind}`)}</StatusText>,
        width: 110,
      },
      timeColumn<Sample>(formats, { key: 'at', header: t('at'), at: ({ at }) => at }),
      {
        key: 'account',
        header: t('account'),
        value: (row) => row.account_id,
        cell: (row) => <AccountLink id={row.account_id} />,
        width: 200,
      },
      {
        key: 'event',
        header: t('event'),
        value: (row) => row.event_id,
        cell: (row) => <EventLink id={row.event_id} />,
        width: 170,
      },
    ],
    [t, formats],
  );
  return (
    <Panel title={t('samples')} padded={false}>
      <DataTable
        label={t('samples')}
        columns={columns}
        rows={samples}
        rowId={(row) => `${row.kind} ${row.event_id}`}
        heightMax={HEIGHT_PX}
        empty={null}
      />
    </Panel>
  );
}
