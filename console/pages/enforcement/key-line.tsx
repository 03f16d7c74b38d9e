import { Kbd } from '@mantine/core';
import { useTexts } from '../../locales/language.tsx';
import { caseTexts } from './case-texts.ts';

interface KeyLineProps {
  /** Keys with a space between them, and what they do. */
  readonly keys: readonly (readonly [keys: string, meaning: string])[];
}

/** Which keys do what here. */
export function KeyLine({ keys }: KeyLineProps) {
  const t = useTexts(caseTexts);
  return (
    <section className="key-line" aria-label={t('keys')}>
      <h2 className="section-title">{t('keys')}</h2>
      <ul>
        {keys.map(([names, meaning]) => (
          <li key={names}>
            {names.split(' ').map((one) => (
              <Kbd key={one} size="xs">
                {one}
              </Kbd>
            ))}{' '}
            {meaning}
          </li>
        ))}
      </ul>
    </section>
  );
}
