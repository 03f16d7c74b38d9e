import { defineTexts } from '../../../console/locales/define-texts.ts';

export const keyShownTexts = defineTexts({
  en: {
    title: 'Your new key',
    note: 'Copy it now. Only a hash of it is kept, so it can never be shown again.',
    label: 'The key',
    secret_note: 'Whoever has it spends your credit. Keep it out of code that others see, and out of browsers.',
    try_it: 'Send the first request',
    replaced: 'The key it takes the place of works until {time}.',
    replaced_now: 'The key it takes the place of has ended.',
    saved: 'I have saved it',
  },
  zh: {
    title: '新密钥',
    note: '请立即复制。系统只保存它的散列值，以后无法再次显示。',
    label: '密钥',
    secret_note: '持有它的人可以使用你的余额。请勿写入公开的代码，也不要放在浏览器中使用。',
    try_it: '发出第一个请求',
    replaced: '被替换的密钥在 {time} 之前仍然有效。',
    replaced_now: '被替换的密钥已失效。',
    saved: '我已保存',
  },
});
