import type { ControlRoute } from '../../http/control-api.ts';
import {
  backtestListView,
  backtestView,
  checkRuleBody,
  checkView,
  hitListView,
  hitQuery,
  ruleListView,
  ruleModeBody,
  ruleVersionsView,
  ruleView,
  saveRuleBody,
  startBacktestBody,
} from './contract.ts';

const tag = 'enforcement';
const read = { access: 'enforcement.read', tag } as const;
const write = { access: 'rules.write', tag } as const;
export const RULES_PATH = '/control/v1/enforcement/rules';
export const BACKTESTS_PATH = '/control/v1/enforcement/backtests';

export const rulesControlApi: readonly ControlRoute[] = [
  { method: 'GET', path: RULES_PATH, ...read, summary: 'List rules and how they stand', answer: ruleListView },
  {
    method: 'POST',
    path: `${RULES_PATH}/check`,
    question: true,
    ...read,
    summary: 'Say what is wrong with a rule and what its tests come to, keeping nothing',
    body: checkRuleBody,
    answer: checkView,
  },
  { method: 'GET', path: `${RULES_PATH}/{name}`, ...read, summary: 'Show a rule as it stands', answer: ruleView },
  {
    method: 'GET',
    path: `${RULES_PATH}/{name}/versions`,
    ...read,
    summary: 'List the versions of a rule and the changes of its mode, newest first',
    answer: ruleVersionsView,
  },
  {
    method: 'PUT',
    path: `${RULES_PATH}/{name}`,
    ...write,
    summary: 'Change a rule, or make one; events are judged by it at once, as its mode says',
    body: saveRuleBody,
    answer: ruleView,
  },
  {
    method: 'POST',
    path: `${RULES_PATH}/{name}/mode`,
    ...write,
    summary: 'Change how much a rule may do, or pause it',
    body: ruleModeBody,
    answer: ruleView,
  },
  {
    method: 'GET',
    path: `${RULES_PATH}/{name}/hits`,
    ...read,
    summary: 'List what a rule hit, newest first, shadow hits too',
    query: hitQuery,
    answer: hitListView,
  },
  {
    method: 'POST',
    path: BACKTESTS_PATH,
    ...write,
    summary: 'Replay a rule over stored events',
    body: startBacktestBody,
    answer: backtestView,
    status: 201,
  },
  { method: 'GET', path: BACKTESTS_PATH, ...read, summary: 'List replays, newest first', answer: backtestListView },
  {
    method: 'GET',
    path: `${BACKTESTS_PATH}/{id}`,
    ...read,
    summary: 'Show how far a replay is, and what it came to',
    answer: backtestView,
  },
  {
    method: 'POST',
    path: `${BACKTESTS_PATH}/{id}/cancel`,
    ...write,
    summary: 'Stop a replay',
    answer: backtestView,
  },
];
