import { defineTexts } from '../../../console/locales/define-texts.ts';

export const snippetTexts = defineTexts({
  en: {
    language: 'Language of the example',
    python_install: 'Once: pip install openai',
    node_install: 'Once: npm install openai',
    say_hello: 'Say hello in one short sentence.',
  },
  zh: {
    language: '示例语言',
    python_install: '首次使用：pip install openai',
    node_install: '首次使用：npm install openai',
    say_hello: '用一句话打个招呼。',
  },
});
