import type { useTexts } from '../../locales/language.tsx';
import type { incidentsTexts } from './incidents-texts.ts';

/** Who read an incident: nobody, a model, or a person, whose name is nobody's business here. */
export function readerWord(
  t: ReturnType<typeof useTexts<keyof (typeof incidentsTexts)['en']>>,
  by: string | null,
): string {
  if (by === null) return t('read_nobody');
  if (by === 'stage2') return t('read_stage2');
  return t(by.startsWith('guard:') ? 'read_guard' : 'read_person');
}
