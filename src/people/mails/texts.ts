import type { MailText } from '../../mail/send-mail.ts';
import type { Locale } from '../contract.ts';
import { CHINESE } from './chinese.ts';
import { ENGLISH } from './english.ts';
import type { OutgoingMail } from './outbox.ts';

/** Every mail a person may get, and what it must tell. Links are whole addresses. */
export type Mail =
  | { readonly kind: 'verify'; readonly code: string; readonly link: string; readonly minutes: number }
  /** Somebody signed up with an address that has an account. */
  | { readonly kind: 'known'; readonly link: string; readonly forgot: string }
  | { readonly kind: 'admitted'; readonly link: string }
  | { readonly kind: 'reset'; readonly link: string; readonly minutes: number }
  | { readonly kind: 'password_changed'; readonly link: string }
  | {
      readonly kind: 'new_sign_in';
      readonly at: string;
      readonly client: string | null;
      readonly network: string | null;
      readonly link: string;
    }
  | { readonly kind: 'confirm_old'; readonly to: string; readonly link: string; readonly hours: number }
  | { readonly kind: 'confirm_new'; readonly link: string; readonly hours: number }
  | { readonly kind: 'email_changed'; readonly to: string; readonly link: string }
  | { readonly kind: 'totp_on'; readonly link: string }
  | { readonly kind: 'totp_off'; readonly link: string }
  | { readonly kind: 'recovery_code_used'; readonly left: number; readonly link: string }
  | { readonly kind: 'deletion'; readonly on: string; readonly link: string }
  | { readonly kind: 'deleted' };

/** How one language writes them. */
export type Texts = { readonly [Kind in Mail['kind']]: (mail: Extract<Mail, { kind: Kind }>) => MailText };

const TEXTS: Readonly<Record<Locale, Texts>> = { en: ENGLISH, zh: CHINESE };

/** A mail in the language of whoever reads it. */
export function writeMail(to: string, locale: Locale, mail: Mail): OutgoingMail {
  const write = TEXTS[locale][mail.kind] as (mail: Mail) => MailText;
  return { to, text: write(mail), link: 'link' in mail ? mail.link : null };
}
