import { expect, test } from 'bun:test';
import type { Verdict } from '../../moderation/index.ts';
import type { GenerationEvent } from '../../providers/index.ts';
import type { ReplyGate } from './reply-gate.ts';
import { createWholeGate } from './whole-gate.ts';

const CUT = { subject: 'reply' } as Verdict;
const said = (text: string): GenerationEvent => ({ type: 'text', choice: 0, text });

/** Lets everything through at once, until it is told to cut. */
function openInner() {
  const state = { cut: null as Verdict | null };
  const inner: ReplyGate = {
    pass: (events) => ({ events, cut: state.cut }),
    flush: () => ({ events: [], cut: state.cut }),
    dueMs: () => 5,
    unfinished: () => [],
    verdict: () => state.cut,
  };
  return { state, gate: createWholeGate(inner) };
}

test('nothing goes on before the end, however silent the upstream is, and then all of it in order', async () => {
  const { gate } = openInner();
  expect(gate.dueMs()).toBeNull();
  expect(await gate.pass([said('a')])).toEqual({ events: [], cut: null });
  expect(await gate.flush(true)).toEqual({ events: [], cut: null });
  expect(await gate.pass([said('b')])).toEqual({ events: [], cut: null });
  expect(await gate.flush()).toEqual({ events: [said('a'), said('b')], cut: null });
  expect(await gate.flush()).toEqual({ events: [], cut: null });
});

test('a reply that is cut goes on with nothing, and every choice that was begun is told why', async () => {
  for (const end of ['pass', 'flush'] as const) {
    const { gate, state } = openInner();
    await gate.pass([said('a'), { type: 'text', choice: 1, text: 'b' }]);
    state.cut = CUT;
    expect(await (end === 'pass' ? gate.pass([said('c')]) : gate.flush())).toEqual({ events: [], cut: CUT });
    expect(gate.unfinished()).toEqual([0, 1]);
    expect(gate.verdict()).toBe(CUT);
  }
});
