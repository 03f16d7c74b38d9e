import { defineTexts } from '../../../console/locales/define-texts.ts';

export const phoneTexts = defineTexts({
  en: {
    title: 'Mobile number',
    note: 'One more sign that you are a person, which lets more of the free credit come. A number counts for one account; what is kept of it is a fingerprint and its last two digits.',
    proved: 'Proved, ending in {ending}',
    number: 'Mobile number with its country',
    number_hint: 'Such as +44 7400 123456',
    send: 'Send a code',
    sent: 'A code is on its way. It works for 10 minutes.',
    code: 'Code of the message',
    confirm: 'Prove it',
    other: 'Another number',
    done: 'Your number is proved.',
  },
  zh: {
    title: '手机号码',
    note: '再证明一次你是真人，可获得更多免费额度。一个号码只能用于一个账户；我们只保存号码的指纹和末两位数字。',
    proved: '已验证，尾号 {ending}',
    number: '带国家代码的手机号码',
    number_hint: '例如 +86 138 0013 8000',
    send: '发送验证码',
    sent: '验证码已发送，10 分钟内有效。',
    code: '短信验证码',
    confirm: '验证',
    other: '换一个号码',
    done: '号码已验证。',
  },
});
