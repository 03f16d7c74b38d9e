import { useMemo } from 'react';
import { vestingLedgerView, type VestingLedgerView } from '../../../src/fraud/vesting/contract.ts';
import { useTexts } from '../../locales/language.tsx';
import { vestingTexts } from './vesting-texts.ts';

type Rung = VestingLedgerView['rungs'][number];
const RUNGS: readonly string[] = vestingLedgerView.shape.rungs.element.options;

/** Codes of credit that vests by their words; what a later version of the service says stands as it is. */
export function useVestingWords() {
  const t = useTexts(vestingTexts);
  return useMemo(() => {
    const rung = (name: Rung) => t(`rung_${name}`);
    function missing(code: string): string {
      const [kind = '', value = ''] = code.split(':');
      if (kind === 'clean_days') return t('missing_clean_days', { value: Number(value) });
      if (kind === 'rung') {
        const rungs = value.split('|').map((name) => (isRung(name) ? rung(name) : name));
        return t('missing_rung', { value: rungs.join(' / ') });
      }
      if (kind === 'paid') return t('missing_paid', { value: `$${value}` });
      if (kind === 'breaker' || kind === 'sanction') return t(`missing_${kind}`);
      return code;
    }
    return { rung, missing };
  }, [t]);
}

function isRung(name: string): name is Rung {
  return RUNGS.includes(name);
}
