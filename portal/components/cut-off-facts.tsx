import type { ReactNode } from 'react';
import { useFormats, useTexts } from '../../console/locales/language.tsx';
import { CopyId } from '../../console/ui/copy-id.tsx';
import { KeyValues } from '../../console/ui/key-values.tsx';
import { cutOffTexts } from './cut-off-texts.ts';

interface CutOffFactsProps {
  readonly stopId: string;
  readonly receipt: {
    readonly decided_at: string;
    readonly last_byte_at: string | null;
    readonly closed_at: string;
    readonly keys: number;
    readonly streams: number;
    readonly sessions: number;
  };
  /** Stands before what is told of every cut-off. */
  readonly before?: readonly (readonly [name: string, value: ReactNode])[];
}

/** What a cut-off did, and when. */
export function CutOffFacts({ stopId, receipt, before = [] }: CutOffFactsProps) {
  const t = useTexts(cutOffTexts);
  const formats = useFormats();
  return (
    <KeyValues
      items={[
        ...before,
        [t('keys'), formats.number(receipt.keys)],
        [t('streams'), formats.number(receipt.streams)],
        [t('sessions'), formats.number(receipt.sessions)],
        [t('decided'), formats.time(receipt.decided_at)],
        [t('last_byte'), receipt.last_byte_at === null ? t('no_byte') : formats.time(receipt.last_byte_at)],
        [t('closed'), formats.time(receipt.closed_at)],
        [t('receipt'), <CopyId key="id" id={stopId} />],
      ]}
    />
  );
}
