import { Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { z } from 'zod';
import { automationName, conductName, decisionKind } from '../../../src/enforcement/contract.ts';
import {
  decisionListView,
  DECISIONS_PAGE_MAX,
  type DecisionView,
} from '../../../src/enforcement/decisions/contract.ts';
import { useApiPages } from '../../api/queries.ts';
import { AccountSelect } from '../../components/account-select.tsx';
import { ApiTable } from '../../components/api-table.tsx';
import { enforcementTexts } from '../../components/enforcement-texts.ts';
import { enforcementWord } from '../../components/enforcement-words.tsx';
import { useSearchState } from '../../components/search-state.ts';
import { UnitText } from '../../components/unit-text.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { timeColumn } from '../../ui/usual-columns.tsx';
import { decisionsTexts } from './decisions-texts.ts';
import { RecordPanel } from './record-panel.tsx';

const decisionsSearch = z.object({
  kind: decisionKind.optional().catch(undefined),
  conduct: conductName.optional().catch(undefined),
  automation: automationName.optional().catch(undefined),
  account: z.string().optional().catch(undefined),
});

/** Every decision, the newest first, and the record they stand in. */
export function DecisionsPage() {
  const t = useTexts(decisionsTexts);
  const navigate = useNavigate();
  const [{ kind, conduct, automation, account }] = useSearchState(decisionsSearch);
  const state = useApiPages(
    {
      path: '/control/v1/enforcement/decisions',
      query: {
        kind: kind ?? null,
        conduct: conduct ?? null,
        automation: automation ?? null,
        account: account ?? null,
        limit: DECISIONS_PAGE_MAX,
      },
      answer: decisionListView,
    },
    { cursor: 'before' },
  );
  const columns = useColumns();
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <RecordPanel />
      <DecisionFilters />
      <Panel padded={false}>
        <ApiTable
          label={t('title')}
          state={state}
          columns={columns}
          rowId={(row) => row.id}
          onOpen={({ id }) => void navigate({ to: '/enforcement/decisions/$id', params: { id } })}
          empty={<EmptyState title={t('empty')}>{t('empty_note')}</EmptyState>}
        />
      </Panel>
    </div>
  );
}

function DecisionFilters() {
  const t = useTexts(decisionsTexts);
  const words = useTexts(enforcementTexts);
  const [{ kind, conduct, automation, account }, change] = useSearchState(decisionsSearch);
  return (
    <div className="row" role="group" aria-label={t('which')}>
      <Select
        label={t('kind')}
        clearable
        placeholder={t('any_kind')}
        value={kind ?? null}
        data={decisionKind.options.map((value) => ({ value, label: t(`kind_${value}`) }))}
        onChange={(value) => change({ kind: value ?? undefined })}
      />
      <Select
        label={t('conduct')}
        clearable
        placeholder={t('any_conduct')}
        value={conduct ?? null}
        data={conductName.options.map((value) => ({ value, label: enforcementWord(words, 'conduct', value) }))}
        onChange={(value) => change({ conduct: value ?? undefined })}
      />
      <Select
        label={t('automation')}
        clearable
        placeholder={t('any_automation')}
        value={automation ?? null}
        data={automationName.options.map((value) => ({ value, label: t(`automation_${value}`) }))}
        onChange={(value) => change({ automation: value ?? undefined })}
      />
      <AccountSelect
        label={t('account')}
        clearable
        value={account ?? null}
        onChange={(id) => change({ account: id ?? undefined })}
      />
    </div>
  );
}

function useColumns(): readonly Column<DecisionView>[] {
  const t = useTexts(decisionsTexts);
  const words = useTexts(enforcementTexts);
  const formats = useFormats();
  return useMemo(
    () => [
      timeColumn<DecisionView>(formats, { key: 'at', header: t('at'), at: (row) => row.at }),
      { key: 'kind', header: t('kind'), value: (row) => t(`kind_${row.kind}`), width: 140 },
      {
        key: 'who',
        header: t('who'),
        value: (row) => row.unit.name ?? row.unit.account_id,
        cell: (row) => <UnitText unit={row.unit} />,
        width: 240,
      },
      {
        key: 'step',
        header: t('step'),
        value: (row) => (row.step === null ? null : enforcementWord(words, 'step', row.step)),
        width: 130,
      },
      {
        key: 'conduct',
        header: t('conduct'),
        value: (row) => (row.facts === null ? null : enforcementWord(words, 'conduct', row.facts.conduct)),
        width: 200,
      },
      {
        key: 'automation',
        header: t('automation'),
        value: (row) => t(`automation_${row.automated_decision}`),
        width: 220,
      },
    ],
    [t, words, formats],
  );
}
