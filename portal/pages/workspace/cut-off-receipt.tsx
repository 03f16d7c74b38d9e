import { Button, Modal } from '@mantine/core';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import type { ReceiptView } from '../../../src/workspaces/contract.ts';
import { CutOffFacts } from '../../components/cut-off-facts.tsx';
import { membersTexts } from './members-texts.ts';
import './workspace.css';

interface CutOffReceiptProps {
  /** Null while it is closed. */
  readonly shown: { readonly title: string; readonly receipt: ReceiptView } | null;
  readonly onClose: () => void;
}

/** What a cut-off did, with the time it took, as a stopwatch shows it. */
export function CutOffReceipt({ shown, onClose }: CutOffReceiptProps) {
  const t = useTexts(membersTexts);
  return (
    <Modal opened={shown !== null} onClose={onClose} title={shown?.title ?? ''}>
      {shown === null ? null : (
        <div className="page">
          <Facts receipt={shown.receipt} />
          <div className="row" style={{ justifyContent: 'flex-end' }}>
            <Button onClick={onClose} data-autofocus>
              {t('close')}
            </Button>
          </div>
        </div>
      )}
    </Modal>
  );
}

function Facts({ receipt }: { readonly receipt: ReceiptView }) {
  const t = useTexts(membersTexts);
  const formats = useFormats();
  return (
    <>
      <p className="stopwatch">
        <strong>{formats.duration(receipt.took_ms)}</strong>
        <span className="dimmed">{t('took')}</span>
      </p>
      <CutOffFacts stopId={receipt.stop_id} receipt={receipt} />
    </>
  );
}
