import { type CaseOpening, type Conduct, type Follow, type RulesDeps, SEVERITIES } from '../../enforcement/index.ts';
import type { Telemetry } from '../../telemetry/telemetry.ts';

export interface HearRulesDeps {
  readonly follow: Pick<Follow, 'raise'>;
  readonly openCase: (what: CaseOpening) => Promise<void>;
  readonly telemetry: Pick<Telemetry, 'fault' | 'notice'>;
}

/** A rule asks a person without saying how sure it is. */
const RULE_PROBABILITY = 0.5;

/** What rules say becomes signals and cases; what becomes of a rule is told in the log. */
export function hearRules(deps: HearRulesDeps): Pick<RulesDeps, 'onSignal' | 'onCase' | 'onTrouble'> {
  const { follow, openCase, telemetry } = deps;
  return {
    onSignal(signal) {
      follow.raise(signal).catch((error: unknown) => telemetry.fault('take in what a rule found', error));
    },
    onCase({ rule, atMs, owner, eventId, conduct }) {
      const requestIds = eventId.startsWith('req_') ? [eventId] : [];
      const opened = openCase({
        kind: 'rule',
        ...conductOr(conduct),
        unit: { kind: 'account', accountId: owner.accountId },
        owner,
        language: null,
        probability: RULE_PROBABILITY,
        facts: {
          requests: requestIds.length,
          accounts: 1,
          signals: 0,
          sources: ['rule'],
          categories: [],
          firstAtMs: atMs,
          lastAtMs: atMs,
          score: null,
          cusum: null,
          alarmAt: null,
          posterior: null,
          certificateBound: null,
          stepNow: null,
        },
        incidents: [],
        requestIds,
        sanctionId: null,
        decisionId: null,
        reportId: null,
        rule,
        proposal: null,
        subjects: [`rule ${rule} ${eventId}`],
        authors: [],
      });
      opened.catch((error: unknown) => telemetry.fault('open a case a rule asks for', error));
    },
    onTrouble: (rule, what, detail) =>
      telemetry.notice('warn', `the rule ${rule} was ${what === 'capped' ? 'held back' : 'paused'}`, { why: detail }),
  };
}

/** How grave what a rule speaks of is; what has no conduct is a way round the rules. */
function conductOr(conduct: Conduct | null): {
  readonly conduct: Conduct;
  readonly severity: 1 | 2 | 3 | 'terminal';
} {
  const known = conduct ?? 'circumvention';
  return { conduct: known, severity: SEVERITIES[known] };
}
