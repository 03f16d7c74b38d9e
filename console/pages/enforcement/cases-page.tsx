import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { z } from 'zod';
import {
  CASE_FIELDS,
  CASE_STATES,
  type CaseListView,
  caseListView,
  CASES_PAGE_MAX,
  queueListView,
  QUERY_CHARS_MAX,
} from '../../../src/enforcement/cases/contract.ts';
import { useApi } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { ApiTable } from '../../components/api-table.tsx';
import { useSearchState } from '../../components/search-state.ts';
import { useRowKeys } from '../../components/use-row-keys.ts';
import { useTexts } from '../../locales/language.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useCaseColumns } from './case-columns.tsx';
import { caseTexts } from './case-texts.ts';
import { useCaseWords } from './case-words.tsx';
import './enforcement.css';
import { KeyLine } from './key-line.tsx';
import { OwnDay } from './own-day.tsx';
import { useNextCase } from './use-next-case.ts';
import { useKeys } from './use-keys.ts';

const STATES = ['undecided', ...CASE_STATES, 'all'] as const;
const QUERY_EXAMPLE = 'severity >= 2 && age_hours > 24.0';
const LOOK_EVERY_MS = 15_000;
const search = z.object({
  queue: z.string().optional().catch(undefined),
  state: z.enum(STATES).catch('undecided'),
  mine: z.coerce.string().pipe(z.literal('1')).optional().catch(undefined),
  query: z.string().optional().catch(undefined),
});

/** What a person must decide, the most pressing first. */
export function CasesPage() {
  const t = useTexts(caseTexts);
  const may = useMay();
  const [{ queue }] = useSearchState(search);
  const next = useNextCase(queue);
  const mayDecide = may('enforcement.write');
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')}>
        {may('cases.lead') ? (
          <Button variant="default" renderRoot={(props) => <Link to="/enforcement/reviewers" {...props} />}>
            {t('people')}
          </Button>
        ) : null}
        {mayDecide ? (
          <>
            <Button variant="default" renderRoot={(props) => <Link to="/enforcement/bulk" {...props} />}>
              {t('bulk')}
            </Button>
            <Button loading={next.running} onClick={next.take}>
              {t('take_next')}
            </Button>
          </>
        ) : null}
      </PageHeader>
      <OwnDay />
      <Queues />
      <CaseFilters />
      <Queue onNext={mayDecide ? next.take : null} />
    </div>
  );
}

function Queues() {
  const t = useTexts(caseTexts);
  const words = useCaseWords();
  const [{ queue }, change] = useSearchState(search);
  const state = useApi({ path: '/control/v1/enforcement/queues', answer: queueListView }, { everyMs: LOOK_EVERY_MS });
  const queues = state.data?.data ?? [];
  const all = queues.reduce((sum, { waiting, assigned }) => sum + waiting + assigned, 0);
  const cards = [
    { name: undefined, waiting: all, overdue: queues.reduce((sum, { overdue }) => sum + overdue, 0), reviewers: null },
    ...queues,
  ];
  return (
    <div className="queue-strip">
      {cards.map(({ name, waiting, overdue, reviewers }) => (
        <button
          key={name ?? 'all'}
          type="button"
          className="queue-card"
          aria-pressed={queue === name}
          title={reviewers === null ? undefined : t('queue_people', { count: reviewers })}
          onClick={() => change({ queue: name })}
        >
          <span>{words('queue', name ?? 'all')}</span>
          <strong>{waiting}</strong>
          <span className="status" data-status="bad">
            {overdue === 0 ? null : t('overdue_count', { count: overdue })}
          </span>
        </button>
      ))}
    </div>
  );
}

function CaseFilters() {
  const t = useTexts(caseTexts);
  const words = useCaseWords();
  const [{ state, mine, query = '' }, change] = useSearchState(search);
  const [typed, setTyped] = useState(query);
  const fields = Object.keys(CASE_FIELDS).join(', ');
  return (
    <div className="case-filters">
      <Select
        label={t('state')}
        w={180}
        allowDeselect={false}
        value={state}
        data={STATES.map((value) => ({ value, label: words('state', value) }))}
        onChange={(value) => change({ state: value === 'undecided' ? undefined : (value ?? undefined) })}
      />
      <form
        className="case-search"
        onSubmit={(event) => {
          event.preventDefault();
          change({ query: typed.trim() === '' ? undefined : typed.trim() });
        }}
      >
        <TextInput
          label={t('search')}
          description={
            <>
              {t('search_help')} <code>{fields}</code>
            </>
          }
          inputWrapperOrder={['label', 'input', 'description']}
          placeholder={QUERY_EXAMPLE}
          classNames={{ input: 'mono' }}
          maxLength={QUERY_CHARS_MAX}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </form>
      <Checkbox
        label={t('mine')}
        checked={mine === '1'}
        onChange={(event) => change({ mine: event.currentTarget.checked ? '1' : undefined })}
      />
    </div>
  );
}

function Queue({ onNext }: { readonly onNext: (() => void) | null }) {
  const t = useTexts(caseTexts);
  const navigate = useNavigate();
  const [{ queue, state, mine, query }, change] = useSearchState(search);
  const asked = useMemo(() => ({ queue, state, mine, query, limit: CASES_PAGE_MAX }), [queue, state, mine, query]);
  const answer = useApi(
    { path: '/control/v1/enforcement/cases', query: asked, answer: caseListView },
    { everyMs: LOOK_EVERY_MS },
  );
  const rows = useMemo(() => ({ ...answer, data: answer.data?.data }), [answer]);
  const columns = useCaseColumns();
  const place = useRef<HTMLDivElement>(null);
  useRowKeys(place, () => undefined);
  useKeys({
    n: onNext ?? (() => undefined),
    m: () => change({ mine: mine === '1' ? undefined : '1' }),
  });
  const filtered = queue !== undefined || mine !== undefined || query !== undefined || state !== 'undecided';
  return (
    <div ref={place} className="page">
      <Unknown answer={answer.data} />
      <Panel padded={false}>
        <ApiTable
          label={t('table')}
          state={rows}
          columns={columns}
          rowId={(row) => row.id}
          empty={<NoCases filtered={filtered} onClear={() => change(NO_FILTERS)} />}
          onOpen={({ id }) => void navigate({ to: '/enforcement/cases/$id', params: { id } })}
        />
      </Panel>
      <KeyLine
        keys={[
          ['j k', t('keys_move')],
          ['Enter', t('keys_open')],
          ...(onNext === null ? [] : [['n', t('keys_next')] as const]),
          ['m', t('keys_mine')],
        ]}
      />
    </div>
  );
}

const NO_FILTERS = { queue: undefined, state: undefined, mine: undefined, query: undefined } as const;

function Unknown({ answer }: { readonly answer: CaseListView | undefined }) {
  const t = useTexts(caseTexts);
  if (answer === undefined || answer.unknown === 0) return null;
  return <span className="dimmed">{t('search_unknown', { count: answer.unknown })}</span>;
}

function NoCases({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  const t = useTexts(caseTexts);
  if (!filtered) return <EmptyState title={t('no_cases')}>{t('no_cases_note')}</EmptyState>;
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
