import { useMemo } from 'react';
import type { LinkView } from '../../../src/fraud/linkage/contract.ts';
import { useTexts } from '../../locales/language.tsx';
import { linkageTexts } from './linkage-texts.ts';

type Key = keyof (typeof linkageTexts)['en'];
type Agreement = LinkView['agreements'][number];
type Named = Pick<Agreement, 'family' | 'field'>;

const KEYS: ReadonlySet<string> = new Set(Object.keys(linkageTexts.en));

/** Codes of evidence by their words; a field that a later version of the service has is called by its family. */
export function useLinkageWords() {
  const t = useTexts(linkageTexts);
  return useMemo(() => {
    const wordOf = (start: string, { field, family }: Named) => t(keyOr(`${start}_${field}`, `family_${family}`));
    return {
      /** What an account has: `Mail domain`. */
      value: (named: Named) => wordOf('value', named),
      /** What two accounts have in common: `Both paid with the same card`. */
      agrees: (named: Named) => wordOf('agrees', named),
      rarity: (operators: number) => t('rarity', { operators }),
      /** Why a link fell: a code of the service, or what somebody wrote who cut it. */
      fell: (reason: string) => (KEYS.has(`fell_${reason}`) ? t(keyOr(`fell_${reason}`, 'fell_expired')) : reason),
    };
  }, [t]);
}

function keyOr(key: string, other: Key): Key {
  return isKey(key) ? key : other;
}

function isKey(key: string): key is Key {
  return KEYS.has(key);
}
