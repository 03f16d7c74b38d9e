/** A decision as a statement of reasons: every part that article 17 (3) of Regulation (EU) 2022/2065 asks for. */
import type { Bilingual, Decision } from '../../decision.ts';
import { CONDUCT_WORDS } from './conducts.ts';
import { automationWords, factsWords } from './facts.ts';
import { timeWords } from './times.ts';

export interface StatementPart {
  readonly heading: Bilingual;
  readonly text: Bilingual;
}

export function statementOf(decision: Decision): readonly StatementPart[] {
  const automation = automationWords(decision.automatedDetection, decision.author);
  const parts: (StatementPart | null)[] = [
    { heading: { en: 'What was decided', zh: '决定内容' }, text: firstParagraph(decision.notice) },
    { heading: { en: 'Where it holds', zh: '适用地域' }, text: territoryWords(decision.territory) },
    { heading: { en: 'From when until when', zh: '起止时间' }, text: durationWords(decision) },
    decision.facts && {
      heading: { en: 'Facts it rests on', zh: '事实依据' },
      text: factsWords(decision.facts, decision.unit),
    },
    {
      heading: { en: 'Automatic means', zh: '自动化手段' },
      text: {
        en: `${automation.found.en} ${automation.decided.en}${certificateWords(decision).en}`,
        zh: `${automation.found.zh}${automation.decided.zh}${certificateWords(decision).zh}`,
      },
    },
    { heading: { en: 'Ground', zh: '规则依据' }, text: groundWords(decision) },
    decision.alternatives === ''
      ? null
      : {
          heading: { en: 'Milder steps that were considered', zh: '曾考虑的较轻措施' },
          text: { en: decision.alternatives, zh: decision.alternatives },
        },
    { heading: { en: 'What you can do', zh: '救济途径' }, text: decision.redress },
  ];
  return parts.filter((part) => part !== null);
}

function firstParagraph({ en, zh }: Bilingual): Bilingual {
  return { en: en.split('\n\n')[0] ?? en, zh: zh.split('\n\n')[0] ?? zh };
}

function territoryWords(territory: string): Bilingual {
  return territory === 'everywhere'
    ? { en: 'Everywhere the service is offered.', zh: '提供本服务的所有地区。' }
    : { en: territory, zh: territory };
}

function durationWords({ startMs, untilMs }: Decision): Bilingual {
  const start = timeWords(startMs);
  if (untilMs === null) {
    return { en: `From ${start.en}, with no end set.`, zh: `自 ${start.zh} 起，未设期限。` };
  }
  const until = timeWords(untilMs);
  return { en: `From ${start.en} until ${until.en}.`, zh: `自 ${start.zh} 起至 ${until.zh} 止。` };
}

function certificateWords({ certificate }: Decision): Bilingual {
  if (certificate === null) return { en: '', zh: '' };
  const oneIn = Math.floor(1 / certificate.bound).toLocaleString('en');
  return {
    en: ` The chance that this happens to somebody who keeps to the terms is at most one in ${oneIn}.`,
    zh: `遵守条款的人遭遇此决定的概率不超过 ${oneIn} 分之一。`,
  };
}

function groundWords({ ground, policy, facts }: Decision): Bilingual {
  const conduct = facts && CONDUCT_WORDS[facts.conduct];
  if (ground === 'illegal') {
    return {
      en: `The law (${policy})${conduct === null ? '' : `, which forbids ${conduct.en}`}.`,
      zh: `法律规定（${policy}）${conduct === null ? '' : `禁止${conduct.zh}`}。`,
    };
  }
  return {
    en: `Our terms (${policy})${conduct === null ? '' : `, which do not allow ${conduct.en}`}.`,
    zh: `我们的条款（${policy}）${conduct === null ? '' : `不允许${conduct.zh}`}。`,
  };
}
