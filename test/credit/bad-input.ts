/** What strangers and slips put into fields of money, as tokens of JSON and as words of a command line. */

export type FieldKind =
  /** Nano-dollars above zero, as a decimal string. */
  | 'amount'
  /** The same, or zero. */
  | 'rate'
  /** The same, above or below zero. */
  | 'signed amount'
  /** Names something that must be there. */
  | 'id'
  /** One of a few words. */
  | 'choice'
  /** A text for people, on one line. */
  | 'line'
  /** A text of a few letters. */
  | 'name'
  /** A whole number. */
  | 'count'
  | 'flag'
  | 'names'
  | 'percents'
  | 'time';

const text = (value: string) => JSON.stringify(value);
const texts = (...values: readonly string[]) => values.map(text);

const HUGE = 'x'.repeat(100_000);
const LONG_NUMBER = '9'.repeat(10_000);
const SQL = ["' or '1'='1", "x'); drop table ledger_account; --", '"; delete from ledger_transfer; --'];
const CONTROLS = ['\0', 'a\0b', 'a\nb', '\u001b[2J', '\u007f'];

const NO_TEXT = ['5', '-1', '0', '1e400', '0.1', 'true', 'false', '{}', '[]', '[["x"]]', '{"toString":"x"}'];
/** Halves of a pair, other ends of a line, and what turns one round. */
const NO_LINES = texts('a\ud800b', '\udc00', 'a\u2028b', 'a\u202eb', '\u2066a');
const NO_NAMES = texts('', ' ', HUGE, ...SQL, ...CONTROLS);
const ODD_NUMBERS = ['1e400', '1e9', 'NaN', 'Infinity', '-Infinity', '0x10', '+5', ' 5', '5 ', '5.5', '5,5', '1_000'];
const NO_NUMBERS = texts(
  ...ODD_NUMBERS,
  '٥',
  '５',
  '',
  ' ',
  '$5',
  '5 usd',
  '5€',
  'null',
  LONG_NUMBER,
  HUGE,
  ...SQL,
  ...CONTROLS,
);
const TOO_MUCH = texts('9223372036854775808', '9223372036854775807', '18446744073709551616', '1000000000000000000');
const NO_COUNTS = ['-1', '0.5', '1e400', '-1e400', '1e300', '9007199254740993', LONG_NUMBER, 'true', '{}', '[]', '[5]'];
const NO_LISTS = ['5', 'true', '{}', '[]', '[5]', '[null]', '[[]]', text('x')];
const NO_PERCENTS = ['5', '{}', '[0]', '[-1]', '[1.5]', '[1e400]', '["50"]', '[null]', `[${LONG_NUMBER}]`, text('50')];

const BAD: Readonly<Record<FieldKind, readonly string[]>> = {
  amount: [...NO_TEXT, ...NO_NUMBERS, ...TOO_MUCH, ...texts('0', '00', '-0', '-1', '-5')],
  rate: [...NO_TEXT, ...NO_NUMBERS, ...texts('9223372036854775808', '-0', '-1', '-5')],
  'signed amount': [...NO_TEXT, ...NO_NUMBERS, ...TOO_MUCH, ...texts('0', '00', '-0', '--5', '-9223372036854775808')],
  id: [...NO_TEXT, ...NO_NAMES, ...texts('nobody', 'acct_nobody', '../acct_operator', 'null')],
  choice: [...NO_TEXT, ...NO_NAMES, ...texts('nobody', 'constructor', '__proto__', 'EUR')],
  line: [...NO_TEXT, ...NO_LINES, ...texts('', ' ', HUGE, ...CONTROLS)],
  name: [...NO_TEXT, ...NO_NAMES],
  count: [...NO_COUNTS, ...texts('', '5', 'NaN', '-5', HUGE, ...SQL, ...CONTROLS)],
  flag: ['0', '1', '{}', '[]', ...texts('', 'true', 'yes', ...SQL)],
  names: [...NO_LISTS, ...NO_NAMES.map((name) => `[${name}]`)],
  percents: NO_PERCENTS,
  time: [...NO_TEXT, ...NO_NAMES, ...texts('tomorrow', '2020', '0000-00-00T00:00:00Z', '2099-13-01T00:00:00Z')],
};

/** Tokens of JSON that a field of this kind must refuse; one that may be null is not tried with that. */
export function badTokens(kind: FieldKind, nullable: boolean): readonly string[] {
  return nullable ? BAD[kind] : ['null', ...BAD[kind]];
}

const NASTY = [...SQL, ...CONTROLS, ' ', '%', '..', 'x'.repeat(5_000), '9'.repeat(5_000)];

/** Ends of a path that name nothing. */
export const BAD_PATH_PARTS: readonly string[] = ['nobody', 'acct_nobody', 'grant_nobody'].concat(
  NASTY.map(encodeURIComponent),
);

const ODD_USD = ['0', '0.0', '-5', '-0.000000001', '$5', '5usd', '5 EUR', '0.0000000001', '9000000001', '99999999999'];

/** Words that are no amount of US dollars above zero. */
export const BAD_USD: readonly string[] = [
  ...ODD_USD,
  ...ODD_NUMBERS.filter((word) => word !== '5.5'),
  '',
  '٥',
  ...NASTY,
];

/** Words that name nothing. */
export const BAD_WORDS: readonly string[] = ['', 'nobody', 'acct_nobody', '../acct_operator', LONG_NUMBER, ...NASTY];
