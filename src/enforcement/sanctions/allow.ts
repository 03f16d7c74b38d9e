/** Whether an order may be carried out at all, and how far without a person. Pure. */
import { ONE_LINE } from '../../base/one-line.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import { SEVERITIES } from '../conduct.ts';
import type { Author, SanctionOrder, SanctionRefusal } from '../sanction.ts';
import { rankOf, type Step } from '../step.ts';
import { automaticCap, type AutomaticStep, DELAY_MS_MAX, DELAYED, OPERATOR_ACCOUNTS_MIN } from './ladder.ts';

/** An order whose author may give it. That nothing automatic terminates anybody is in the type. */
export type AllowedOrder = Omit<SanctionOrder, 'author' | 'step'> &
  (
    | { readonly author: Extract<Author, { kind: 'staff' }>; readonly step: Step }
    | { readonly author: Extract<Author, { kind: 'automatic' }>; readonly step: AutomaticStep }
  );

export interface OperatorSize {
  /** All of them, this one included. */
  readonly accounts: readonly string[];
  /** How many of them hold together by hard links of at least 24 bits. */
  readonly strongly: number;
}

const NOTE_CHARS_MAX = 500;

export function allow(
  order: SanctionOrder,
  operator: OperatorSize | null,
  nowMs: number,
): Result<AllowedOrder, SanctionRefusal> {
  const field = wrongField(order, nowMs);
  if (field !== null) return refuse({ reason: 'invalid_field', message: field });
  const { author, step, ...rest } = order;
  if (author.kind === 'staff') {
    if (step === 'terminate' && new Set(author.ids).size < 2) {
      return refuse({ reason: 'needs_two_people', message: 'an account is closed by two people, who both decide it' });
    }
    return ok({ ...rest, author, step });
  }
  if (step === 'terminate') return refuse(aboveCap(step, 'nothing automatic closes an account'));
  const refusal = overCap(order, step, operator);
  return refusal === null ? ok({ ...rest, author, step }) : refuse(refusal);
}

/** Why the ladder may not go so far by itself; null where it may. */
function overCap(
  { unit, facts, certificate }: SanctionOrder,
  step: AutomaticStep,
  operator: OperatorSize | null,
): SanctionRefusal | null {
  if (unit.kind === 'operator') {
    if (certificate === null) {
      return {
        reason: 'needs_certificate',
        message: 'an operator is acted on without a person only with a certificate',
      };
    }
    if ((operator?.strongly ?? 0) < OPERATOR_ACCOUNTS_MIN) {
      const message = `fewer than ${OPERATOR_ACCOUNTS_MIN} accounts hold together strongly enough to act on all without a person`;
      return aboveCap(step, message);
    }
    if (step === 'operator' && facts.severity !== 'terminal') return null;
  }
  const cap = automaticCap(facts.severity, certificate);
  if (rankOf(step) <= rankOf(cap)) return null;
  if (step === 'suspend' && facts.severity === 3) {
    return { reason: 'needs_certificate', message: 'to suspend without a person takes a certificate' };
  }
  return aboveCap(step, `the ladder goes up to ${cap} here by itself; a person may go on`);
}

function aboveCap(step: Step, message: string): SanctionRefusal {
  return { reason: 'above_automatic_cap', message: `${step}: ${message}` };
}

/** What is wrong with the fields of an order, in words; null when nothing is. */
function wrongField(order: SanctionOrder, nowMs: number): string | null {
  const { unit, step, scope, untilMs, facts, delayMs } = order;
  if (step === 'operator' && unit.kind !== 'operator') return 'step: operator is for all accounts of an operator';
  if (step === 'terminate' && unit.kind !== 'account') return 'step: only an account can be closed';
  if (scope !== null && step !== 'restrict') return 'scope: only a restrict has one';
  if (scope !== null && scope.models.length === 0 && !scope.tools) return 'scope: must take something away';
  if (untilMs !== null && untilMs <= nowMs + delayMs) return 'until: must be a time to come';
  if (facts.severity !== SEVERITIES[facts.conduct]) return `facts: ${facts.conduct} has another severity`;
  if (!Number.isInteger(facts.requests) || facts.requests < 1) return 'facts: rests on at least one request';
  if (facts.firstAtMs > facts.lastAtMs) return 'facts: begin before they end';
  if (delayMs < 0 || delayMs > DELAY_MS_MAX) return 'delay: must be at most 90 minutes';
  if (delayMs > 0 && !DELAYED.has(facts.conduct)) return `delay: ${facts.conduct} is about safety, which does not wait`;
  if (order.author.kind === 'staff' && order.author.ids.length === 0) return 'author: somebody decides';
  return wrongText('note', order.note) ?? wrongText('alternatives', order.alternatives);
}

function wrongText(name: string, text: string): string | null {
  if (text === '') return null;
  return text.length <= NOTE_CHARS_MAX && ONE_LINE.test(text)
    ? null
    : `${name}: must be at most ${NOTE_CHARS_MAX} printable characters on one line`;
}
