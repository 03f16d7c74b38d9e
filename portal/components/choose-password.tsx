import { PasswordInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTexts } from '../../console/locales/language.tsx';
import type { Status } from '../../console/ui/palette.ts';
import { StatusIcon } from '../../console/ui/status.tsx';
import { PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN } from '../../src/people/contract.ts';
import { choosePasswordTexts } from './choose-password-texts.ts';
import { type Strength, strengthOf } from './password-strength.ts';

const STATUS_OF: Readonly<Record<Strength['word'], Status>> = {
  weak_short: 'none',
  weak_easy: 'warn',
  weak_mail: 'warn',
  fair: 'good',
  good: 'good',
  strong: 'good',
};
/** How far the bar is filled, of four. */
const PARTS_OF: Readonly<Record<Strength['word'], number>> = {
  weak_short: 0,
  weak_easy: 1,
  weak_mail: 1,
  fair: 2,
  good: 3,
  strong: 4,
};

interface ChoosePasswordProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What it must not be close to. */
  readonly email: string;
  readonly error?: ReactNode;
  /** Where a form finds the field. */
  readonly 'data-path'?: string;
}

/** A field for a password somebody chooses, which says in words how hard it is to guess. */
export function ChoosePassword({ label, value, onChange, email, error, ...rest }: ChoosePasswordProps) {
  const t = useTexts(choosePasswordTexts);
  const strength = strengthOf(value, email);
  const words = strength.word === 'weak_short' ? t('weak_short', { left: strength.left }) : t(strength.word);
  return (
    <div>
      <PasswordInput
        label={label}
        description={t('password_note', { min: PASSWORD_CHARS_MIN })}
        autoComplete="new-password"
        required
        withAsterisk={false}
        minLength={PASSWORD_CHARS_MIN}
        maxLength={PASSWORD_CHARS_MAX}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error}
        aria-invalid={error ? true : undefined}
        data-path={rest['data-path']}
      />
      {value === '' ? null : (
        <div className="strength">
          <span className="strength-bar" data-parts={PARTS_OF[strength.word]} aria-hidden>
            <i />
            <i />
            <i />
            <i />
          </span>
          <span className="strength-words">
            <StatusIcon status={STATUS_OF[strength.word]} size={15} />
            {words}
          </span>
        </div>
      )}
      {/* Said once the typing pauses, not at every key: what changes is only the word. */}
      <span className="visually-hidden" role="status">
        {value === '' ? '' : `${t('strength')}: ${words}`}
      </span>
    </div>
  );
}

/** What is wrong with a password somebody chooses; null when it may be taken. */
export function useChosenCheck(): (value: string) => string | null {
  const t = useTexts(choosePasswordTexts);
  return (value) => {
    const left = PASSWORD_CHARS_MIN - Array.from(value).length;
    return left > 0 ? t('weak_short', { left }) : null;
  };
}
