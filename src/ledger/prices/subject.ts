import type { PriceSubject, QuotedTarget } from '../price.ts';

/** What tells two subjects apart; the parts are names without line ends. */
export function subjectKey(subject: PriceSubject): string {
  return subject.kind === 'list'
    ? `list\n${subject.model}\n${subject.target ?? ''}`
    : `cost\n${subject.provider ?? ''}\n${subject.upstreamModel}`;
}

/** For people: `large`, `large at large/0`, `the cost of gpt-5.2 at openai`. */
export function subjectText(subject: PriceSubject): string {
  if (subject.kind === 'list') return subject.target === null ? subject.model : `${subject.model} at ${subject.target}`;
  return `the cost of ${subject.upstreamModel}${subject.provider === null ? '' : ` at ${subject.provider}`}`;
}

/** Whose list price a target is charged by: the alias in its name, which for a fallback is the fallback's own. */
export function modelOf(target: QuotedTarget): string {
  return target.name.slice(0, target.name.lastIndexOf('/'));
}
