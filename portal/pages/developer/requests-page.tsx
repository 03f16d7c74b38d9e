import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useMemo, useState } from 'react';
import { z } from 'zod';
import { apiPath } from '../../../console/api/client.ts';
import { useApiPages } from '../../../console/api/queries.ts';
import { ApiTable } from '../../../console/components/api-table.tsx';
import { useSearchState } from '../../../console/components/search-state.ts';
import { TimeRange, type TimeSpan, useTimeSpan } from '../../../console/components/time-range.tsx';
import { useTexts } from '../../../console/locales/language.tsx';
import { EmptyState } from '../../../console/ui/empty-state.tsx';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { portalRequestsAnswer } from '../../../src/portal/usage/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { FileButton } from '../../components/developer/file-button.tsx';
import { useReasonWords } from '../../components/developer/reason-words.ts';
import { useRequestColumns } from './request-columns.tsx';
import { requestsTexts } from './requests-texts.ts';

const text = z.string().max(256).optional().catch(undefined);
const requestsSearch = z.object({
  only: z.enum(['completed', 'not_completed']).optional().catch(undefined),
  key: text,
  app: text,
  reason: text,
});
type Search = z.output<typeof requestsSearch>;

/** Single requests, newest first, each the way to its receipt. */
export function RequestsPage() {
  const t = useTexts(requestsTexts);
  const account = useAccount();
  const navigate = useNavigate();
  const span = useTimeSpan('24h');
  const [search] = useSearchState(requestsSearch);
  const body = useMemo(() => questionOf(span, search), [span, search]);
  const state = useApiPages({
    method: 'POST',
    path: apiPath`/portal/v1/accounts/${account.id}/requests/query`,
    body,
    answer: portalRequestsAnswer,
  });
  const columns = useRequestColumns({
    withMember: account.kind === 'workspace',
    reasonFirst: search.only === 'not_completed',
  });
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')}>
        <TimeRange />
        <FileButton
          label={t('export')}
          path={apiPath`/portal/v1/accounts/${account.id}/requests/export`}
          body={body}
          name={`requests-${span.from.slice(0, 10)}-${span.to.slice(0, 10)}.csv`}
        />
      </PageHeader>
      <Panel padded={false}>
        <Choices />
        <ApiTable
          label={t('title')}
          state={state}
          columns={columns}
          rowId={(row) => row.id}
          onOpen={(row) => void navigate({ to: '/requests/$id', params: { id: row.id } })}
          empty={<NoRequests />}
        />
      </Panel>
    </div>
  );
}

function questionOf({ from, to }: TimeSpan, { only, key, app, reason }: Search) {
  const is = (dimension: string, value: string | undefined) =>
    value === undefined ? [] : [{ dimension, op: 'in', values: [value] }];
  const outcome =
    only === undefined
      ? []
      : [{ dimension: 'outcome', op: only === 'completed' ? 'in' : 'not_in', values: ['completed'] }];
  return { from, to, where: [...outcome, ...is('key', key), ...is('app', app), ...is('reason', reason)], limit: 100 };
}

function Choices() {
  const t = useTexts(requestsTexts);
  const words = useReasonWords();
  const [search, change] = useSearchState(requestsSearch);
  const narrowed = [
    ...(search.key === undefined ? [] : [t('narrowed_key', { value: search.key })]),
    ...(search.app === undefined ? [] : [t('narrowed_app', { value: search.app })]),
    ...(search.reason === undefined ? [] : [t('narrowed_reason', { value: words(search.reason) })]),
  ];
  return (
    <div className="row panel-padded">
      <SegmentedControl
        size="xs"
        aria-label={t('outcome')}
        value={search.only ?? ''}
        data={[
          { value: '', label: t('all') },
          { value: 'completed', label: t('completed') },
          { value: 'not_completed', label: t('not_completed') },
        ]}
        onChange={(next) => change({ only: next === '' ? undefined : next })}
      />
      {narrowed.length === 0 ? null : (
        <>
          <span>{narrowed.join(' · ')}</span>
          <Button variant="subtle" onClick={() => change({ key: undefined, app: undefined, reason: undefined })}>
            {t('all_again')}
          </Button>
        </>
      )}
      <OpenById />
    </div>
  );
}

function OpenById() {
  const t = useTexts(requestsTexts);
  const navigate = useNavigate();
  const [id, setId] = useState('');
  const open = (event: FormEvent) => {
    event.preventDefault();
    if (id.trim() !== '') void navigate({ to: '/requests/$id', params: { id: id.trim() } });
  };
  return (
    <form className="row" onSubmit={open} style={{ marginInlineStart: 'auto', flexWrap: 'nowrap' }}>
      <TextInput
        aria-label={t('find')}
        placeholder={t('find_hint')}
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
      />
      <Button variant="default" type="submit">
        {t('open')}
      </Button>
    </form>
  );
}

function NoRequests() {
  const t = useTexts(requestsTexts);
  return (
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
  );
}
