import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { createKeyedHash } from './keyed-hash.ts';
import { maskedWords } from './mask.ts';
import { featuresOf, likeness, sketchOf, SKETCH_SLOTS } from './sketch.ts';

const hash = createKeyedHash(Uint8Array.from({ length: 32 }, (_, at) => at * 7 + 3));
const WORDS =
  'you are the assistant of our shop answer questions about orders User: name is called Anna Bell 客户 的 姓名 是 李雷 请 回答 today 22 a1 Monday "quoted words" `code` https://a.example/b me@a.example [1] > ``` <context> </context> Context:\n \n . ， “引用” é ß İ Σ'.split(
    ' ',
  );
const prompt = fc.oneof(
  fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }).map((words) => words.join(' ')),
  fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }).map((words) => words.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
);
const sketchedFrom = (text: string, tools: readonly string[] = []) =>
  sketchOf(featuresOf([...maskedWords(text), 'end'], tools, hash));

test('masking what is masked changes nothing', () => {
  fc.assert(
    fc.property(prompt, (text) => {
      const once = maskedWords(text);
      expect(maskedWords(once.join(' '))).toEqual(once);
    }),
    { numRuns: 2_000 },
  );
});

test('neither digits nor what stands in quotes changes a sketch', () => {
  const number = fc.integer({ min: 0, max: 999_999 });
  const quote = fc.stringMatching(/^[A-Za-z ,.]{1,40}$/);
  fc.assert(
    fc.property(prompt, prompt, number, number, quote, quote, (before, after, one, other, said, told) => {
      const text = (value: number, quoted: string) =>
        `${before.replaceAll(/["“`]/g, '')}\nOrder ${value} says "${quoted}".\n${after.replaceAll(/["“`]/g, '')}`;
      expect(sketchedFrom(text(one, said))).toEqual(sketchedFrom(text(other, told)));
    }),
  );
});

test('the same set gives the same sketch, in whatever order and however often its members are told', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(0xffff_ffff), { minLength: 1, maxLength: 300 }), fc.nat(299), (features, turn) => {
      const turned = [...features.slice(turn), ...features, ...features.slice(0, turn)];
      expect(sketchOf(Uint32Array.from(turned))).toEqual(sketchOf(Uint32Array.from(features)));
    }),
  );
});

/** Spread over the 32 bits as hashes are. */
function spreadOut(from: number, count: number): number[] {
  const words = Uint32Array.from({ length: 2 }, () => 0);
  return Array.from({ length: count }, (_, at) => {
    words[0] = from;
    words[1] = at;
    return hash.run(words, 0, 2);
  });
}

test('the estimate is close to the true likeness', () => {
  const errors: number[] = [];
  fc.assert(
    fc.property(
      fc.nat(1_000_000),
      fc.integer({ min: 20, max: 400 }),
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 0, max: 400 }),
      (seed, both, mine, theirs) => {
        const common = spreadOut(3 * seed, both);
        const a = Uint32Array.from([...common, ...spreadOut(3 * seed + 1, mine)]);
        const b = Uint32Array.from([...common, ...spreadOut(3 * seed + 2, theirs)]);
        const error = likeness(sketchOf(a), sketchOf(b)) - both / (both + mine + theirs);
        errors.push(error);
        // Five standard deviations of 128 fair slots at the worst, one half; densified ones spread a little more.
        expect(Math.abs(error)).toBeLessThan((5 * 1.5 * 0.5) / Math.sqrt(SKETCH_SLOTS));
      },
    ),
    { numRuns: 500 },
  );
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  expect(Math.abs(mean)).toBeLessThan(0.02);
});

test('a hash needs the secret', () => {
  const other = createKeyedHash(Uint8Array.from({ length: 32 }, (_, at) => at));
  expect(other.word('assistant')).not.toBe(hash.word('assistant'));
  expect(hash.word('assistant')).toBe(hash.word('assistant'));
});

test('prompts made to be slow to mask are masked in a moment', () => {
  const hostile = [
    '<context>'.repeat(900),
    '"'.repeat(8_000),
    '“'.repeat(8_000),
    'a@'.repeat(4_000),
    `${'context '.repeat(1_000)}\n`,
    'context\n'.repeat(1_000),
    ' \n'.repeat(4_000),
    '用户姓名'.repeat(2_000),
    '```'.repeat(2_700),
    'user name '.repeat(800),
    `<data${' a'.repeat(4_000)}`,
  ];
  for (const text of hostile) {
    const startedMs = performance.now();
    for (let turn = 0; turn < 5; turn++) maskedWords(text);
    // A search that goes wrong takes minutes.
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  }
});
