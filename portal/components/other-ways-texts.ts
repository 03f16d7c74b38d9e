import { defineTexts } from '../../console/locales/define-texts.ts';

export const otherWaysTexts = defineTexts({
  en: { or: 'or', with_provider: 'Continue with {name}' },
  zh: { or: '或', with_provider: '使用 {name} 继续' },
});
