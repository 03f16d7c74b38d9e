/** What a person reads who contested a decision. */
import type { Bilingual } from '../decision.ts';
import type { AnswerReason, AppealAnswer, Outcome } from './appeal.ts';

const OPENING: Readonly<Record<Outcome, (day: string) => Bilingual>> = {
  upheld: (day) => ({
    en: `You contested our decision of ${day}. Somebody who had no part in it looked at all of it anew, and it stands.`,
    zh: `你对我们 ${day} 的决定提出了申诉。一位未参与该决定的人员重新审阅了全部情况，决定维持不变。`,
  }),
  overturned: (day) => ({
    en: `You contested our decision of ${day}, and you were right: it should not have been made. We are sorry.`,
    zh: `你对我们 ${day} 的决定提出了申诉。你是对的，这项决定本不应作出。我们向你诚恳道歉。`,
  }),
  partly: (day) => ({
    en: `You contested our decision of ${day}, and in part you were right. We are sorry for what was wrong in it.`,
    zh: `你对我们 ${day} 的决定提出了申诉，其中一部分你是对的。对于其中的错误，我们向你道歉。`,
  }),
};

const WHY: Readonly<Record<AnswerReason, Bilingual>> = {
  as_found: {
    en: 'What the decision says was found is there.',
    zh: '决定中所述的情况确实存在。',
  },
  grave: {
    en: 'What was found is so serious that a milder step would not do.',
    zh: '所发现的情况较为严重，更轻的措施不足以应对。',
  },
  nothing_new: {
    en: 'Your appeal names nothing that was not known when it was decided.',
    zh: '你的申诉没有提出作出决定时尚不了解的情况。',
  },
  not_found: {
    en: 'What we thought we had found is not there.',
    zh: '我们当初认定的问题并不存在。',
  },
  permitted_use: {
    en: 'What you did is allowed: our rules permit such a use.',
    zh: '你的使用方式是允许的，符合我们的规则。',
  },
  somebody_else: {
    en: 'It was not you: somebody else used your account or one of your keys.',
    zh: '并非你本人所为：有人冒用了你的账户或密钥。',
  },
  wrong_link: {
    en: 'We took your account to belong with others. It does not.',
    zh: '我们误将你的账户与其他账户关联在一起，实际上它们并无关系。',
  },
  our_mistake: {
    en: 'We applied our own rules wrongly.',
    zh: '我们错误地适用了自己的规则。',
  },
  some_harmless: {
    en: 'Part of what it rested on was harmless, and no longer counts.',
    zh: '作为依据的部分内容并无问题，不再计入。',
  },
  too_severe: {
    en: 'The step was too severe for what had happened.',
    zh: '就所发生的情况而言，采取的措施过重。',
  },
};

const FOLLOWS: Readonly<Record<Outcome, Bilingual | null>> = {
  upheld: null,
  overturned: {
    en: 'It is undone, with everything that followed from it: you can use the service as before, nothing of it counts against you, and credit that was taken back or ran out in the meantime is yours again.',
    zh: '该决定及其一切后果均已撤销：你可以像以前一样使用服务，相关内容不再计入，被收回或在此期间到期的额度也已归还给你。',
  },
  partly: {
    en: 'What it imposed has ended. Where something milder takes its place, a notice of its own says so.',
    zh: '原有措施已经结束。如改为更轻的措施，你会收到单独的通知。',
  },
};

/** The reviewer's own words in the language they wrote in; in the other one the same by the code of the reason. */
export function answerNotice(answer: AppealAnswer, decidedDay: string): Bilingual {
  const { outcome, reason, words, language } = answer;
  const opening = OPENING[outcome](decidedDay);
  const say = (to: 'en' | 'zh') =>
    [opening[to], to === language ? words : WHY[reason][to], FOLLOWS[outcome]?.[to]].filter(Boolean).join('\n\n');
  return { en: say('en'), zh: say('zh') };
}

/** What is left to somebody whose appeal was answered. */
export const AFTER_AN_ANSWER: Bilingual = {
  en: 'You may still turn to a certified out-of-court dispute settlement body, or to a court.',
  zh: '你仍可向经认证的庭外争议解决机构或法院寻求救济。',
};
