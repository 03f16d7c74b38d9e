import { defineTexts } from '../../console/locales/define-texts.ts';

export const confirmedTexts = defineTexts({
  en: {
    title: 'Is it you?',
    note: 'It is a while since you signed in, and this changes who can reach your account. Give your password once more.',
    no_password:
      'It is a while since you signed in. Sign out, sign in again, and then do this within a quarter of an hour.',
    password: 'Password',
    required: 'Needed',
    go_on: 'Go on',
  },
  zh: {
    title: '请确认是你本人',
    note: '距你上次登录已有一段时间，而此操作会影响账户的访问权限，请再次输入密码。',
    no_password: '距你上次登录已有一段时间。请退出后重新登录，并在一刻钟内完成此操作。',
    password: '密码',
    required: '必填',
    go_on: '继续',
  },
});
