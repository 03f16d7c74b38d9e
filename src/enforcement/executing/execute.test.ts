import { expect, test } from 'bun:test';
import type { CaseOpening } from '../cases/case.ts';
import type { Incident } from '../incident.ts';
import type { Proposal } from '../judgement.ts';
import type { SanctionOrder } from '../sanction.ts';
import { createExecutor } from './execute.ts';

const UNIT = { kind: 'account', accountId: 'acct_1' } as const;
const INCIDENT: Incident = {
  id: 'inc_1',
  owner: { accountId: 'acct_1', keyId: null, app: null, member: null, endUser: null, product: null },
  conduct: 'threats',
  severity: 3,
  openedAtMs: 1,
  lastAtMs: 2,
  signals: ['sig_1'],
  signalCount: 1,
  requestIds: ['req_1'],
  state: 'confirmed',
  confidence: 0.97,
  readBy: 'person:staff_reader',
};
const PROPOSAL: Proposal = {
  unit: UNIT,
  step: 'restrict',
  conduct: 'threats',
  severity: 3,
  score: 30,
  cusum: 20,
  alarmAt: 17,
  certificate: null,
  incidents: ['inc_1'],
  wanted: null,
  atMs: 2,
};

function world(raisers: readonly string[]) {
  const cases: CaseOpening[] = [];
  const executor = createExecutor({
    sanctions: {
      inForce: () => [],
      impose: async ({ unit, step, facts }: SanctionOrder) => ({
        ok: true,
        value: {
          id: 'san_1',
          decisionId: 'dec_1',
          unit,
          step,
          scope: null,
          conduct: facts.conduct,
          decidedAtMs: 2,
          startMs: 2,
          untilMs: null,
          stopId: null,
          linkedTo: null,
          ended: null,
          acknowledgedAtMs: null,
        },
      }),
    },
    incidents: {
      get: async () => INCIDENT,
      factsOf: async () => ({
        requests: 1,
        accounts: 1,
        signals: 1,
        firstAtMs: 1,
        lastAtMs: 2,
        sources: ['staff'],
        categories: [],
      }),
      raisersOf: async () => raisers,
      figuresOf: () => ({
        unit: UNIT,
        score: 30,
        cusum: 20,
        alarmAt: 17,
        posterior: 0.9,
        requests: 1,
        incidents: [INCIDENT],
      }),
    },
    openCase: async (what) => void cases.push(what),
    isHeldBack: () => false,
    delayMs: () => 0,
    onFault: (_what, error) => {
      throw error;
    },
  });
  return { executor, cases };
}

test('whoever said that it happened judges no case of what came of it', async () => {
  const { executor, cases } = world(['staff_raiser']);
  await executor.execute({ ...PROPOSAL, wanted: 'suspend' });
  await executor.doubt({ ...INCIDENT, state: 'doubtful', readBy: null });
  expect(cases.map(({ kind, authors }) => [kind, authors])).toEqual([
    ['proposal', ['staff_raiser']],
    ['incident', ['staff_raiser']],
  ]);
});

test('whoever read what a sanction rests on does not review it', async () => {
  const { executor, cases } = world([]);
  await executor.execute(PROPOSAL);
  expect(cases.map(({ kind, authors }) => [kind, authors])).toEqual([['suspension', ['staff_reader']]]);
});

test('a restricted case is found by its sanction', async () => {
  const { executor, cases } = world([]);
  await executor.execute({
    ...PROPOSAL,
    step: 'cool_off',
    conduct: 'minors',
    severity: 'terminal',
    wanted: 'terminate',
  });
  expect(cases).toMatchObject([{ kind: 'restricted', sanctionId: 'san_1' }]);
  expect(cases[0]?.subjects).toContain('sanction san_1');
});
