import { defineTexts } from '../../locales/define-texts.ts';

export const riskTexts = defineTexts({
  en: {
    title: 'Risk of {name}',
    note: 'Who seems to be behind this account, what it was given, and what was stopped of it.',
    account: 'The account',
  },
  zh: {
    title: '{name} 的风险',
    note: '此账户背后可能是谁、获得了多少免费额度，以及被停用的内容。',
    account: '查看账户',
  },
});
