import { defineTexts } from '../../../console/locales/define-texts.ts';

export const landingTexts = defineTexts({
  en: {
    headline: 'One key for every model here',
    lead: 'An API that speaks OpenAI’s language. Every answer comes with its receipt, and you see every request you made, what it cost and what happened to it.',
    sign_up: 'Get a key',
    sign_in: 'Sign in',
  },
  zh: {
    headline: '一个密钥，调用这里的全部模型',
    lead: '接口与 OpenAI 兼容。每个回答都附有账单明细，每一次请求、费用与处理结果都清楚可查。',
    sign_up: '获取密钥',
    sign_in: '登录',
  },
});
