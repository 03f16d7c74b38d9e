import { Button, Modal } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApi, useApiChange } from '../../../console/api/queries.ts';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { confirm } from '../../../console/ui/confirm.tsx';
import { CopyId } from '../../../console/ui/copy-id.tsx';
import type { Column } from '../../../console/ui/data-table/column.ts';
import { DataTable } from '../../../console/ui/data-table/data-table.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { StatusIcon } from '../../../console/ui/status.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { longTextColumn, statusColumn, timeColumn } from '../../../console/ui/usual-columns.tsx';
import { cutOffReceiptView, liftedView, type StopView } from '../../../src/portal/standing/contract.ts';
import { useAccount, useMay } from '../../components/account.tsx';
import { useStopWords } from '../../components/developer/stop-words.ts';
import { useErrorToast } from '../../components/form-error.tsx';
import { ReceiptFacts } from './stop-receipt.tsx';
import { standingTexts } from './standing-texts.ts';

/** What is stopped now, the newest first. */
export function StoppedPanel({ stops }: { readonly stops: readonly StopView[] }) {
  const t = useTexts(standingTexts);
  return (
    <Panel title={t('now')} padded={false}>
      <ul className="listing">
        {stops.map((stop) => (
          <li key={stop.id}>
            <OneStop stop={stop} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function OneStop({ stop }: { readonly stop: StopView }) {
  const words = useStopWords();
  const told = words(stop);
  return (
    <>
      <StatusIcon status="bad" size={20} />
      <div className="listing-words">
        <strong>{told.subject}</strong>
        <p className="developer-line">{stop.reason}</p>
        <p className="developer-line dimmed">
          {told.cause} · {told.span}
        </p>
        <WhatToDo stop={stop} />
      </div>
      <ReceiptButton stop={stop} />
      <LiftButton stop={stop} />
    </>
  );
}

/** How a stop that is not lifted here comes to an end. */
function WhatToDo({ stop }: { readonly stop: StopView }) {
  const t = useTexts(standingTexts);
  const seesPlan = useMay()('own.billing.read');
  if (stop.cause === 'plan') {
    return (
      <p className="developer-line">
        {t('plan_hint')}{' '}
        {seesPlan ? (
          <Link to="/plan" className="link">
            {t('to_plan')}
          </Link>
        ) : null}
      </p>
    );
  }
  if (stop.cause !== 'staff' && stop.cause !== 'sanction') return null;
  return (
    <div className="row" style={{ gap: 6 }}>
      {t('contest')} <CopyId id={stop.id} />
    </div>
  );
}

function ReceiptButton({ stop }: { readonly stop: StopView }) {
  const t = useTexts(standingTexts);
  const { id } = useAccount();
  const [opened, setOpened] = useState(false);
  const state = useApi(
    { path: apiPath`/portal/v1/accounts/${id}/stops/${stop.id}`, answer: cutOffReceiptView },
    { enabled: opened },
  );
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        {t('receipt')}
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title={t('receipt')}>
        <ApiPart state={state}>{(receipt) => <ReceiptFacts receipt={receipt} />}</ApiPart>
      </Modal>
    </>
  );
}

function LiftButton({ stop }: { readonly stop: StopView }) {
  const t = useTexts(standingTexts);
  const { id, role } = useAccount();
  const may = useMay();
  const onError = useErrorToast();
  const lift = useApiChange(
    () => ({
      method: 'POST' as const,
      path: apiPath`/portal/v1/accounts/${id}/stops/${stop.id}/lift`,
      body: {},
      answer: liftedView,
    }),
    { refresh: [apiPath`/portal/v1/accounts/${id}`], onDone: () => toast('good', t('lifted')), onError },
  );
  const mayLift = stop.own && may('own.cutoff.write') && (stop.cause !== 'owner' || role === 'owner');
  if (!mayLift) return null;
  const ask = async () => {
    const question = { title: t('lift_question'), message: t('lift_note') };
    if (await confirm({ ...question, confirm: t('lift'), cancel: t('cancel') })) await lift.run(undefined);
  };
  return (
    <Button loading={lift.running} onClick={() => void ask()}>
      {t('lift')}
    </Button>
  );
}

/** What was stopped before. */
export function StoppedBefore({ stops }: { readonly stops: readonly StopView[] }) {
  const t = useTexts(standingTexts);
  const columns = useColumns();
  return (
    <Panel title={t('before')} padded={false}>
      <DataTable
        label={t('before')}
        columns={columns}
        rows={stops}
        rowId={(row) => row.id}
        empty={<p className="panel-padded dimmed developer-line">{t('none_before')}</p>}
      />
    </Panel>
  );
}

function useColumns(): readonly Column<StopView>[] {
  const t = useTexts(standingTexts);
  const words = useStopWords();
  const formats = useFormats();
  return useMemo(
    () => [
      longTextColumn<StopView>({ key: 'what', header: t('col_what'), text: (row) => words(row).subject, width: 190 }),
      statusColumn<StopView>({
        key: 'state',
        header: t('col_state'),
        status: (row) => (row.state === 'in_force' ? 'bad' : 'none'),
        word: (row) => t(`state_${row.state}`),
        width: 110,
      }),
      { key: 'cause', header: t('col_cause'), value: (row) => words(row).cause, width: 180 },
      longTextColumn<StopView>({ key: 'reason', header: t('col_reason'), text: (row) => row.reason, width: 240 }),
      timeColumn<StopView>(formats, { key: 'since', header: t('col_since'), at: (row) => row.since }),
      timeColumn<StopView>(formats, { key: 'until', header: t('col_until'), at: (row) => row.lifted_at ?? row.until }),
    ],
    [t, words, formats],
  );
}
