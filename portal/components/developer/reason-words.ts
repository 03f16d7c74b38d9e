import { useCallback } from 'react';
import { useTexts } from '../../../console/locales/language.tsx';
import { reasonTexts } from './reason-texts.ts';

type Key = keyof (typeof reasonTexts)['en'];

/** Why a request ended as it did, in a sentence; a reason of a later version of the service by its name. */
export function useReasonWords(): (reason: string) => string {
  const t = useTexts(reasonTexts);
  return useCallback(
    (reason) => {
      const key = `reason_${reason}`;
      return isKey(key) ? t(key) : t('other', { reason });
    },
    [t],
  );
}

function isKey(key: string): key is Key {
  return key in reasonTexts.en;
}
