import type { MailText } from '../../mail/send-mail.ts';

/** What a mail is written in. */
export type MailLocale = 'en' | 'zh';

export interface InvitationFacts {
  readonly workspace: string;
  readonly inviter: string;
  readonly link: string;
}

export function invitationMail(locale: MailLocale, facts: InvitationFacts): MailText {
  const { link } = facts;
  const workspace = unlinked(facts.workspace);
  const inviter = unlinked(facts.inviter);
  if (locale === 'zh') {
    return {
      subject: `邀请您加入工作区“${workspace}”`,
      body: [
        '您好！',
        '',
        `${inviter} 邀请您加入工作区“${workspace}”。`,
        '',
        '请在 7 天内打开以下链接，并使用收到本邮件的邮箱登录：',
        link,
        '',
        '如果您不认识邀请人，忽略本邮件即可，不会有任何变化。',
        '',
      ].join('\n'),
    };
  }
  return {
    subject: `You are invited to the workspace "${workspace}"`,
    body: [
      'Hello,',
      '',
      `${inviter} invites you to the workspace "${workspace}".`,
      '',
      'To accept, open this link within 7 days and sign in with the address this mail was sent to:',
      link,
      '',
      'If you do not know who invites you, ignore this mail and nothing will happen.',
      '',
    ].join('\n'),
  };
}

/** To whoever looks after the mail of a domain. */
export function domainMail(locale: MailLocale, domain: string, name: string, code: string): MailText {
  const workspace = unlinked(name);
  if (locale === 'zh') {
    return {
      subject: `${domain} 域名验证码`,
      body: [
        '您好！',
        '',
        `工作区“${workspace}”申请验证域名 ${domain} 归其所有。`,
        '如果这是贵组织的操作，请将以下验证码转交给申请人，24 小时内有效：',
        '',
        code,
        '',
        '如果您不知情，请忽略本邮件，并且不要把验证码交给任何人。',
        '',
      ].join('\n'),
    };
  }
  return {
    subject: `Code to verify the domain ${domain}`,
    body: [
      'Hello,',
      '',
      `The workspace "${workspace}" wants to show that the domain ${domain} is its own.`,
      'If that is your organisation, give this code to whoever asked for it within 24 hours:',
      '',
      code,
      '',
      'If you know nothing of this, ignore this mail and give the code to nobody.',
      '',
    ].join('\n'),
  };
}

const NAME_CHARS_MAX = 64;

/** Strangers choose names, and a mail of ours must not carry their address: what a mail reader takes for one is broken up. */
function unlinked(name: string): string {
  return name.slice(0, NAME_CHARS_MAX).replaceAll(/[:/\\@.。．｡]+(?=\S)/g, ' ');
}
