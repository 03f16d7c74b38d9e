import { defineTexts } from '../../console/locales/define-texts.ts';

export const choosePasswordTexts = defineTexts({
  en: {
    weak_short: 'Too short: {left, plural, one {one more character} other {# more characters}}',
    weak_easy: 'Easy to guess: it repeats itself, or is what everybody tries',
    weak_mail: 'Easy to guess: it is close to your mail address',
    fair: 'Fair. A few more words make it strong',
    good: 'Good',
    strong: 'Strong',
    strength: 'Strength of the password',
    password_note: 'At least {min} characters. A sentence is easy to remember and hard to guess.',
  },
  zh: {
    weak_short: '太短：还差 {left, plural, other {# 个字符}}',
    weak_easy: '容易被猜到：内容重复，或过于常见',
    weak_mail: '容易被猜到：与邮箱过于相似',
    fair: '尚可，再加几个词会更牢固',
    good: '良好',
    strong: '很强',
    strength: '密码强度',
    password_note: '至少 {min} 个字符。用一句话作密码，好记又难猜。',
  },
});
