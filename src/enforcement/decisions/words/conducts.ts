/** What people are told they are held to have done: plain, specific, and without a word about how it is found. */
import type { Conduct } from '../../conduct.ts';
import type { Bilingual } from '../../decision.ts';

export const CONDUCT_WORDS: Readonly<Record<Conduct, Bilingual>> = {
  minors: { en: 'sexual content about children', zh: '涉及儿童的性内容' },
  mass_harm: { en: 'help with weapons that can harm many people', zh: '可造成大规模伤害的武器的制造协助' },
  threats: { en: 'threats of violence, or instructions for it', zh: '暴力威胁或实施暴力的方法' },
  hate: { en: 'hatred against people for who they are', zh: '针对特定人群的仇恨内容' },
  harassment: { en: 'harassment of a person', zh: '骚扰他人' },
  violence: { en: 'graphic depictions of violence', zh: '血腥暴力的描写' },
  sexual: { en: 'sexually explicit content', zh: '露骨的性内容' },
  illicit: { en: 'instructions for things the law forbids', zh: '违法行为的操作指导' },
  self_harm_promotion: { en: 'encouragement of self-harm, or instructions for it', zh: '鼓励自残或提供自残方法' },
  circumvention: { en: 'attempts to get round the safety rules of the models', zh: '试图绕过模型的安全规则' },
  fraud: { en: 'use of credit or payments by deception', zh: '以欺骗手段使用额度或付款' },
  resale: { en: 'resale of access', zh: '转售访问权限' },
  extraction: { en: 'systematic copying of a model', zh: '系统性地复制模型' },
  evasion: { en: 'return after an account was closed or suspended', zh: '在账户被关闭或停用后重新注册' },
};

/** Where what is held against somebody came from. */
const SOURCE_WORDS: Readonly<Record<string, Bilingual>> = {
  moderation: { en: 'the automatic review of prompts and replies', zh: '对提问和回答的自动审核' },
  rule: { en: 'automatic rules about how the service is used', zh: '关于使用方式的自动规则' },
  fraud: { en: 'the protection against misuse of credit', zh: '防止滥用额度的检查' },
  metering: { en: 'the record of use', zh: '使用记录' },
  ledger: { en: 'the record of payments', zh: '付款记录' },
  report: { en: 'a report we were sent', zh: '我们收到的举报' },
  upstream: { en: 'a notice from the provider of a model', zh: '模型提供方的通知' },
  staff: { en: 'a person of our staff', zh: '我们的工作人员' },
};

/** The sources in words; one that has none is told in general. */
export function sourceWords(sources: readonly string[]): readonly Bilingual[] {
  const known = sources.flatMap((source) => SOURCE_WORDS[source] ?? []);
  return known.length > 0 ? known : [{ en: 'our own checks', zh: '我们自己的检查' }];
}
