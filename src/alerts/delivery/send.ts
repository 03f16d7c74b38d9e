import { unreachable } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Outbound } from '../../http/outbound.ts';
import type { Channel, MessageKind } from './channel.ts';
import type { SendMail } from '../../mail/send-mail.ts';
import { type MessageFacts, type MessageText, toPayload, toText } from './message.ts';
import { signedHeaders } from './sign.ts';

export interface Message {
  /** The same for every try. */
  readonly id: string;
  readonly what: MessageKind;
  readonly facts: MessageFacts;
}

/** Sends one message over one channel, once. Refused in words without secrets. */
export type Send = (channel: Channel, message: Message) => Promise<Result<null, string>>;

export interface SendDeps {
  readonly clock: Clock;
  readonly outbound: Outbound;
  /** Null: the configuration does not say how. */
  readonly mail: SendMail | null;
}

export function createSend({ clock, outbound, mail }: SendDeps): Send {
  async function post(url: string, headers: Record<string, string>, body: string): Promise<Result<null, string>> {
    const sent = await outbound.post({ url, headers: { 'content-type': 'application/json', ...headers }, body });
    if (!sent.ok) return refuse(sent.refusal.message);
    const { status } = sent.value;
    return status >= 200 && status < 300 ? ok(null) : refuse(`it answered ${status}`);
  }

  return async function send({ target, language }, { id, what, facts }) {
    switch (target.kind) {
      case 'mail':
        return mail === null
          ? refuse('the configuration has no section `mail`')
          : mail(id, target.to, toText(what, facts, language));
      case 'webhook': {
        const body = JSON.stringify(toPayload(what, facts));
        const nowMs = clock.wallMs();
        const { secret, former } = target;
        const secrets = former !== null && former.untilMs > nowMs ? [secret, former.secret] : [secret];
        return post(target.url, signedHeaders({ id, timestamp: Math.floor(nowMs / 1000), body }, secrets), body);
      }
      case 'slack':
        return post(target.url, {}, JSON.stringify(toSlack(toText(what, facts, language))));
      default:
        return unreachable(target);
    }
  };
}

/** `text` for notifications, `blocks` for the message itself. */
function toSlack({ subject, body }: MessageText): object {
  const [title, text] = [escapeSlack(subject), escapeSlack(body)];
  return {
    text: title,
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: `*${title}*\n${text}` } }],
  };
}

/** What Slack reads as markup or a mention begins with one of these. */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('*', '∗');
}
