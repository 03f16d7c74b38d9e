import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import type { CutOffReceiptView } from '../../../src/portal/standing/contract.ts';
import { CutOffFacts } from '../../components/cut-off-facts.tsx';
import { useStopWords } from '../../components/developer/stop-words.ts';
import { standingTexts } from './standing-texts.ts';

/** What was stopped and why, and what that did. */
export function ReceiptFacts({ receipt }: { readonly receipt: CutOffReceiptView }) {
  const t = useTexts(standingTexts);
  const formats = useFormats();
  const words = useStopWords()(receipt.stop);
  const tookMs = Date.parse(receipt.closed_at) - Date.parse(receipt.decided_at);
  return (
    <CutOffFacts
      stopId={receipt.stop.id}
      receipt={receipt}
      before={[
        [t('col_what'), words.subject],
        [t('col_reason'), receipt.stop.reason],
        [t('col_cause'), words.cause],
        [t('took'), formats.duration(tookMs)],
      ]}
    />
  );
}
