import { useMemo } from 'react';
import {
  type EnforcementReport,
  enforcementSimulationView,
} from '../../../src/enforcement/simulation-report/contract.ts';
import { useApi } from '../../api/queries.ts';
import { ApiPart } from '../../components/api-part.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { Panel } from '../../ui/panel.tsx';
import { longTextColumn } from '../../ui/usual-columns.tsx';
import {
  type AbuserRow,
  abuserRows,
  type HonestRow,
  honestRows,
  type RuleRow,
  ruleRows,
} from './enforcement-figures.ts';
import { enforcementSimulationTexts } from './enforcement-simulation-texts.ts';
import { Noted, numberColumn, PromiseTable } from './simulation-parts.tsx';

const COMMAND = 'npm run simulate -- enforcement --seeds 1,2,3 --write-report';

type Key = keyof (typeof enforcementSimulationTexts)['en'];
const KEYS: ReadonlySet<string> = new Set(Object.keys(enforcementSimulationTexts.en));

interface OfReport {
  readonly report: EnforcementReport;
}

/** What the last simulation of enforcement that was written down found, held against what is promised. */
export function EnforcementSimulation() {
  const t = useTexts(enforcementSimulationTexts);
  const state = useApi({ path: '/control/v1/enforcement/simulation', answer: enforcementSimulationView });
  return (
    <ApiPart state={state}>
      {({ report }) =>
        report === null ? (
          <div className="panel">
            <EmptyState title={t('none')} command={COMMAND}>
              {t('none_note')}
            </EmptyState>
          </div>
        ) : (
          <Shown report={report} />
        )
      }
    </ApiPart>
  );
}

function Shown({ report }: OfReport) {
  const words = useWords();
  return (
    <div className="page">
      <RunPanel report={report} />
      <PromiseTable bars={report.bars} words={words} />
      <AbuserTable report={report} />
      <HonestTable report={report} />
      <RuleTable report={report} />
    </div>
  );
}

/** Names of the simulation by their words, and its numbers as what they are; a name that is new stands as it is. */
function useWords() {
  const t = useTexts(enforcementSimulationTexts);
  const formats = useFormats();
  return useMemo(() => {
    const word = (start: 'who' | 'way' | 'bar', name: string) => {
      const key = `${start}_${name}`;
      return isKey(key) ? t(key) : name;
    };
    return {
      who: (name: string) => word('who', name),
      way: (name: string) => word('way', name),
      bar: (name: string) => word('bar', name),
      barValue: (name: string, value: number | null) =>
        SHARES.has(name) ? formats.share(value) : formats.number(value),
    };
  }, [t, formats]);
}

const SHARES: ReadonlySet<string> = new Set([
  'declared_researchers_suspended',
  'returns_matched_levels_1_to_3',
  'ring_level_3_served',
]);

function isKey(key: string): key is Key {
  return KEYS.has(key);
}

function RunPanel({ report }: OfReport) {
  const t = useTexts(enforcementSimulationTexts);
  const formats = useFormats();
  const { made_at: madeAt, populations, scale, heeding, runs } = report;
  return (
    <Panel title={t('run')}>
      <KeyValues
        items={[
          [t('made'), madeAt === undefined ? t('made_unknown') : formats.time(madeAt)],
          [t('seeds'), runs.map(({ seed }) => seed).join(', ')],
          [
            t('populations'),
            <span key="populations" className="mono">
              {populations.name}
            </span>,
          ],
          [t('scale'), formats.share(scale)],
          [t('heeding'), t('heeding_value', { share: formats.share(heeding) })],
        ]}
      />
    </Panel>
  );
}

function AbuserTable({ report }: OfReport) {
  const t = useTexts(enforcementSimulationTexts);
  const words = useWords();
  const formats = useFormats();
  const rows = useMemo(() => abuserRows(report), [report]);
  const columns = useMemo<readonly Column<AbuserRow>[]>(() => {
    const count = (key: 'people' | 'median' | 'p90' | 'minutes') =>
      numberColumn<AbuserRow>(
        key,
        t(key),
        (row) => row[key],
        (row) => formats.number(row[key]),
      );
    return [
      longTextColumn({ key: 'who', header: t('who'), text: ({ who }) => words.who(who), width: 260 }),
      count('people'),
      count('median'),
      count('p90'),
      count('minutes'),
    ];
  }, [t, words, formats]);
  return <Noted title={t('abusers')} note={t('abusers_note')} rows={rows} columns={columns} rowId={({ who }) => who} />;
}

function HonestTable({ report }: OfReport) {
  const t = useTexts(enforcementSimulationTexts);
  const words = useWords();
  const formats = useFormats();
  const rows = useMemo(() => honestRows(report), [report]);
  const columns = useMemo<readonly Column<HonestRow>[]>(() => {
    const count = (key: 'people' | 'throttled' | 'cooled_off' | 'suspended') =>
      numberColumn<HonestRow>(
        key,
        t(key),
        (row) => row[key],
        (row) => formats.number(row[key]),
      );
    return [
      longTextColumn({ key: 'who', header: t('who'), text: ({ who }) => words.who(who), width: 260 }),
      count('people'),
      count('throttled'),
      count('cooled_off'),
      count('suspended'),
    ];
  }, [t, words, formats]);
  return <Noted title={t('honest')} note={t('honest_note')} rows={rows} columns={columns} rowId={({ who }) => who} />;
}

function RuleTable({ report }: OfReport) {
  const t = useTexts(enforcementSimulationTexts);
  const words = useWords();
  const formats = useFormats();
  const rows = useMemo(() => ruleRows(report), [report]);
  const columns = useMemo<readonly Column<RuleRow>[]>(() => {
    const share = (key: 'banned' | 'banned_declared') =>
      numberColumn<RuleRow>(
        key,
        t(key),
        (row) => row[key],
        (row) => formats.share(row[key]),
      );
    return [
      longTextColumn({ key: 'way', header: t('way'), text: ({ way }) => words.way(way), width: 260 }),
      share('banned'),
      share('banned_declared'),
      numberColumn<RuleRow>(
        'heavy_median',
        t('heavy_median'),
        (row) => row.heavy_median,
        (row) => formats.number(row.heavy_median),
      ),
    ];
  }, [t, words, formats]);
  return <Noted title={t('ways')} note={t('ways_note')} rows={rows} columns={columns} rowId={({ way }) => way} />;
}
