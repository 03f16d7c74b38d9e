export { auditEnforcement } from './audit.ts';
export { CONDUCT_OF_LABEL } from './conduct-of-label.ts';
export { type Conduct, SEVERITIES, type Severity } from './conduct.ts';
export type { Bilingual, Decision, DecisionKind } from './decision.ts';
export type { Incident, Reading } from './incident.ts';
export type { Certificate, Heard, Judgement, JudgementSurroundings, Proposal, UnitFigures } from './judgement.ts';
export type { EndedReview, PathEnforcement, PathVerdict, RequestFacts } from './path.ts';
export type { Author, Effects, Facts, Sanction, SanctionOrder, SanctionRefusal, Sanctions, Scope } from './sanction.ts';
export type { Signal, SignalSource } from './signal.ts';
export { rankOf, type Step, STEPS } from './step.ts';
export type { Owner, Unit, UnitKind } from './unit.ts';
export { decisionsControlApi } from './decisions/control-api.ts';
export { createDecisions, type Decisions } from './decisions/decisions.ts';
export { enforcementSanctions } from './migrations/2026-11-22-enforcement-sanctions.ts';
export { sanctionsControlApi } from './sanctions/control-api.ts';
export type { KeptJudgement } from './judgement/create-judgement.ts';
export { JUDGEMENT_PARAMETERS, type JudgementParameters } from './judgement/parameters.ts';
export type { Case, CaseFacts, CaseOpening } from './cases/case.ts';
export { type Cases, createCases } from './cases/cases.ts';
export { casesControlApi } from './cases/control-api.ts';
export type { CaseActions, CaseDeps, StaffPerson } from './cases/deps.ts';
export { reviewPolicyOf } from './cases/policy.ts';
export { enforcementCases } from './migrations/2026-11-22-enforcement-cases.ts';
export type { SanctionsDeps } from './sanctions/deps.ts';
export { OPERATOR_ACCOUNTS_MIN } from './sanctions/ladder.ts';
export { putOffMs } from './sanctions/ladder.ts';
export { openSanctions, type SanctionsPart } from './sanctions/sanctions.ts';
export type {
  Appeal,
  AppealAnswer,
  AppealOrder,
  AppealRefusal,
  Appeals,
  AppealState,
  Contest,
} from './appeals/appeal.ts';
export { appealControlApi } from './appeals/control-api.ts';
export { createAppeals } from './appeals/create-appeals.ts';
export type { AppealsDeps } from './appeals/deps.ts';
export { appealRoutes } from './appeals/routes.ts';
export { enforcementAppeals } from './migrations/2026-11-22-enforcement-appeals.ts';
export { createReports } from './reports/create-reports.ts';
export type { ReportsDeps } from './reports/deps.ts';
export type { KeptReport, Report, ReportCategory, ReportOrder, ReportRefusal, Reports } from './reports/report.ts';
export { signalsControlApi } from './signals/control-api.ts';
export { folderDecisionRoutes } from './decisions/folder-routes.ts';
export { decisionRoutes, type DecisionRoutesDeps } from './decisions/routes.ts';
export { sanctionRoutes } from './sanctions/routes.ts';
export { upstreamControlApi } from './upstream/control-api.ts';
export type { UpstreamNotice } from './upstream/notice.ts';
export { upstreamNoticeRoutes, type UpstreamNoticesDeps } from './upstream/routes.ts';
export { type Backtest, type Backtests, createBacktests } from './rules/backtest/backtests.ts';
export { backtestRoutes } from './rules/backtest/routes.ts';
export { type PauseReason, type RuleDocument, ruleDocument } from './rules/contract.ts';
export { rulesControlApi } from './rules/control-api.ts';
export { createRules } from './rules/create-rules.ts';
export type { RuleCase, RuleSignal } from './rules/engine/engine-deps.ts';
export type { SignUpFacts } from './rules/events/facts.ts';
export { ruleRoutes } from './rules/rule-routes.ts';
export type { FileProblem, Rules, RulesDeps } from './rules/rules.ts';
export { createRulesFolder } from './rules/rules-folder.ts';
export { shippedRules } from './rules/shipped/shipped.ts';
export { enforcementRules } from './migrations/2026-11-22-enforcement-rules.ts';
export { contestableUntil } from './appeals/filing.ts';
export { CONDUCT_OF_CATEGORY, REPORT_CATEGORIES, REPORT_CHARS_MAX } from './reports/report.ts';
export { enforcementSimulationControlApi, enforcementSimulationRoutes } from './simulation-report/routes.ts';
export { harmControlApi } from './harm/control-api.ts';
export { createHarm, type HarmAlert, type HarmBudget, type HarmDeps } from './harm/create-harm.ts';
export { type ActiveCount, type AuditOpening, type Cohorts, cohortsIn, harmPolicyOf } from './harm/harm.ts';
export { enforcementHarm } from './migrations/2026-11-22-enforcement-harm.ts';
export { createExecutor, type Executor, type ExecutorDeps } from './executing/execute.ts';
export { createSecondReader, type GuardReader } from './follow/second-reader.ts';
export { createDigests } from './signals/digests.ts';
export { enforcementSignals } from './migrations/2026-11-22-enforcement-signals.ts';
export { createFollow, type Follow, type FollowDeps, type SignalInput } from './follow/follow.ts';
export { languageOf } from './signals/digests.ts';
export { signalRoutes } from './signals/routes.ts';
export { createReadingAlone } from './cases/reading-alone.ts';
export { reportBody, reportView } from './reports/contract.ts';
export { createRedressRecords } from './appeals/records.ts';
