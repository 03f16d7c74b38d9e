import { Button, Select } from '@mantine/core';
import { IconGavel } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { z } from 'zod';
import { conductName, stepName } from '../../../src/enforcement/contract.ts';
import {
  SANCTIONS_PAGE_MAX,
  sanctionListView,
  type SanctionView,
} from '../../../src/enforcement/sanctions/contract.ts';
import { useApiPages } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { AccountSelect } from '../../components/account-select.tsx';
import { ApiTable } from '../../components/api-table.tsx';
import { enforcementTexts } from '../../components/enforcement-texts.ts';
import { enforcementWord } from '../../components/enforcement-words.tsx';
import { useSearchState } from '../../components/search-state.ts';
import { UnitText } from '../../components/unit-text.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { shortId } from '../../ui/copy-id.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { statusColumn, timeColumn, verbColumn } from '../../ui/usual-columns.tsx';
import { ImposeDialog } from './impose-dialog.tsx';
import { LiftDialog } from './lift-dialog.tsx';
import { STATE_STATUS } from './sanction-status.ts';
import { sanctionsTexts } from './sanctions-texts.ts';
import { WaitingPanel } from './waiting-panel.tsx';

const sanctionsSearch = z.object({
  state: z.enum(['in_force', 'over', 'all']).catch('in_force'),
  step: stepName.optional().catch(undefined),
  conduct: conductName.optional().catch(undefined),
  account: z.string().optional().catch(undefined),
});

/** What holds against whom, and imposing and lifting it. */
export function SanctionsPage() {
  const t = useTexts(sanctionsTexts);
  const mayWrite = useMay()('enforcement.write');
  const [imposing, setImposing] = useState(false);
  const [lifting, setLifting] = useState<SanctionView | null>(null);
  const [{ state: which, step, conduct, account }] = useSearchState(sanctionsSearch);
  const state = useApiPages(
    {
      path: '/control/v1/enforcement/sanctions',
      query: {
        state: which === 'all' ? null : which,
        step: step ?? null,
        conduct: conduct ?? null,
        account: account ?? null,
        limit: SANCTIONS_PAGE_MAX,
      },
      answer: sanctionListView,
    },
    { cursor: 'before' },
  );
  const columns = useColumns(mayWrite, setLifting);
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')}>
        {mayWrite ? (
          <Button leftSection={<IconGavel size={15} />} onClick={() => setImposing(true)}>
            {t('impose')}
          </Button>
        ) : null}
      </PageHeader>
      <WaitingPanel />
      <SanctionFilters />
      <Panel padded={false}>
        <ApiTable
          label={t('title')}
          state={state}
          columns={columns}
          rowId={(row) => row.id}
          empty={<EmptyState title={t('empty')}>{t('empty_note')}</EmptyState>}
        />
      </Panel>
      <ImposeDialog opened={imposing} onClose={() => setImposing(false)} />
      <LiftDialog sanction={lifting} onClose={() => setLifting(null)} />
    </div>
  );
}

function SanctionFilters() {
  const t = useTexts(sanctionsTexts);
  const words = useTexts(enforcementTexts);
  const [{ state, step, conduct, account }, change] = useSearchState(sanctionsSearch);
  return (
    <div className="row" role="group" aria-label={t('which')}>
      <Select
        label={t('state')}
        allowDeselect={false}
        value={state}
        data={(['in_force', 'over', 'all'] as const).map((value) => ({ value, label: t(value) }))}
        onChange={(value) => change({ state: value === 'in_force' ? undefined : (value ?? undefined) })}
      />
      <Select
        label={t('step')}
        clearable
        placeholder={t('any_step')}
        value={step ?? null}
        data={stepName.options.map((value) => ({ value, label: enforcementWord(words, 'step', value) }))}
        onChange={(value) => change({ step: value ?? undefined })}
      />
      <Select
        label={t('conduct')}
        clearable
        placeholder={t('any_conduct')}
        value={conduct ?? null}
        data={conductName.options.map((value) => ({ value, label: enforcementWord(words, 'conduct', value) }))}
        onChange={(value) => change({ conduct: value ?? undefined })}
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

function useColumns(mayWrite: boolean, onLift: (sanction: SanctionView) => void): readonly Column<SanctionView>[] {
  const t = useTexts(sanctionsTexts);
  const words = useTexts(enforcementTexts);
  const formats = useFormats();
  return useMemo(
    () => [
      {
        key: 'who',
        header: t('who'),
        value: (row) => row.unit.name ?? row.unit.account_id,
        cell: (row) => <UnitText unit={row.unit} />,
        width: 210,
      },
      { key: 'step', header: t('step'), value: (row) => enforcementWord(words, 'step', row.step), width: 110 },
      {
        key: 'conduct',
        header: t('conduct'),
        value: (row) => enforcementWord(words, 'conduct', row.conduct),
        width: 180,
      },
      statusColumn<SanctionView>({
        key: 'state',
        header: t('state'),
        status: (row) => STATE_STATUS[row.state],
        word: (row) => t(`state_${row.state}`),
        width: 120,
      }),
      timeColumn<SanctionView>(formats, { key: 'since', header: t('since'), at: (row) => row.start, hidden: true }),
      {
        key: 'until',
        header: t('until'),
        value: (row) => row.until,
        cell: (row) => (row.until === null ? t('for_good') : formats.time(row.until)),
        width: 180,
      },
      {
        key: 'decision',
        header: t('decision'),
        value: (row) => row.decision_id,
        cell: (row) => (
          <Link to="/enforcement/decisions/$id" params={{ id: row.decision_id }} className="link mono">
            {shortId(row.decision_id)}
          </Link>
        ),
        width: 160,
      },
      ...(mayWrite
        ? [
            verbColumn<SanctionView>(t('lift'), 90, (row) =>
              row.state === 'in_force' || row.state === 'waiting' ? (
                <Button size="compact-sm" variant="subtle" onClick={() => onLift(row)}>
                  {t('lift')}
                </Button>
              ) : null,
            ),
          ]
        : []),
    ],
    [t, words, formats, mayWrite, onLift],
  );
}
