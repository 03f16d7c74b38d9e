import type { Bilingual } from '../../decision.ts';
import type { Author, Facts } from '../../sanction.ts';
import type { Unit } from '../../unit.ts';
import { CONDUCT_WORDS, sourceWords } from './conducts.ts';
import { dayWords } from './times.ts';

/** Whom a decision is about, as that person would say it. */
export function unitWords(unit: Unit): Bilingual {
  switch (unit.kind) {
    case 'end_user':
      return { en: `the end user “${unit.endUser}” of your account`, zh: `你账户的最终用户“${unit.endUser}”` };
    case 'key':
      return { en: `the key ${unit.keyId}`, zh: `密钥 ${unit.keyId}` };
    case 'app':
      return { en: `the app “${unit.app}”`, zh: `应用“${unit.app}”` };
    case 'account':
    case 'operator':
      return { en: 'your account', zh: '你的账户' };
  }
}

/**
 * What was found, when and by what, of this person alone: no threshold, no score, nothing of how a rule works. Without a
 * request of its own an account is held together with others, of which nothing more is said.
 */
export function factsWords(facts: Facts, unit: Unit): Bilingual {
  const conduct = CONDUCT_WORDS[facts.conduct];
  if (facts.requests === 0) {
    return {
      en: `Your account belongs together with other accounts in which we found ${conduct.en}. What we rely on is what the accounts have in common; the content of nobody else's requests was looked at for this decision.`,
      zh: `你的账户与其他账户属于同一使用者，而我们在那些账户中发现了${conduct.zh}。我们依据的是这些账户的共同之处；作出此决定时没有查看其他任何人的请求内容。`,
    };
  }
  const [first, last] = [dayWords(facts.firstAtMs), dayWords(facts.lastAtMs)];
  const when =
    first.en === last.en
      ? { en: `on ${first.en}`, zh: first.zh }
      : { en: `between ${first.en} and ${last.en}`, zh: `${first.zh}至${last.zh}期间` };
  const count =
    facts.requests === 1
      ? { en: 'one request', zh: '1 个请求' }
      : { en: `${facts.requests} requests`, zh: `${facts.requests} 个请求` };
  const from = unitWords(unit);
  const sources = sourceWords(facts.sources);
  const by = { en: joined(sources.map(({ en }) => en)), zh: sources.map(({ zh }) => zh).join('、') };
  return {
    en: `We found ${conduct.en} in ${count.en} from ${from.en} ${when.en}. It was found by ${by.en}.`,
    zh: `${when.zh}，我们在${from.zh}发出的 ${count.zh}中发现了${conduct.zh}。发现途径：${by.zh}。`,
  };
}

/** How far a machine found and decided it. */
export function automationWords(
  detected: boolean,
  author: Author,
): { readonly found: Bilingual; readonly decided: Bilingual } {
  return {
    found: detected
      ? { en: 'It was found by automatic means.', zh: '内容由自动化手段发现。' }
      : { en: 'It was found by people, not by automatic means.', zh: '内容由人工发现，未使用自动化手段。' },
    decided:
      author.kind === 'automatic'
        ? {
            en: 'The decision was made automatically. You can ask for a person to look at it.',
            zh: '决定由系统自动作出。你可以要求人工复核。',
          }
        : author.ids.length > 1
          ? { en: 'The decision was made by two people of our staff.', zh: '决定由我们的两名工作人员作出。' }
          : { en: 'The decision was made by a person of our staff.', zh: '决定由我们的工作人员作出。' },
  };
}

function joined(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}
