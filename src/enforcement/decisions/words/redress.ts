import { CONTESTABLE_MS } from '../../appeals/appeal.ts';
import type { Bilingual } from '../../decision.ts';
import { dayWords } from './times.ts';

/** How, where and until when a decision may be contested. */
export function redressWords(decidedAtMs: number): Bilingual {
  const until = dayWords(decidedAtMs + CONTESTABLE_MS);
  return {
    en: `You can contest this decision until ${until.en}: sign in to the portal and choose “Contest” beside it, or use the address in the refusal you were sent. It is free of charge. A person who did not make the decision looks at it and answers you. You may also go to an out-of-court dispute body or to a court.`,
    zh: `你可以在${until.zh}之前对此决定提出申诉：登录门户，在该决定旁选择“申诉”，或使用拒绝信息中给出的地址。申诉免费，由未参与该决定的工作人员复核并答复你。你也可以诉诸庭外争议解决机构或法院。`,
  };
}

/** Of what takes nothing away from anybody. */
export const NOTHING_TO_CONTEST: Bilingual = {
  en: 'Nothing is restricted by this, so there is nothing to contest.',
  zh: '此决定不作任何限制，无需申诉。',
};
