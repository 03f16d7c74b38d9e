import { useCallback } from 'react';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import type { StopView } from '../../../src/portal/standing/contract.ts';
import { stopTexts } from './stop-texts.ts';

interface StopWords {
  readonly subject: string;
  readonly cause: string;
  /** Since when, and until when where that is set. */
  readonly span: string;
}

/** A stop in words. */
export function useStopWords(): (stop: StopView) => StopWords {
  const t = useTexts(stopTexts);
  const formats = useFormats();
  return useCallback(
    (stop) => {
      const since = t('since', { time: formats.time(stop.since) });
      return {
        subject: t(`subject_${stop.subject}`, { name: stop.subject_name ?? stop.subject_id }),
        cause: t(`cause_${stop.cause}`),
        span: stop.until === null ? since : `${since} ${t('until', { time: formats.time(stop.until) })}`,
      };
    },
    [t, formats],
  );
}
