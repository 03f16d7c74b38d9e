import type { HarmEstimateView } from '../../../src/enforcement/harm/contract.ts';
import { useCallback } from 'react';
import { useTexts } from '../../locales/language.tsx';
import { harmTexts } from './harm-texts.ts';

/** A cohort by its name. */
export function useCohortWords(): (cohort: HarmEstimateView['cohort']) => string {
  const t = useTexts(harmTexts);
  return useCallback(
    ({ kind, value }) => {
      if (kind === 'all') return t('all');
      if (kind === 'plan') return t('plan_of', { name: value });
      const key = `${kind}_${value}`;
      return key in harmTexts.en ? t(key as keyof (typeof harmTexts)['en']) : value;
    },
    [t],
  );
}
