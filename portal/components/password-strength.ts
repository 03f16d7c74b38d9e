import { PASSWORD_CHARS_MIN } from '../../src/people/contract.ts';

/** How hard a password is to guess, as far as its length and a few bad habits tell. */
export type Strength =
  | { readonly word: 'weak_short'; readonly left: number }
  | { readonly word: 'weak_easy' | 'weak_mail' | 'fair' | 'good' | 'strong' };

const GOOD_CHARS_MIN = 14;
const STRONG_CHARS_MIN = 20;
/** Fewer different characters than this repeat themselves, however long the password is. */
const DIFFERENT_MIN = 5;
/** What everybody tries first; it counts when it is most of the password. */
const TRIED_FIRST = ['password', 'qwertyuiop', 'letmein', 'iloveyou', 'welcome', 'admin', 'dragon', 'woaini', 'mima'];
const RUNS = [
  '0123456789',
  '9876543210',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  '1qaz2wsx3edc4rfv',
];
const RUN_CHARS = 4;
/** Parts of a mail address shorter than this stand in many passwords. */
const NAME_CHARS_MIN = 4;

/** What remains of a password when what is easy to guess is taken out decides, so that a long sentence stays strong. */
export function strengthOf(password: string, email: string): Strength {
  const left = PASSWORD_CHARS_MIN - Array.from(password).length;
  if (left > 0) return { word: 'weak_short', left };
  const small = password.toLowerCase();
  const name = email.toLowerCase().split('@')[0] ?? '';
  if (new Set(small).size < DIFFERENT_MIN) return { word: 'weak_easy' };
  const withoutName = name.length < NAME_CHARS_MIN ? small : small.replaceAll(name, '');
  if (withoutName.length < PASSWORD_CHARS_MIN / 2) return { word: 'weak_mail' };
  const rest = Array.from(withoutTried(withoutName)).length;
  if (rest < PASSWORD_CHARS_MIN / 2) return { word: 'weak_easy' };
  if (rest >= STRONG_CHARS_MIN) return { word: 'strong' };
  return { word: rest >= GOOD_CHARS_MIN ? 'good' : 'fair' };
}

function withoutTried(text: string): string {
  const rest = TRIED_FIRST.reduce((kept, word) => kept.replaceAll(word, ''), text);
  return RUNS.reduce((kept, run) => withoutRun(kept, run), rest);
}

/** Takes out every stretch of `run` of four characters and more. */
function withoutRun(text: string, run: string): string {
  let rest = text;
  for (let length = run.length; length >= RUN_CHARS; length--) {
    for (let at = 0; at + length <= run.length; at++) rest = rest.replaceAll(run.slice(at, at + length), '');
  }
  return rest;
}
