import { useTexts } from '../locales/language.tsx';
import type { Translate } from '../locales/translate.ts';
import type { Status } from '../ui/palette.ts';
import { StatusText } from '../ui/status.tsx';
import { enforcementTexts } from './enforcement-texts.ts';

type EnforcementKey = keyof (typeof enforcementTexts)['en'];

/** A value of the wire by its word; one of a later version of the service by its name. */
export function enforcementWord(
  t: Translate<EnforcementKey>,
  kind: 'conduct' | 'severity' | 'step' | 'unit' | 'source' | 'incident',
  value: string | number,
): string {
  const key = `${kind}_${value}`;
  return isKey(key) ? t(key) : String(value);
}

function isKey(key: string): key is EnforcementKey {
  return key in enforcementTexts.en;
}

const SEVERITY_STATUS: Readonly<Record<string, Status>> = { 1: 'none', 2: 'warn', 3: 'bad', terminal: 'bad' };

/** How grave a conduct is: by shape, word and colour. */
export function SeverityText({ severity }: { readonly severity: 1 | 2 | 3 | 'terminal' }) {
  const t = useTexts(enforcementTexts);
  return (
    <StatusText status={SEVERITY_STATUS[severity] ?? 'none'}>{enforcementWord(t, 'severity', severity)}</StatusText>
  );
}
