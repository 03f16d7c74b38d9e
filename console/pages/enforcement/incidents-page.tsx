import { Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { z } from 'zod';
import { INCIDENTS_PAGE_MAX, incidentListView } from '../../../src/enforcement/signals/contract.ts';
import { useApiPages } from '../../api/queries.ts';
import { AccountLink } from '../../components/account-link.tsx';
import { AccountSelect } from '../../components/account-select.tsx';
import { ApiTable } from '../../components/api-table.tsx';
import { enforcementTexts } from '../../components/enforcement-texts.ts';
import { enforcementWord, SeverityText } from '../../components/enforcement-words.tsx';
import { useSearchState } from '../../components/search-state.ts';
import { useFormats, useTexts } from '../../locales/language.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import type { Status } from '../../ui/palette.ts';
import { Panel } from '../../ui/panel.tsx';
import { statusColumn, timeColumn } from '../../ui/usual-columns.tsx';
import './enforcement.css';
import { incidentsTexts } from './incidents-texts.ts';
import { readerWord } from './reader-word.ts';

type Incident = z.infer<typeof incidentListView>['data'][number];

const { state: incidentState, conduct: incidentConduct } = incidentListView.shape.data.element.shape;
const INCIDENT_STATES = incidentState.options;
const CONDUCTS = incidentConduct.options;
const STATUS: Readonly<Record<Incident['state'], Status>> = {
  doubtful: 'warn',
  confirmed: 'bad',
  dismissed: 'good',
  undone: 'none',
};
const search = z.object({
  account: z.string().optional().catch(undefined),
  state: z.enum(INCIDENT_STATES).optional().catch(undefined),
  conduct: z.enum(CONDUCTS).optional().catch(undefined),
});

/** What was found, folded into incidents, the newest first. */
export function IncidentsPage() {
  const t = useTexts(incidentsTexts);
  const navigate = useNavigate();
  const [asked] = useSearchState(search);
  const query = useMemo(() => ({ ...asked, limit: INCIDENTS_PAGE_MAX }), [asked]);
  const state = useApiPages(
    { path: '/control/v1/enforcement/incidents', query, answer: incidentListView },
    { cursor: 'before' },
  );
  const columns = useColumns();
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <IncidentFilters />
      <Panel padded={false}>
        <ApiTable
          label={t('table')}
          state={state}
          columns={columns}
          rowId={(row) => row.id}
          empty={<EmptyState title={t('none')}>{t('none_note')}</EmptyState>}
          onOpen={({ owner }) => void navigate({ to: '/enforcement/accounts/$id', params: { id: owner.account_id } })}
        />
      </Panel>
    </div>
  );
}

function IncidentFilters() {
  const t = useTexts(incidentsTexts);
  const words = useTexts(enforcementTexts);
  const [{ account, state, conduct }, change] = useSearchState(search);
  return (
    <div className="case-filters">
      <AccountSelect
        label={t('account')}
        placeholder={t('any_account')}
        value={account ?? null}
        clearable
        onChange={(value) => change({ account: value ?? undefined })}
      />
      <Select
        label={t('state')}
        placeholder={t('all')}
        clearable
        value={state ?? null}
        data={INCIDENT_STATES.map((value) => ({ value, label: enforcementWord(words, 'incident', value) }))}
        onChange={(value) => change({ state: value ?? undefined })}
      />
      <Select
        label={t('conduct')}
        placeholder={t('all')}
        clearable
        value={conduct ?? null}
        data={CONDUCTS.map((value) => ({ value, label: enforcementWord(words, 'conduct', value) }))}
        onChange={(value) => change({ conduct: value ?? undefined })}
      />
    </div>
  );
}

function useColumns(): readonly Column<Incident>[] {
  const t = useTexts(incidentsTexts);
  const words = useTexts(enforcementTexts);
  const formats = useFormats();
  return useMemo(
    () => [
      {
        key: 'conduct',
        header: t('conduct'),
        value: (row) => enforcementWord(words, 'conduct', row.conduct),
        width: 190,
      },
      {
        key: 'severity',
        header: t('severity'),
        value: (row) => String(row.severity),
        cell: (row) => <SeverityText severity={row.severity} />,
        width: 110,
      },
      statusColumn<Incident>({
        key: 'state',
        header: t('state'),
        status: (row) => STATUS[row.state],
        word: (row) => enforcementWord(words, 'incident', row.state),
      }),
      {
        key: 'account',
        header: t('account'),
        value: (row) => row.owner.account_id,
        cell: (row) => <AccountLink id={row.owner.account_id} />,
        width: 160,
      },
      { key: 'signals', header: t('signals'), align: 'end', value: (row) => row.signals, width: 90 },
      { key: 'requests', header: t('requests'), align: 'end', value: (row) => row.requests.length, width: 90 },
      {
        key: 'confidence',
        header: t('confidence'),
        align: 'end',
        value: (row) => row.confidence,
        cell: (row) => formats.share(row.confidence),
        width: 90,
      },
      { key: 'read_by', header: t('read_by'), value: (row) => readerWord(t, row.read_by), width: 120 },
      timeColumn<Incident>(formats, { key: 'opened', header: t('opened'), at: (row) => row.opened_at }),
    ],
    [t, words, formats],
  );
}
