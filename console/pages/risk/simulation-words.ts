import { useMemo } from 'react';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { simulationTexts } from './simulation-texts.ts';

type Key = keyof (typeof simulationTexts)['en'];

const KEYS: ReadonlySet<string> = new Set(Object.keys(simulationTexts.en));
const EXTRACTED = 'extracted_usd_per_farmed_account_level_';
const NANO = 1e9;

/** Names of the simulation by their words, and its numbers as what they are; a name that is new stands as it is. */
export function useSimulationWords() {
  const t = useTexts(simulationTexts);
  const formats = useFormats();
  return useMemo(() => {
    const word = (start: 'level' | 'cohort', name: string) => {
      const key = `${start}_${name}`;
      return isKey(key) ? t(key) : name;
    };
    const dollars = (value: number | null) => formats.money(value === null ? null : BigInt(Math.round(value * NANO)));
    return {
      level: (name: string) => word('level', name),
      cohort: (name: string) => word('cohort', name),
      dollars,
      bar(name: string): string {
        if (name.startsWith(EXTRACTED)) {
          return t('bar_extracted', { level: word('level', name.slice(EXTRACTED.length)) });
        }
        const key = `bar_${name}`;
        return isKey(key) ? t(key) : name;
      },
      /** The value of a promise: dollars, a count, or a share. */
      barValue(name: string, value: number | null): string {
        if (name.startsWith(EXTRACTED)) return dollars(value);
        return name.startsWith('legitimate_') ? formats.number(value) : formats.share(value);
      },
    };
  }, [t, formats]);
}

function isKey(key: string): key is Key {
  return KEYS.has(key);
}
