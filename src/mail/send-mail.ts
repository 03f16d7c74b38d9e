import { createTransport } from 'nodemailer';
import { inTime } from '../base/in-time.ts';
import { ok, refuse, type Result } from '../base/result.ts';
import type { MailConfig } from '../config/mail.ts';

/** In plain text. */
export interface MailText {
  readonly subject: string;
  readonly body: string;
}

/** Sends one message to all of `to`. Refused with words that hold no address and no secret. */
export type SendMail = (id: string, to: readonly string[], text: MailText) => Promise<Result<null, string>>;

export function createMail(config: MailConfig): SendMail {
  const { host, port, tls, login, from, timeoutMs } = config;
  const domain = from.slice(from.lastIndexOf('@') + 1);
  return async function sendMail(id, to, { subject, body }) {
    const transport = createTransport({
      host,
      port,
      secure: tls === 'implicit',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      tls: { rejectUnauthorized: true },
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
      ...(login !== null && { auth: { user: login.user, pass: login.password } }),
    });
    try {
      const sent = transport.sendMail({ from, to: [...to], subject, text: body, messageId: `<${id}@${domain}>` });
      // The library's own limits are for each step of the talk; this one is for all of it.
      const { rejected } = await inTime(sent, timeoutMs);
      return rejected.length === 0 ? ok(null) : refuse(`the mail server refused ${rejected.length} of the recipients`);
    } catch (error) {
      return refuse(faultOf(error));
    } finally {
      transport.close();
    }
  };
}

const WORDS: Readonly<Record<string, string>> = {
  EAUTH: 'the mail server refused the password',
  ENOAUTH: 'the mail server refused the password',
  ECONNECTION: 'the mail server does not answer',
  ESOCKET: 'the mail server does not answer, or not over TLS with a valid certificate',
  EDNS: 'the name of the mail server cannot be resolved',
  ETLS: 'the mail server offers no TLS',
  ETIMEDOUT: 'the mail server took too long',
  EENVELOPE: 'the mail server refused sender or recipients',
  EMESSAGE: 'the mail server refused the message',
};

/** What servers answer may repeat an address, so only the kind of fault and the code of the answer are told. */
function faultOf(error: unknown): string {
  const { code, responseCode } = Object(error) as { code?: unknown; responseCode?: unknown };
  const words = WORDS[String(code)] ?? 'the mail could not be sent';
  return typeof responseCode === 'number' ? `${words} (${responseCode})` : words;
}
