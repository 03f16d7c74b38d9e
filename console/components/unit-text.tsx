import type { UnitView } from '../../src/enforcement/contract.ts';
import { useTexts } from '../locales/language.tsx';
import { AccountLink } from './account-link.tsx';
import { enforcementTexts } from './enforcement-texts.ts';
import { enforcementWord } from './enforcement-words.tsx';

/** Whom something is held against: the part of the account that is meant, and the account. */
export function UnitText({ unit }: { readonly unit: UnitView }) {
  const t = useTexts(enforcementTexts);
  const { kind, name, account_id: accountId } = unit;
  const whole = { title: name ?? accountId, className: 'row nowrap', style: { flexWrap: 'nowrap', gap: 6 } } as const;
  return (
    <span {...whole}>
      {kind === 'account' ? null : (
        <span>{`${enforcementWord(t, 'unit', kind)}${name === null ? '' : ` ${name}`}`}</span>
      )}
      <AccountLink id={accountId} />
    </span>
  );
}
