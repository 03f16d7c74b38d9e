import { Button, Modal } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApi } from '../../../console/api/queries.ts';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { useTexts } from '../../../console/locales/language.tsx';
import { EmptyState } from '../../../console/ui/empty-state.tsx';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import { standingView } from '../../../src/portal/redress/contract.ts';
import { type CutOffReceiptView, stopListView } from '../../../src/portal/standing/contract.ts';
import { useAccount, useMay } from '../../components/account.tsx';
import '../../components/developer/developer.css';
import { HeldPanel } from './held-panel.tsx';
import { HistoryPanel } from './history-panel.tsx';
import { LadderPanel } from './ladder-panel.tsx';
import { standingTexts } from './standing-texts.ts';
import { StopDialog } from './stop-dialog.tsx';
import { ReceiptFacts } from './stop-receipt.tsx';
import { StoppedBefore, StoppedPanel } from './stops-panels.tsx';

/** What is held against the account and what is stopped in it, why, what was, and the way to contest or to stop something. */
export function StandingPage() {
  const t = useTexts(standingTexts);
  const { id } = useAccount();
  const mayStop = useMay()('own.cutoff.write');
  const [stopping, setStopping] = useState(false);
  const [receipt, setReceipt] = useState<CutOffReceiptView | null>(null);
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')}>
        {mayStop ? (
          <Button variant="outline" color="danger" onClick={() => setStopping(true)}>
            {t('stop')}
          </Button>
        ) : null}
      </PageHeader>
      <Parts key={id} />
      <StopDialog
        opened={stopping}
        onClose={() => setStopping(false)}
        onStopped={(stopped) => {
          setStopping(false);
          setReceipt(stopped);
        }}
      />
      <Modal opened={receipt !== null} onClose={() => setReceipt(null)} title={t('done')}>
        {receipt === null ? null : (
          <div className="page">
            <ReceiptFacts receipt={receipt} />
            <div className="row developer-end">
              <Button onClick={() => setReceipt(null)}>{t('close')}</Button>
            </div>
          </div>
        )}
      </Modal>
    </div>
  );
}

function Parts() {
  const { id } = useAccount();
  const standing = useApi({ path: apiPath`/portal/v1/accounts/${id}/standing`, answer: standingView });
  const stops = useApi({ path: apiPath`/portal/v1/accounts/${id}/stops`, answer: stopListView });
  return (
    <ApiPart state={standing}>
      {(held) => (
        <ApiPart state={stops}>
          {({ data }) => {
            // A stop that carries a decision out is told with the decision.
            const own = data.filter(({ cause }) => cause !== 'sanction');
            const inForce = own.filter(({ state }) => state === 'in_force');
            const isFree = held.holds.length === 0 && inForce.length === 0;
            return (
              <>
                {isFree ? <Free /> : null}
                {held.holds.length === 0 ? null : <HeldPanel holds={held.holds} />}
                {inForce.length === 0 ? null : <StoppedPanel stops={inForce} />}
                <HistoryPanel />
                <LadderPanel standing={held} />
                <StoppedBefore stops={own.filter(({ state }) => state !== 'in_force')} />
                <ReadLink />
              </>
            );
          }}
        </ApiPart>
      )}
    </ApiPart>
  );
}

function Free() {
  const t = useTexts(standingTexts);
  return (
    <div className="panel">
      <EmptyState title={t('good')}>{t('good_note')}</EmptyState>
    </div>
  );
}

function ReadLink() {
  const t = useTexts(standingTexts);
  return (
    <p className="developer-line dimmed">
      {t('accesses_note')}{' '}
      <Link to="/accesses" className="link">
        {t('accesses')}
      </Link>
    </p>
  );
}
