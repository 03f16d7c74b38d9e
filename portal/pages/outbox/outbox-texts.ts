import { defineTexts } from '../../../console/locales/define-texts.ts';

export const outboxTexts = defineTexts({
  en: {
    title: 'Mails of this development service',
    note: 'No mail server is configured, so mails are kept here instead of being sent. In production this page does not exist.',
    none: 'No mail yet',
    none_note: 'Sign up, or ask for a new password: the mail then stands here.',
    to: 'To {to}',
    open: 'Open its link',
  },
  zh: {
    title: '开发环境的邮件',
    note: '尚未配置邮件服务器，邮件不会发出，而是保存在这里。生产环境中没有此页。',
    none: '还没有邮件',
    none_note: '注册或重置密码后，邮件会显示在这里。',
    to: '收件人 {to}',
    open: '打开其中的链接',
  },
});
