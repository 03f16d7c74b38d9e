/** What the person concerned reads: what happens from now on, until when, why, and what still works. */
import type { Bilingual } from '../../decision.ts';
import type { Facts, Scope } from '../../sanction.ts';
import type { Step } from '../../step.ts';
import type { Unit } from '../../unit.ts';
import { CONDUCT_WORDS } from './conducts.ts';
import { factsWords, unitWords } from './facts.ts';
import { timeWords } from './times.ts';

export interface NoticeOf {
  readonly step: Step;
  readonly unit: Unit;
  readonly scope: Scope | null;
  readonly facts: Facts;
  readonly untilMs: number | null;
  /** Beyond what the facts say; '' for none. */
  readonly note: string;
}

export function noticeWords(of: NoticeOf): Bilingual {
  const parts = [effectWords(of), factsWords(of.facts, of.unit), ...noteWords(of.note), keptWords(of)];
  return { en: parts.map(({ en }) => en).join('\n\n'), zh: parts.map(({ zh }) => zh).join('\n\n') };
}

/** What the step does, and until when. */
function effectWords({ step, unit, scope, facts, untilMs }: NoticeOf): Bilingual {
  const who = unitWords(unit);
  const until = untilWords(untilMs);
  const conduct = CONDUCT_WORDS[facts.conduct];
  switch (step) {
    case 'notice':
      return {
        en: `This is a notice about ${who.en}. Nothing is restricted. Our terms do not allow ${conduct.en}; please keep it out of what you send.`,
        zh: `这是关于${who.zh}的提示，目前没有任何限制。我们的条款不允许${conduct.zh}，请不要再发送此类内容。`,
      };
    case 'warning':
      return {
        en: `This is a warning about ${who.en}. Nothing is restricted. If it happens again, we will have to limit the use. Please confirm in the portal that you have read this.`,
        zh: `这是关于${who.zh}的警告，目前没有任何限制。如果再次发生，我们将不得不限制使用。请在门户中确认你已阅读。`,
      };
    case 'friction':
      return {
        en: `Replies to ${who.en} are checked in full before they are sent${until.en}. They come a little later and all at once; everything else works as before.`,
        zh: `${until.zh}发给${who.zh}的回答会在完整审核之后才送出。回答会稍晚并一次性到达，其他功能不受影响。`,
      };
    case 'throttle':
      return {
        en: `${capital(who.en)} may ask a quarter as often as usual, and small models only${until.en}.`,
        zh: `${until.zh}${who.zh}的请求频率上限降为平时的四分之一，并且只能使用小型模型。`,
      };
    case 'cool_off':
      return {
        en: `Nothing is generated for ${who.en}${until.en}. After that it works again by itself.`,
        zh: `${until.zh}${who.zh}暂停生成内容，到期后自动恢复。`,
      };
    case 'restrict':
      return restrictWords(who, scope, until);
    case 'suspend':
    case 'operator':
      return {
        en: `${capital(who.en)} is suspended${until.en}. Nothing is generated meanwhile.`,
        zh: `${until.zh}${who.zh}已被停用，期间不会生成任何内容。`,
      };
    case 'terminate':
      return {
        en: `${capital(who.en)} is closed${until.en === '' ? '' : `${until.en}; after that you may open a new one`}. What you paid and have not spent is given back to where it came from.`,
        zh: `${who.zh}已被关闭${untilMs === null ? '' : `，${timeWords(untilMs).zh} 之后你可以重新开户`}。你已支付但尚未使用的余额将原路退回。`,
      };
  }
}

function restrictWords(who: Bilingual, scope: Scope | null, until: Bilingual): Bilingual {
  const taken = scope ?? { models: [], tools: true };
  const parts: Bilingual[] = [
    ...(scope === null ? [{ en: 'models other than the small ones', zh: '小型模型以外的模型' }] : []),
    ...(taken.models.length > 0
      ? [{ en: `the models ${taken.models.join(', ')}`, zh: `模型 ${taken.models.join('、')}` }]
      : []),
    ...(taken.tools ? [{ en: 'tools', zh: '工具调用' }] : []),
  ];
  return {
    en: `${capital(who.en)} may not use ${parts.map(({ en }) => en).join(' and ')}${until.en}. Everything else works as before.`,
    zh: `${until.zh}${who.zh}不能使用${parts.map(({ zh }) => zh).join('和')}，其他功能不受影响。`,
  };
}

/** What nobody loses. */
function keptWords({ step, unit }: NoticeOf): Bilingual {
  const isPart = unit.kind === 'key' || unit.kind === 'app' || unit.kind === 'end_user';
  if (isPart) return { en: 'The rest of your account is not affected.', zh: '你账户的其余部分不受影响。' };
  if (step === 'terminate') {
    return {
      en: 'You can still sign in to read this, to take your records with you and to contest the decision.',
      zh: '你仍可登录查看本通知、导出你的记录并对决定提出申诉。',
    };
  }
  if (step === 'cool_off' || step === 'suspend' || step === 'operator') {
    return {
      en: 'You can still sign in, export your records, see your bills and contest the decision. What you paid and have not spent stays yours.',
      zh: '你仍可登录、导出记录、查看账单并对决定提出申诉。你已支付但尚未使用的余额仍归你所有。',
    };
  }
  return { en: 'Your keys, your records and your balance stay as they are.', zh: '你的密钥、记录和余额保持不变。' };
}

/** What somebody of the staff added, in the language it was written in. */
function noteWords(note: string): Bilingual[] {
  return note === '' ? [] : [{ en: `From our staff: ${note}`, zh: `工作人员补充：${note}` }];
}

function untilWords(untilMs: number | null): Bilingual {
  if (untilMs === null) return { en: '', zh: '' };
  const time = timeWords(untilMs);
  return { en: ` until ${time.en}`, zh: `在 ${time.zh} 之前，` };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** That a sanction ended early, and why; '' where the answer to an appeal says it. `reversed`: it should not have been. */
export function endWords(how: 'lifted' | 'reversed', unit: Unit, reason: string): Bilingual {
  const who = unitWords(unit);
  const why = reason === '' ? { en: '', zh: '' } : { en: `\n\nWhy: ${reason}`, zh: `\n\n原因：${reason}` };
  if (how === 'lifted') {
    return {
      en: `The restriction of ${who.en} has ended early. Everything works as before.${why.en}`,
      zh: `对${who.zh}的限制已提前结束，一切恢复正常。${why.zh}`,
    };
  }
  return {
    en: `We took back our decision about ${who.en}. It was wrong, and we are sorry. It no longer counts for anything, and everything works as before.${why.en}`,
    zh: `我们撤回了关于${who.zh}的决定。该决定有误，我们为此致歉。它不再产生任何影响，一切恢复正常。${why.zh}`,
  };
}
