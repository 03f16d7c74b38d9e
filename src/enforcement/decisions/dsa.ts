/**
 * Decisions in the fields of the DSA Transparency Database, as its API of July 2025 takes them. Without names, ids of
 * accounts and anything people wrote. Source: https://transparency.dsa.ec.europa.eu/page/api-documentation
 */
import { dayOf } from '../../base/calendar.ts';
import type { Conduct } from '../conduct.ts';
import type { Decision } from '../decision.ts';
import { rankOf, type Step } from '../step.ts';
import type { DsaStatementView } from './contract.ts';
import { CONDUCT_WORDS, sourceWords } from './words/conducts.ts';

const CATEGORIES: Readonly<Record<Conduct, string>> = {
  minors: 'STATEMENT_CATEGORY_PROTECTION_OF_MINORS',
  mass_harm: 'STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY',
  threats: 'STATEMENT_CATEGORY_VIOLENCE',
  hate: 'STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH',
  harassment: 'STATEMENT_CATEGORY_CYBER_VIOLENCE',
  violence: 'STATEMENT_CATEGORY_VIOLENCE',
  sexual: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
  illicit: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
  self_harm_promotion: 'STATEMENT_CATEGORY_SELF_HARM',
  circumvention: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
  fraud: 'STATEMENT_CATEGORY_SCAMS_AND_FRAUD',
  resale: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
  extraction: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
  evasion: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
};

/** Where the database wants countries, and a decision holds everywhere: those of the European Economic Area. */
const EEA = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' ');

const AUTOMATED: Readonly<Record<Decision['automatedDecision'], string>> = {
  none: 'AUTOMATED_DECISION_NOT_AUTOMATED',
  partial: 'AUTOMATED_DECISION_PARTIALLY',
  full: 'AUTOMATED_DECISION_FULLY',
};

const FACTS_CHARS_MAX = 5_000;
const EXPLANATION_CHARS_MAX = 2_000;
const GROUND_CHARS_MAX = 500;

/** Null for what restricts nobody: article 17 asks for no statement then. */
export function dsaStatement(decision: Decision): DsaStatementView | null {
  const { facts, step, kind } = decision;
  if (kind !== 'sanction' || facts === null || step === null || rankOf(step) < rankOf('friction')) return null;
  const isText = facts.categories.length > 0;
  return {
    ...restrictionOf(step, decision),
    ...groundOf(decision, facts.conduct),
    content_type: [isText ? 'CONTENT_TYPE_TEXT' : 'CONTENT_TYPE_OTHER'],
    ...(!isText && { content_type_other: 'how the service was used' }),
    category: CATEGORIES[facts.conduct],
    territorial_scope: [...EEA],
    content_date: dayOf(facts.firstAtMs),
    application_date: dayOf(decision.startMs),
    decision_facts: factsOf(decision).slice(0, FACTS_CHARS_MAX),
    source_type: facts.sources.some((source) => source === 'report' || source === 'upstream')
      ? 'SOURCE_TYPE_OTHER_NOTIFICATION'
      : 'SOURCE_VOLUNTARY',
    automated_detection: decision.automatedDetection ? 'Yes' : 'No',
    automated_decision: AUTOMATED[decision.automatedDecision],
    puid: decision.id,
  };
}

/** What is taken away: of the account as a whole, or of a part of what the service does. */
function restrictionOf(step: Step, { unit, untilMs }: Decision) {
  const isWhole = unit.kind === 'account' || unit.kind === 'operator';
  const end = untilMs === null ? null : dayOf(untilMs);
  if (isWhole && step === 'terminate') {
    return {
      decision_provision: 'DECISION_PROVISION_TOTAL_TERMINATION',
      decision_account: 'DECISION_ACCOUNT_TERMINATED',
      ...(end !== null && { end_date_account_restriction: end, end_date_service_restriction: end }),
    };
  }
  if (isWhole && (step === 'suspend' || step === 'operator')) {
    return {
      decision_account: 'DECISION_ACCOUNT_SUSPENDED',
      ...(end !== null && { end_date_account_restriction: end }),
    };
  }
  const isTotal = isWhole && step === 'cool_off';
  return {
    decision_provision: isTotal ? 'DECISION_PROVISION_TOTAL_SUSPENSION' : 'DECISION_PROVISION_PARTIAL_SUSPENSION',
    ...(end !== null && { end_date_service_restriction: end }),
  };
}

function groundOf({ ground, policy }: Decision, conduct: Conduct) {
  const named = policy.slice(0, GROUND_CHARS_MAX);
  const why = CONDUCT_WORDS[conduct].en;
  if (ground === 'illegal') {
    return {
      decision_ground: 'DECISION_GROUND_ILLEGAL_CONTENT',
      illegal_content_legal_ground: named,
      illegal_content_explanation: `The law named forbids ${why}.`.slice(0, EXPLANATION_CHARS_MAX),
    };
  }
  return {
    decision_ground: 'DECISION_GROUND_INCOMPATIBLE_CONTENT',
    incompatible_content_ground: named,
    incompatible_content_explanation: `The terms do not allow ${why}.`.slice(0, EXPLANATION_CHARS_MAX),
    incompatible_content_illegal: 'No' as const,
  };
}

/** Without the person's name for anything: neither keys, apps nor end users. */
function factsOf({ facts, unit }: Decision): string {
  if (facts === null) return '';
  if (facts.requests === 0)
    return `The account belongs together with others in which there was ${CONDUCT_WORDS[facts.conduct].en}.`;
  const requests = facts.requests === 1 ? 'one request' : `${facts.requests} requests`;
  const by = sourceWords(facts.sources)
    .map(({ en }) => en)
    .join('; ');
  const from = unit.kind === 'account' || unit.kind === 'operator' ? 'an account' : 'a part of an account';
  return `There was ${CONDUCT_WORDS[facts.conduct].en} in ${requests} from ${from} between ${dayOf(facts.firstAtMs)} and ${dayOf(facts.lastAtMs)}, found by ${by}.`;
}
