import type { RuleMode, RuleView } from '../../../src/enforcement/rules/contract.ts';
import type { Formats } from '../../locales/formats.ts';
import type { Translate } from '../../locales/translate.ts';
import type { Status } from '../../ui/palette.ts';
import type { rulesTexts } from './rules-texts.ts';

type T = Translate<keyof (typeof rulesTexts)['en']>;

export const RULES_PATH = '/control/v1/enforcement/rules';

export const MODE_STATUS: Readonly<Record<RuleMode, Status>> = {
  draft: 'none',
  shadow: 'none',
  canary: 'warn',
  live: 'good',
  paused: 'bad',
};

export function modeWord(
  t: T,
  formats: Formats,
  { mode, canary_percent: percent }: Pick<RuleView, 'mode' | 'canary_percent'>,
): string {
  return mode === 'canary' ? t('mode_canary', { percent: formats.share(percent / 100) }) : t(`mode_${mode}`);
}

/** Who did it: the service itself and the command line have words, people have names. */
export function byWord(t: T, by: string): string {
  if (by === 'service') return t('by_service');
  if (by === 'local') return t('by_local');
  return by === 'file' || by === 'shipped' ? t(`origin_${by}`) : by;
}
