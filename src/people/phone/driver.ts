import { ok, refuse, type Result } from '../../base/result.ts';
import type { Outbound } from '../../http/outbound.ts';
import type { SendMail } from '../../mail/send-mail.ts';
import type { Locale } from '../contract.ts';
import type { E164 } from './number.ts';

/** Sends codes to phones. */
export interface PhoneDriver {
  /** `refused`: the carrier says that it is no mobile number. `failed`: nothing was sent, and trying again may help. */
  send(number: E164, code: string, locale: Locale): Promise<Result<null, 'refused' | 'failed'>>;
}

/** For development: each code is a mail in the outbox of this machine, to the number at a host that cannot be. */
export function createOutboxDriver(sendMail: SendMail): PhoneDriver {
  return {
    async send(number, code, locale) {
      const body = textOf(code, locale);
      const sent = await sendMail(`phone-${number}`, [`${number}@phone.invalid`], { subject: body, body });
      return sent.ok ? ok(null) : refuse('failed');
    },
  };
}

export interface HttpDriverOptions {
  readonly url: string;
  /** Sent as `authorization: Bearer`. */
  readonly secret: string;
  readonly outbound: Outbound;
}

/**
 * Hands codes to a service of the operator by one POST: `{number, code, locale, text}`, where `text` is a message ready to
 * be sent. Any 2xx means that it was; 422, that the number cannot receive one or is no mobile number.
 */
export function createHttpDriver({ url, secret, outbound }: HttpDriverOptions): PhoneDriver {
  return {
    async send(number, code, locale) {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` };
      const body = JSON.stringify({ number, code, locale, text: textOf(code, locale) });
      const sent = await outbound.post({ url, headers, body });
      if (!sent.ok) return refuse('failed');
      const { status } = sent.value;
      if (status >= 200 && status < 300) return ok(null);
      return refuse(status === 422 ? 'refused' : 'failed');
    },
  };
}

function textOf(code: string, locale: Locale): string {
  return locale === 'zh'
    ? `验证码：${code}，10 分钟内有效。请勿告诉任何人。`
    : `${code} is your code. It works for 10 minutes. Tell it to nobody.`;
}
