import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { CopyId } from '../../../console/ui/copy-id.tsx';
import { KeyValues } from '../../../console/ui/key-values.tsx';
import type { CutOffReceiptView } from '../../../src/portal/standing/contract.ts';
import { useStopWords } from '../../components/developer/stop-words.ts';
import { standingTexts } from './standing-texts.ts';

/** What a cut-off did, and when. */
export function ReceiptFacts({ receipt }: { readonly receipt: CutOffReceiptView }) {
  const t = useTexts(standingTexts);
  const formats = useFormats();
  const words = useStopWords()(receipt.stop);
  const tookMs = Date.parse(receipt.closed_at) - Date.parse(receipt.decided_at);
  return (
    <KeyValues
      items={[
        [t('col_what'), words.subject],
        [t('col_reason'), receipt.stop.reason],
        [t('col_cause'), words.cause],
        [t('decided'), formats.time(receipt.decided_at)],
        [t('last_byte'), receipt.last_byte_at === null ? t('no_byte') : formats.time(receipt.last_byte_at)],
        [t('closed'), formats.time(receipt.closed_at)],
        [t('took'), formats.duration(tookMs)],
        [t('streams'), formats.number(receipt.streams)],
        [t('keys'), formats.number(receipt.keys)],
        [t('sessions'), formats.number(receipt.sessions)],
        ['ID', <CopyId key="id" id={receipt.stop.id} />],
      ]}
    />
  );
}
