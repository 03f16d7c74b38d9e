import { defineTexts } from '../../../console/locales/define-texts.ts';

export const passwordTexts = defineTexts({
  en: {
    forgot: 'Forgot your password?',
    forgot_note: 'Write your mail address. If it has an account, a link comes that sets a new password.',
    send: 'Send the link',
    sent: 'Look into your mail',
    sent_note: 'If {email} has an account, a link is on its way. It holds for {minutes} minutes.',
    reset: 'Set a new password',
    reset_note: 'You are then signed out everywhere, and sign in with the new one.',
    set: 'Set password',
    no_token: 'This link lacks its token. Open it from the mail as it is, or ask for a new one.',
    ask_again: 'Ask for a new link',
  },
  zh: {
    forgot: '忘记密码？',
    forgot_note: '请填写邮箱。如果它对应一个账户，你会收到用于设置新密码的链接。',
    send: '发送链接',
    sent: '请查收邮件',
    sent_note: '如果 {email} 对应一个账户，链接已发出，有效期 {minutes} 分钟。',
    reset: '设置新密码',
    reset_note: '设置后，你将在所有位置退出登录，需用新密码重新登录。',
    set: '设置密码',
    no_token: '链接缺少令牌。请直接从邮件中打开，或重新获取链接。',
    ask_again: '重新获取链接',
  },
});
