import { Button, Kbd } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useRef } from 'react';
import { statusView } from '../../../src/moderation/contract.ts';
import { useApi, useApiPages } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { ApiTable } from '../../components/api-table.tsx';
import { moderationTexts } from '../../components/moderation-texts.ts';
import { useSearchState } from '../../components/search-state.ts';
import { TimeRange, useTimeSpan } from '../../components/time-range.tsx';
import { useTexts } from '../../locales/language.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import './moderation.css';
import { QueueFilters } from './queue-filters.tsx';
import { FOUND, KEY_LABELS, labelsOfKey, NO_FILTERS, queueSearch, recordPages } from './queue-state.ts';
import { queueTexts } from './queue-texts.ts';
import { markOf, useRecordColumns } from './record-columns.tsx';
import { StatusStrip } from './status-strip.tsx';
import { useCorrection } from './use-correction.ts';
import { useRowKeys } from '../../components/use-row-keys.ts';

const PAGE_ROWS = 100;
const HOW_TO_TURN_ON = 'products:\n  api:\n    moderation: on';

/** What moderation found, for a person to judge. */
export function QueuePage() {
  const t = useTexts(queueTexts);
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')}>
        <TryButton />
        <TimeRange byDefault="7d" />
      </PageHeader>
      <StatusStrip />
      <QueueFilters />
      <Queue />
      <KeyHelp />
    </div>
  );
}

function TryButton() {
  const t = useTexts(queueTexts);
  return (
    <Button variant="default" renderRoot={(props) => <Link to="/moderation/try" {...props} />}>
      {t('try_it')}
    </Button>
  );
}

function Queue() {
  const t = useTexts(queueTexts);
  const navigate = useNavigate();
  const may = useMay();
  const [search, change] = useSearchState(queueSearch);
  const span = useTimeSpan('7d');
  const query = useMemo(() => {
    const { result = FOUND, ...rest } = search;
    const results = result === 'all' ? {} : { result };
    return { ...rest, ...results, from: span.from, to: span.to, limit: PAGE_ROWS };
  }, [search, span.from, span.to]);
  const state = useApiPages(
    { path: '/control/v1/moderation/records', query, answer: recordPages },
    { cursor: 'cursor' },
  );
  const columns = useRecordColumns();
  const place = useRef<HTMLDivElement>(null);
  const { correct } = useCorrection();
  useRowKeys(place, (key, mark) => {
    const labels = labelsOfKey(key);
    const record = state.data?.find((one) => markOf(one) === mark);
    if (labels !== null && record !== undefined && may('moderation.label')) void correct(record, labels);
  });
  const filtered = Object.keys(NO_FILTERS).some((name) => search[name as keyof typeof NO_FILTERS] !== undefined);
  return (
    <div ref={place}>
      <Panel padded={false}>
        <ApiTable
          label={t('table')}
          state={state}
          columns={columns}
          rowId={markOf}
          empty={<NoRecords filtered={filtered} onClear={() => change(NO_FILTERS)} />}
          onOpen={({ request_id: id, subject }) =>
            void navigate({ to: '/moderation/records/$id', params: { id }, search: { subject } })
          }
        />
      </Panel>
    </div>
  );
}

interface NoRecordsProps {
  readonly filtered: boolean;
  readonly onClear: () => void;
}

function NoRecords({ filtered, onClear }: NoRecordsProps) {
  const t = useTexts(queueTexts);
  const status = useApi({ path: '/control/v1/moderation/status', answer: statusView }).data;
  if (status?.stages.every(({ state }) => state === 'off') === true) {
    return (
      <EmptyState title={t('off')} command={HOW_TO_TURN_ON}>
        {t('off_note')}
      </EmptyState>
    );
  }
  if (!filtered) {
    return (
      <EmptyState title={t('no_records')} action={<TryButton />}>
        {t('no_records_note')}
      </EmptyState>
    );
  }
  const clear = (
    <Button variant="default" onClick={onClear}>
      {t('clear')}
    </Button>
  );
  return (
    <EmptyState title={t('no_match')} action={clear}>
      {t('no_match_note')}
    </EmptyState>
  );
}

/** Which keys judge a row; told also to who may not, with the reason. */
function KeyHelp() {
  const t = useTexts(queueTexts);
  const words = useTexts(moderationTexts);
  const mayJudge = useMay()('moderation.label');
  const judging: readonly (readonly [string, string])[] = [
    ['0', t('keys_harmless')],
    ...KEY_LABELS.map((label, at) => [String(at + 1), words(`label_${label}`)] as const),
  ];
  const keys = [['j k', t('keys_move')], ['Enter', t('keys_open')], ...(mayJudge ? judging : [])] as const;
  return (
    <section className="key-help" aria-label={t('keys')}>
      <h2 className="section-title">{t('keys')}</h2>
      <ul>
        {keys.map(([key, meaning]) => (
          <li key={key}>
            {key.split(' ').map((one) => (
              <Kbd key={one} size="xs">
                {one}
              </Kbd>
            ))}{' '}
            {meaning}
          </li>
        ))}
      </ul>
      <p className="dimmed">{t(mayJudge ? 'keys_note' : 'may_not')}</p>
    </section>
  );
}
