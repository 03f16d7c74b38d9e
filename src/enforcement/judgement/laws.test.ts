import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Conduct } from '../conduct.ts';
import type { JudgementSurroundings, Proposal } from '../judgement.ts';
import type { Signal } from '../signal.ts';
import { rankOf } from '../step.ts';
import type { Owner } from '../unit.ts';
import { createJudgement, type KeptJudgement } from './create-judgement.ts';
import type { Context } from './hearing.ts';
import { JUDGEMENT_PARAMETERS as PARAMETERS } from './parameters.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const START_MS = Date.UTC(2026, 0, 1);

function surroundings(changes: Partial<JudgementSurroundings> = {}): JudgementSurroundings {
  return {
    operatorOf: (accountId) => [accountId],
    firmlyLinked: () => 1,
    declaredUsesOf: () => [],
    isShared: () => false,
    ...changes,
  };
}

function owner(accountId = 'acc_1', changes: Partial<Owner> = {}): Owner {
  return { accountId, keyId: 'key_1', app: null, member: null, endUser: null, product: 'api', ...changes };
}

let ids = 0;
function signal(changes: Partial<Signal> = {}): Signal {
  const id = `sig_${String(++ids).padStart(26, '0')}`;
  return {
    id,
    atMs: START_MS,
    source: 'moderation',
    sourceVersion: 'default@1',
    owner: owner(),
    requestId: `req_${id}`,
    conduct: 'hate',
    confidence: 0.99,
    conversation: `conversation of ${id}`,
    template: null,
    language: null,
    cleanBefore: 0,
    freshUntilMs: START_MS + 1e12,
    ...changes,
  };
}

type Event =
  | { readonly kind: 'clean'; readonly owner: Owner; readonly requests: number }
  | { readonly kind: 'signal'; readonly signal: Signal; readonly reading: 'abuse' | 'harmless' | null };

const anyOwner = fc
  .record({
    accountId: fc.constantFrom('acc_1', 'acc_2', 'acc_3'),
    keyId: fc.constantFrom('key_1', 'key_2'),
    endUser: fc.constantFrom(null, 'anna', 'bert'),
  })
  .map((chosen) => owner(chosen.accountId, chosen));
const anyEvent = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('clean' as const), owner: anyOwner, requests: fc.nat(40) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('signal' as const),
      owner: anyOwner,
      conduct: fc.constantFrom<Conduct>('hate', 'threats', 'harassment', 'fraud', 'minors'),
      confidence: fc.constantFrom(0.5, 0.8, 0.96, 0.99),
      conversation: fc.constantFrom(null, 'a', 'b', 'c', 'd', 'e'),
      reading: fc.constantFrom('abuse' as const, 'harmless' as const, null),
      afterMs: fc.constantFrom(0, 1_000, 5 * MINUTE_MS, 2 * HOUR_MS),
    }),
  },
);
const history = fc.array(anyEvent, { maxLength: 60 }).map((events) => {
  let atMs = START_MS;
  return events.map((event): Event => {
    if (event.kind === 'clean') return event;
    atMs += event.afterMs;
    const { kind, reading, afterMs: _, ...given } = event;
    return { kind, reading, signal: signal({ ...given, atMs }) };
  });
});
/** Both keys of every account, so that which parts an account has does not hang on what is taken back. */
const SEEN = ['acc_1', 'acc_2', 'acc_3'].flatMap((accountId) =>
  ['key_1', 'key_2'].map((keyId): Event => ({ kind: 'clean', owner: owner(accountId, { keyId }), requests: 3 })),
);
const SHARED = surroundings({ isShared: (accountId) => accountId === 'acc_2' });
const LINKED = surroundings({
  isShared: (accountId) => accountId === 'acc_2',
  operatorOf: (accountId) => (accountId === 'acc_3' ? ['acc_3'] : ['acc_1', 'acc_2']),
});

/** What the run came to. */
function run(judgement: KeptJudgement, events: readonly Event[]): Proposal[] {
  return events.flatMap((event) => {
    if (event.kind === 'clean') {
      judgement.clean(event.owner, START_MS, event.requests);
      return [];
    }
    const { incident, doubtful, proposals } = judgement.signal(event.signal);
    if (!doubtful || event.reading === null) return [...proposals];
    const reading = { incidentId: incident.id, outcome: event.reading, confidence: 0.9, by: 'guard:a' };
    return [...proposals, ...(judgement.read({ ...reading, atMs: event.signal.atMs })?.proposals ?? [])];
  });
}

function figures(judgement: KeptJudgement) {
  const units = ['acc_1', 'acc_2', 'acc_3'].flatMap((accountId) => [
    { kind: 'account', accountId } as const,
    { kind: 'key', accountId, keyId: 'key_1' } as const,
    { kind: 'end_user', accountId, endUser: 'anna' } as const,
  ]);
  return units.map((unit) => {
    const { score, cusum, requests, incidents } = judgement.figuresOf(unit, START_MS + 1e9);
    return { score: Math.round(score * 1e9), cusum, requests, incidents };
  });
}

describe('judging', () => {
  test('the same calls lead to the same proposals and figures', () => {
    fc.assert(
      fc.property(history, (events) => {
        const [a, b] = [createJudgement(LINKED, PARAMETERS), createJudgement(LINKED, PARAMETERS)];
        expect(run(a, events)).toEqual(run(b, events));
        expect(figures(a)).toEqual(figures(b));
      }),
    );
  });

  test('clean requests told at once are the same as one by one', () => {
    fc.assert(
      fc.property(history, (events) => {
        const singly = events.flatMap((event): Event[] =>
          event.kind === 'clean' ? Array.from({ length: event.requests }, () => ({ ...event, requests: 1 })) : [event],
        );
        const [a, b] = [createJudgement(LINKED, PARAMETERS), createJudgement(LINKED, PARAMETERS)];
        expect(run(a, events)).toEqual(run(b, singly));
        expect(figures(a)).toEqual(figures(b));
      }),
    );
  });

  test('undone is as though it had never been', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.boolean()), (events, choices) => {
        const whole = createJudgement(SHARED, PARAMETERS);
        const withSeparate = [...SEEN, ...events].map((event): Event => {
          // Each incident is one signal's, so that what is taken back is the same on both sides.
          if (event.kind === 'clean') return event;
          return { ...event, signal: { ...event.signal, conversation: event.signal.id } };
        });
        run(whole, withSeparate);
        const gone = new Set<string>();
        for (const event of withSeparate) {
          if (event.kind === 'signal' && choices.next().value) gone.add(event.signal.id);
        }
        whole.undo(
          [...gone].map((id) => id.replace('sig_', 'inc_')),
          START_MS,
        );
        const never = createJudgement(SHARED, PARAMETERS);
        run(
          never,
          withSeparate.filter((event) => event.kind === 'clean' || !gone.has(event.signal.id)),
        );
        const settled = (judgement: KeptJudgement) =>
          figures(judgement).map(({ incidents, cusum, score }) => ({ cusum, score, incidents }));
        expect(settled(whole)).toEqual(settled(never));
      }),
    );
  });

  test('nothing is ever proposed above what may be done without a person', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 30 }), (events, accounts) => {
        const firm = { ...LINKED, firmlyLinked: () => accounts };
        for (const proposal of run(createJudgement(firm, PARAMETERS), events)) {
          const { step, severity, certificate, unit, wanted } = proposal;
          if (step === 'operator') {
            expect(unit.kind).toBe('operator');
            expect(accounts).toBeGreaterThanOrEqual(PARAMETERS.operatorAccountsMin);
            expect(certificate?.bound).toBeLessThanOrEqual(PARAMETERS.certificateBound);
            continue;
          }
          const cap = severity === 'terminal' ? 'cool_off' : severity === 3 && certificate ? 'suspend' : 'restrict';
          expect(rankOf(step)).toBeLessThanOrEqual(rankOf(cap));
          if (wanted !== null) expect(rankOf(wanted)).toBeGreaterThan(rankOf(step));
        }
      }),
    );
  });

  test('one more strike never lowers a step, and more clean requests never raise one', () => {
    const asked = (judgement: KeptJudgement) =>
      Math.max(
        -1,
        ...run(judgement, [{ kind: 'signal', signal: signal({ atMs: START_MS + 1e8 }), reading: null }]).map(
          ({ step, wanted }) => rankOf(wanted ?? step),
        ),
      );
    const strike = fc.record({ clean: fc.nat(30), conduct: fc.constantFrom<Conduct>('hate', 'threats', 'harassment') });
    fc.assert(
      fc.property(fc.array(strike, { maxLength: 12 }), fc.nat(11), fc.nat(50), (strikes, left, more) => {
        const after = (some: typeof strikes, further: number) => {
          const judgement = createJudgement(surroundings(), PARAMETERS);
          for (const { clean, conduct } of some) {
            judgement.clean(owner(), START_MS, clean);
            judgement.signal(signal({ conduct }));
          }
          judgement.clean(owner(), START_MS, further);
          return asked(judgement);
        };
        const fewer = strikes.filter((_, at) => at !== left);
        const gap = strikes[left]?.clean ?? 0;
        const all = after(strikes, 0);
        expect(all).toBeGreaterThanOrEqual(gap === 0 ? after(fewer, 0) : -1);
        expect(after(strikes, more)).toBeLessThanOrEqual(all);
      }),
    );
  });

  test('signals of one moment count the same in whatever order', () => {
    const some = fc.array(
      fc.record({
        conduct: fc.constantFrom<Conduct>('hate', 'threats', 'harassment'),
        confidence: fc.constantFrom(0.5, 0.99),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(some, fc.nat(), (changes, turn) => {
        const signals = changes.map((change) => signal(change));
        const turned = signals.map((_, at) => signals[(at + turn) % signals.length] as Signal);
        const levels = [signals, turned].map((order) => {
          const judgement = createJudgement(surroundings(), PARAMETERS);
          judgement.clean(owner(), START_MS, 5);
          for (const one of order) judgement.signal(one);
          const { cusum, score, posterior } = judgement.figuresOf({ kind: 'account', accountId: 'acc_1' }, START_MS);
          return { cusum, posterior, score: Math.round(score * 1e9) };
        });
        expect(levels[0]).toEqual(levels[1] as (typeof levels)[0]);
      }),
    );
  });

  test('what is on record replays to itself, whoever is linked or shared by then', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat(9)), (events, choices) => {
        const live = createJudgement(LINKED, PARAMETERS);
        const again = createJudgement(surroundings(), PARAMETERS);
        const recorded = <Told extends { context: Context }>(told: Told) => {
          const { context, ...outcome } = told;
          return { context: JSON.parse(JSON.stringify(context)) as Context, outcome: JSON.stringify(outcome) };
        };
        for (const event of events) {
          if (event.kind === 'clean') {
            live.clean(event.owner, START_MS, event.requests);
            continue;
          }
          const heard = live.hear(event.signal);
          const { context, outcome } = recorded(heard);
          expect(recorded(again.hear(event.signal, context)).outcome).toBe(outcome);
          const { atMs } = event.signal;
          if (heard.doubtful && event.reading !== null) {
            const reading = {
              incidentId: heard.incident.id,
              outcome: event.reading,
              confidence: 0.9,
              by: 'guard:a',
              atMs,
            };
            const settled = live.settle(reading);
            if (settled === null) continue;
            const told = recorded(settled);
            const retold = again.settle(reading, told.context);
            expect(retold === null ? null : recorded(retold).outcome).toBe(told.outcome);
          }
          if (choices.next().value === 0) {
            expect(again.undo([heard.incident.id], atMs)).toEqual(live.undo([heard.incident.id], atMs));
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
