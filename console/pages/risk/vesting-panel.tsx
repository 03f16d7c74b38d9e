import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { vestingLedgerView, type VestingLedgerView } from '../../../src/fraud/vesting/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApi } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { AccountLink } from '../../components/account-link.tsx';
import { ApiPart } from '../../components/api-part.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { moneyColumn } from '../../ui/money-column.tsx';
import type { Status } from '../../ui/palette.ts';
import { Panel } from '../../ui/panel.tsx';
import { longTextColumn, statusColumn, timeColumn } from '../../ui/usual-columns.tsx';
import { useVestingWords } from './vesting-words.ts';
import { VestingVerbDialog } from './vesting-verb-dialog.tsx';
import { vestingTexts } from './vesting-texts.ts';

type Tranche = VestingLedgerView['tranches'][number];

const STATUS: Readonly<Record<Tranche['state'], Status>> = {
  released: 'good',
  shared: 'none',
  waiting: 'none',
  clawed_back: 'bad',
};

/** How far the free credit of an account has come, and what the next part waits for. */
export function VestingPanel({ accountId }: { readonly accountId: string }) {
  const t = useTexts(vestingTexts);
  const state = useApi({ path: apiPath`/control/v1/accounts/${accountId}/vesting`, answer: vestingLedgerView });
  const hasNone = state.error?.status === 404;
  return (
    <Panel title={t('credit')} actions={state.data === undefined ? null : <Verbs vesting={state.data} />}>
      {hasNone ? (
        <EmptyState title={t('none')}>{t('none_note')}</EmptyState>
      ) : (
        <ApiPart state={state} waiting={null}>
          {(vesting) => <Shown vesting={vesting} />}
        </ApiPart>
      )}
    </Panel>
  );
}

function Shown({ vesting }: { readonly vesting: VestingLedgerView }) {
  const t = useTexts(vestingTexts);
  const formats = useFormats();
  const words = useVestingWords();
  const { pace, sanctioned } = vesting;
  const columns = useColumns();
  return (
    <div className="page">
      <span className="dimmed">{t('note')}</span>
      <KeyValues
        items={[
          [t('operator'), <AccountLink key="operator" id={vesting.operator_id} />],
          [t('shared'), <Accounts key="shared" ids={vesting.shared_with} />],
          [t('rungs'), vesting.rungs.length === 0 ? t('rung_none') : vesting.rungs.map(words.rung).join(' · ')],
          [t('days'), formats.number(vesting.clean_days)],
          [
            t('given'),
            t('given_of', { given: formats.money(vesting.given_nano), ceiling: formats.money(vesting.ceiling_nano) }),
          ],
          [
            t('pace'),
            t('pace_of', {
              headroom: formats.money(pace.headroom_nano),
              most: formats.money(pace.most_nano),
              window: formats.duration(pace.window_ms),
            }),
          ],
          ...(sanctioned === null
            ? []
            : [[t('sanctioned'), `${formats.time(sanctioned.at)} · ${sanctioned.reason}`] as [string, string]]),
        ]}
      />
      <DataTable
        label={t('credit')}
        rows={vesting.tranches}
        columns={columns}
        rowId={(row) => String(row.tranche)}
        empty={<EmptyState title={t('none')}>{t('none_note')}</EmptyState>}
      />
    </div>
  );
}

function Accounts({ ids }: { readonly ids: readonly string[] }) {
  const t = useTexts(vestingTexts);
  if (ids.length === 0) return t('nobody');
  return (
    <span className="row" style={{ gap: 8, flexWrap: 'wrap' }}>
      {ids.map((id) => (
        <AccountLink key={id} id={id} />
      ))}
    </span>
  );
}

function useColumns(): readonly Column<Tranche>[] {
  const t = useTexts(vestingTexts);
  const formats = useFormats();
  const words = useVestingWords();
  return useMemo(
    () => [
      { key: 'tranche', header: t('tranche'), value: (row) => row.tranche, width: 80 },
      moneyColumn<Tranche>({ key: 'amount', header: t('amount'), nano: (row) => row.amount_nano, width: 100 }),
      moneyColumn<Tranche>({ key: 'given', header: t('given'), nano: (row) => row.given_nano, width: 110 }),
      statusColumn<Tranche>({
        key: 'state',
        header: t('state'),
        status: (row) => STATUS[row.state],
        word: (row) => t(`state_${row.state}`),
        width: 220,
      }),
      timeColumn<Tranche>(formats, { key: 'released', header: t('released'), at: (row) => row.released_at }),
      longTextColumn<Tranche>({
        key: 'missing',
        header: t('missing'),
        text: (row) => (row.missing.length === 0 ? t('missing_nothing') : row.missing.map(words.missing).join(' · ')),
        width: 260,
      }),
    ],
    [t, formats, words],
  );
}

function Verbs({ vesting }: { readonly vesting: VestingLedgerView }) {
  const t = useTexts(vestingTexts);
  const mayWrite = useMay()('accounts.write');
  const [asking, setAsking] = useState(false);
  if (!mayWrite) return null;
  const verb = vesting.sanctioned === null ? 'claw_back' : 'restore';
  return (
    <>
      <Button
        size="compact-sm"
        variant="outline"
        {...(verb === 'claw_back' && { color: 'danger' })}
        onClick={() => setAsking(true)}
      >
        {t(verb)}
      </Button>
      <VestingVerbDialog opened={asking} verb={verb} accountId={vesting.account_id} onClose={() => setAsking(false)} />
    </>
  );
}
