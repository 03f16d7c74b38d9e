import { Button, Modal } from '@mantine/core';
import type { CutOffView } from '../../../src/accounts/standing/contract.ts';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { standingTexts } from './standing-texts.ts';

interface CutOffReceiptProps {
  /** Null while it is closed. */
  readonly cutOff: CutOffView | null;
  readonly onClose: () => void;
}

/** What a cut-off did, with the times it did it at. */
export function CutOffReceipt({ cutOff, onClose }: CutOffReceiptProps) {
  const t = useTexts(standingTexts);
  return (
    <Modal opened={cutOff !== null} onClose={onClose} title={t('receipt')} closeOnClickOutside={false}>
      {cutOff === null ? null : <Times cutOff={cutOff} onClose={onClose} />}
    </Modal>
  );
}

function Times({ cutOff, onClose }: { readonly cutOff: CutOffView; readonly onClose: () => void }) {
  const t = useTexts(standingTexts);
  const formats = useFormats();
  const decidedAt = Date.parse(cutOff.decided_at);
  const after = (at: string) =>
    t('after', { time: formats.time(at), duration: formats.fineDuration(Date.parse(at) - decidedAt) });
  return (
    <div className="page">
      <KeyValues
        items={[
          [t('decided'), formats.time(cutOff.decided_at)],
          [t('last_byte'), cutOff.last_byte_at === null ? t('no_byte') : after(cutOff.last_byte_at)],
          [t('closed'), after(cutOff.closed_at)],
          [t('keys'), formats.number(cutOff.keys_stopped)],
          [t('streams'), formats.number(cutOff.streams_cut)],
          [t('sessions'), formats.number(cutOff.sessions_closed)],
        ]}
      />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button onClick={onClose}>{t('done')}</Button>
      </div>
    </div>
  );
}
