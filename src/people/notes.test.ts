import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { systemRandom } from '../base/random.ts';
import { createNotes } from './notes.ts';

function held(spentMax?: number) {
  const time = { ms: 0.25 };
  const clock = { wallMs: () => 0, monoMs: () => time.ms };
  const write = (purpose: string) =>
    createNotes<{ n: number }>({
      purpose,
      lifeMs: 1_000,
      clock,
      random: systemRandom,
      ...(spentMax !== undefined && { spentMax }),
    });
  return { time, write, notes: write('test') };
}

test('a note is read as often as one likes and spent once', () => {
  const { notes } = held();
  const note = notes.write({ n: 7 });
  expect([notes.read(note), notes.read(note)]).toEqual([{ n: 7 }, { n: 7 }]);
  expect([notes.spend(note), notes.spend(note)]).toEqual([true, false]);
  expect(notes.read(note)).toBeNull();
});

test('a note that is too old, of another purpose or changed says nothing', () => {
  const { time, notes, write } = held();
  const note = notes.write({ n: 7 });
  expect(write('other').read(note)).toBeNull();
  expect(notes.read(`A${note.slice(1)}`)).toBeNull();
  expect([notes.read(''), notes.read('x'.repeat(5_000)), notes.read('not a note')]).toEqual([null, null, null]);
  time.ms += 1_001;
  expect([notes.read(note), notes.spend(note)]).toEqual([null, false]);
});

test('another way to write the same bytes is the same note', () => {
  const { notes } = held();
  const note = notes.write({ n: 7 });
  expect(notes.spend(note)).toBe(true);
  expect(notes.spend(`${note}=`)).toBe(false);
  expect(notes.spend(note.replaceAll('-', '+').replaceAll('_', '/'))).toBe(false);
});

test('where no more can be remembered, none is spent, until there is room', () => {
  const { time, notes } = held(2);
  expect([1, 2, 3].map((n) => notes.spend(notes.write({ n })))).toEqual([true, true, false]);
  time.ms += 1_000;
  expect(notes.spend(notes.write({ n: 4 }))).toBe(true);
});

test('whatever the order and the times, no note is spent twice', () => {
  const step = fc.record({ waitMs: fc.integer({ min: 0, max: 1_500 }), spend: fc.nat({ max: 9 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { time, notes } = held();
      const written: { note: string; untilMs: number; spent: boolean }[] = [];
      for (const { waitMs, spend } of steps) {
        time.ms += waitMs;
        written.push({ note: notes.write({ n: 0 }), untilMs: time.ms + 1_000, spent: false });
        const chosen = written[spend % written.length];
        if (chosen === undefined) continue;
        const spent = notes.spend(chosen.note);
        if (spent && (chosen.spent || time.ms > chosen.untilMs + 1)) throw new Error('spent twice, or too late');
        if (!spent && !chosen.spent && time.ms < chosen.untilMs) throw new Error('a good note was refused');
        chosen.spent ||= spent;
      }
    }),
    { numRuns: 300 },
  );
});
