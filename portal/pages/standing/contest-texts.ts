import { defineTexts } from '../../../console/locales/define-texts.ts';

export const contestTexts = defineTexts({
  en: {
    title: 'What holds, and why',
    note: 'This address shows one decision to whoever holds it, and lets them contest it. Nobody has to sign in for that.',
    gone: 'This address is not good any more',
    gone_note:
      'Such an address works for a month after the refusal that named it. Sign in to see everything that holds against your account, and to contest it.',
    sign_in: 'Sign in',
    to_start: 'Go to the start',
    sent: 'Your appeal is here',
    sent_note:
      'Somebody who had no part in the decision answers by {date}. Come back to this address to see the answer.',
    answered: 'The appeal was answered',
    more: 'To say more, or to take it back, sign in.',
    over: 'This cannot be contested now: it holds nothing against anybody, or its time is over.',
  },
  zh: {
    title: '决定的内容与原因',
    note: '持有此地址即可查看这一项决定并提出申诉，无需登录。',
    gone: '此地址已失效',
    gone_note: '此类地址自拒绝请求之日起一个月内有效。登录后可查看针对你账户的全部决定并提出申诉。',
    sign_in: '登录',
    to_start: '返回首页',
    sent: '申诉已收到',
    sent_note: '未参与该决定的人员会在 {date} 前答复。届时再次打开此地址即可查看答复。',
    answered: '申诉已答复',
    more: '如需补充说明或撤回，请登录。',
    over: '目前无法提出申诉：该决定未对任何人产生影响，或期限已过。',
  },
});
