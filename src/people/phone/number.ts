import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** A number in the form of ITU-T E.164, such as +447400123456. */
export type E164 = string;

/**
 * The mobile number a text means; null for whatever is none by the numbering plans: no valid number, a fixed line, one that
 * is paid for by the minute, one of the internet, or one whose kind the plans do not tell.
 */
export function mobileNumberOf(text: string): E164 | null {
  const parsed = parsePhoneNumberFromString(text, { extract: false });
  if (parsed === undefined || !parsed.isValid() || parsed.ext !== undefined) return null;
  const type = parsed.getType();
  // Some countries give both kinds of line numbers of one range.
  return type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE' ? parsed.number : null;
}

/** The country of a number by its calling code, for limits: messages to some cost much more than to others. */
export function callingCodeOf(number: E164): string {
  return parsePhoneNumberFromString(number)?.countryCallingCode ?? '';
}
