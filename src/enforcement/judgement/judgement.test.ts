import { describe, expect, test } from 'bun:test';
import type { Conduct } from '../conduct.ts';
import type { JudgementSurroundings, Proposal } from '../judgement.ts';
import type { Signal } from '../signal.ts';
import type { Owner } from '../unit.ts';
import { certify } from './certificate.ts';
import { createJudgement, type KeptJudgement } from './create-judgement.ts';
import { JUDGEMENT_PARAMETERS as PARAMETERS } from './parameters.ts';
import { betaAbove } from './posterior.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 1);

function judge(changes: Partial<JudgementSurroundings> = {}): KeptJudgement {
  const alone: JudgementSurroundings = {
    operatorOf: (accountId) => [accountId],
    firmlyLinked: () => 1,
    declaredUsesOf: () => [],
    isShared: () => false,
  };
  return createJudgement({ ...alone, ...changes }, PARAMETERS);
}

function owner(changes: Partial<Owner> = {}): Owner {
  const nobody = { keyId: 'key_1', app: null, member: null, endUser: null, product: 'api' };
  return { accountId: 'acc_1', ...nobody, ...changes };
}

let ids = 0;
function signal(changes: Partial<Signal> = {}): Signal {
  const nth = ++ids;
  return {
    id: `sig_${nth}`,
    atMs: START_MS,
    source: 'moderation',
    sourceVersion: 'default@1',
    owner: owner(),
    requestId: `req_${nth}`,
    conduct: 'hate',
    confidence: 0.97,
    conversation: `conversation ${nth}`,
    template: null,
    language: null,
    cleanBefore: 0,
    freshUntilMs: START_MS + 1_000 * DAY_MS,
    ...changes,
  };
}

function strikes(judgement: KeptJudgement, count: number, changes: (nth: number) => Partial<Signal>): Proposal[] {
  return Array.from({ length: count }, (_, nth) => judgement.signal(signal(changes(nth))).proposals).flat();
}

const stepsOf = (proposals: readonly Proposal[], kind: string) =>
  proposals.filter(({ unit }) => unit.kind === kind).map(({ step }) => step);

describe('one flag', () => {
  test.each<Conduct>(['harassment', 'hate', 'threats', 'fraud', 'evasion'])('of %s is told and no more', (conduct) => {
    const { proposals } = judge().signal(signal({ conduct }));
    expect(proposals).toHaveLength(1);
    expect(['notice', 'warning']).toContain(proposals[0]?.step ?? '');
    expect(proposals[0]?.wanted).toBeNull();
  });

  test('each month, for years, comes to no more', () => {
    const judgement = judge();
    for (let month = 0; month < 40; month++) {
      judgement.clean(owner(), START_MS, 40);
      const { proposals } = judgement.signal(signal({ conduct: 'threats', atMs: START_MS + month * 30 * DAY_MS }));
      expect(proposals.map(({ step }) => step)).toEqual(['warning']);
    }
  });

  test('of terminal conduct stops at once, and people decide the end', () => {
    const judgement = judge();
    const heard = judgement.signal(signal({ conduct: 'minors', confidence: 0.6 }));
    expect([heard.doubtful, heard.proposals]).toEqual([true, []]);
    const reading = { incidentId: heard.incident.id, outcome: 'abuse', confidence: 0.9, by: 'guard:g', atMs: START_MS };
    expect(judgement.read({ ...reading, outcome: 'abuse' })?.proposals).toMatchObject([
      { step: 'cool_off', wanted: 'terminate', conduct: 'minors', severity: 'terminal' },
    ]);
  });
});

describe('folding', () => {
  test('what belongs together is one incident', () => {
    const judgement = judge();
    const first = judgement.signal(signal({ conversation: 'a', confidence: 0.6 }));
    for (let nth = 1; nth <= 20; nth++) {
      const atMs = START_MS + nth * 10 * MINUTE_MS;
      const again = judgement.signal(signal({ conversation: 'a', confidence: 0.6, atMs }));
      expect([again.isNew, again.incident.id]).toEqual([false, first.incident.id]);
    }
    const late = judgement.signal(signal({ conversation: 'a', confidence: 0.6, atMs: START_MS + 300 * MINUTE_MS }));
    expect(late.isNew).toBeTrue();
    expect(judgement.signal(signal({ conversation: 'b', confidence: 0.6 })).isNew).toBeTrue();
    expect(judgement.signal(signal({ conversation: 'a', conduct: 'threats', confidence: 0.6 })).isNew).toBeTrue();
  });

  test('two findings of one request count once', () => {
    const judgement = judge();
    judgement.signal(signal({ requestId: 'req' }));
    const { cusum } = judgement.figuresOf({ kind: 'account', accountId: 'acc_1' }, START_MS);
    judgement.signal(signal({ requestId: 'req', conduct: 'threats' }));
    judgement.signal(signal({ requestId: 'req', conduct: 'harassment' }));
    expect(judgement.figuresOf({ kind: 'account', accountId: 'acc_1' }, START_MS).cusum).toBe(cusum);
  });

  test('one conversation that goes on after it was told is not free', () => {
    const steps = strikes(judge(), 20, (nth) => ({ conversation: 'a', atMs: START_MS + nth * MINUTE_MS }));
    expect(steps[0]?.step).toBe('warning');
    expect(steps.map(({ step }) => step)).toContain('cool_off');
  });
});

describe('the smallest unit', () => {
  const shared = { isShared: () => true };

  test('answers for its person, and those beside it are let be', () => {
    const judgement = judge(shared);
    for (let nth = 0; nth < 20; nth++) judgement.clean(owner({ endUser: `honest ${nth}` }), START_MS, 5);
    const proposals = strikes(judgement, 8, () => ({ owner: owner({ endUser: 'anna' }) }));
    expect(stepsOf(proposals, 'end_user')).toContain('cool_off');
    expect(stepsOf(proposals, 'account')).toEqual([]);
    expect(judgement.figuresOf({ kind: 'end_user', accountId: 'acc_1', endUser: 'honest 1' }, START_MS).score).toBe(0);
  });

  test('is the account where each request names somebody else', () => {
    const proposals = strikes(judge(shared), 8, (nth) => ({ owner: owner({ endUser: `invented ${nth}` }) }));
    expect(stepsOf(proposals, 'account')).toContain('cool_off');
    expect(new Set(stepsOf(proposals, 'end_user'))).toEqual(new Set(['warning']));
  });

  test('is one key of several', () => {
    const judgement = judge(shared);
    judgement.clean(owner({ keyId: 'key_2' }), START_MS, 50);
    const proposals = strikes(judgement, 8, (nth) => ({ owner: owner({ endUser: `invented ${nth}` }) }));
    expect(stepsOf(proposals, 'key')).toContain('cool_off');
    expect(stepsOf(proposals, 'account')).toEqual([]);
  });

  test('of a large service is not the service, however long it is watched', () => {
    const judgement = judge(shared);
    const proposals: Proposal[] = [];
    for (let nth = 0; nth < 2_000; nth++) {
      judgement.clean(owner({ endUser: `person ${nth}` }), START_MS, 100);
      proposals.push(...judgement.signal(signal({ owner: owner({ endUser: `person ${nth}` }) })).proposals);
    }
    expect(stepsOf(proposals, 'account')).toEqual([]);
  });
});

describe('linked accounts', () => {
  const members = Array.from({ length: 30 }, (_, nth) => `acc_${nth}`);

  test('are judged together where none of them stands out', () => {
    const judgement = judge({ operatorOf: () => members, firmlyLinked: () => members.length });
    const proposals = strikes(judgement, 12, (nth) => ({ owner: owner({ accountId: members[nth] ?? '' }) }));
    expect(proposals.map(({ step }) => step)).toContain('operator');
  });

  test('are for people to judge where they are few, or linked weakly', () => {
    const judgement = judge({ operatorOf: () => members, firmlyLinked: () => 9 });
    const proposals = strikes(judgement, 12, (nth) => ({ owner: owner({ accountId: members[nth] ?? '' }) }));
    expect(proposals.map(({ step }) => step)).not.toContain('operator');
    expect(proposals.map(({ wanted }) => wanted)).toContain('operator');
  });

  test('bring along what they had, and a split takes it away', () => {
    let linked = false;
    const pair = ['acc_a', 'acc_b'];
    const judgement = judge({ operatorOf: (accountId) => (linked ? pair : [accountId]), firmlyLinked: () => 2 });
    strikes(judgement, 2, () => ({ owner: owner({ accountId: 'acc_a' }) }));
    linked = true;
    judgement.operatorsChanged(['acc_b']);
    strikes(judgement, 1, () => ({ owner: owner({ accountId: 'acc_b' }) }));
    const level = (accountId: string) => judgement.figuresOf({ kind: 'operator', accountId }, START_MS).cusum;
    expect(level('acc_a')).toBeCloseTo(3 * 3.688_879, 4);
    linked = false;
    judgement.operatorsChanged(['acc_b']);
    expect([level('acc_a'), level('acc_b')]).toEqual([0, 0]);
  });
});

test('who declared research is judged by another tolerance', () => {
  const steps = (uses: readonly string[]) => {
    const judgement = judge({ declaredUsesOf: () => uses });
    return Array.from({ length: 40 }, () => {
      judgement.clean(owner(), START_MS, 9);
      return judgement.signal(signal()).proposals.map(({ step }) => step);
    }).flat();
  };
  expect(new Set(steps(['research']))).toEqual(new Set(['warning']));
  expect(new Set(steps([]))).toContain('cool_off');
});

test('whoever spreads abuse thin among clean requests is brought before a person, and nobody who rarely errs', () => {
  const asks = (clean: number) => {
    const judgement = judge();
    return Array.from({ length: 30 }, () => {
      judgement.clean(owner(), START_MS, clean);
      return judgement.signal(signal());
    }).flatMap(({ proposals }) => proposals.map(({ step, wanted }) => `${step} ${wanted ?? ''}`));
  };
  expect(asks(18)).toContain('warning cool_off');
  expect(new Set(asks(18))).toEqual(new Set(['warning ', 'warning cool_off']));
  expect(new Set(asks(150))).toEqual(new Set(['warning ']));
});

test('what is out of date counts no more', () => {
  const judgement = judge();
  strikes(judgement, 5, () => ({ freshUntilMs: START_MS + DAY_MS }));
  const { proposals } = judgement.signal(signal({ atMs: START_MS + 2 * DAY_MS }));
  expect(proposals.map(({ step, incidents }) => [step, incidents.length])).toEqual([['warning', 1]]);
});

test('keeps no more of an account than it says', () => {
  const judgement = judge();
  strikes(judgement, 2_000, (nth) => ({ atMs: START_MS + nth * 60 * MINUTE_MS }));
  const { incidents, cusum } = judgement.figuresOf({ kind: 'account', accountId: 'acc_1' }, START_MS);
  expect(incidents.length).toBeLessThanOrEqual(PARAMETERS.incidentsMax);
  expect(cusum).toBeGreaterThan(2_000 * 3);
  expect(judgement.incident('inc_1')).toBeNull();
});

test('the bound of a certificate holds for people at the edge of what is tolerated', () => {
  let state = 7;
  const draw = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const [people, tolerance, bound] = [4_000, 0.05, 0.05];
  let crossed = 0;
  for (let person = 0; person < people; person++) {
    let [clean, incidents, runs, level] = [0, 0, 0, 0];
    for (let request = 0; request < 400; request++) {
      const isIncident = draw() < tolerance;
      if (isIncident && level === 0) [clean, incidents, runs] = [0, 0, runs + 1];
      else if (isIncident) incidents++;
      else clean++;
      level = Math.max(0, level + (isIncident ? 1.6 : -0.2));
      if (runs > 0 && certify({ clean, incidents, runs }, tolerance).bound <= bound) {
        crossed++;
        break;
      }
    }
  }
  expect(crossed / people).toBeLessThan(bound);
});

test.each([
  [0.5, 1, 1, 0.5],
  [0.2, 1, 1, 0.8],
  [0.3, 2, 5, 0.420_175],
  [0.01, 0.2, 40.2, 0.147_657_810_97],
  [0.9, 30, 2, 0.830_435_366_9],
])('above %d for Beta(%d, %d)', (threshold, alpha, beta, expected) => {
  expect(betaAbove(threshold, alpha, beta)).toBeCloseTo(expected, 9);
});
