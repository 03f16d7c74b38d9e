import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { estimateTokens } from './estimate.ts';

/** Text of each kind a public gateway sees, with the error the estimate may have on it. */
const SAMPLES: readonly (readonly [name: string, text: string, errorMax: number])[] = [
  [
    'English',
    'The committee met on Thursday to discuss the budget for the coming year. Several members raised concerns about the rising cost of maintenance, and it was agreed that a second opinion should be sought.',
    0.12,
  ],
  [
    'Chinese',
    '人工智能技术正在改变我们的生活方式，从语音助手到自动驾驶，从医疗诊断到教育辅导，应用的范围越来越广。然而，如何保证这些系统安全、公平、透明，仍然是一个需要全社会共同讨论的问题。',
    0.3,
  ],
  [
    'mixed',
    '请帮我写一个 Python 函数 parse_config(path)，读取 YAML 文件并返回 dict。要求：文件不存在时抛出 FileNotFoundError。',
    0.2,
  ],
  ['Russian', 'Сегодня утром мы отправились на рынок, чтобы купить свежие овощи и хлеб. Погода была прекрасная.', 0.2],
  [
    'code',
    'export function countUp(digits: Uint8Array): void {\n  for (let at = digits.length - 1; at >= 0; at--) {\n    const digit = digits[at] ?? 0;\n    if (digit < 31) {\n      digits[at] = digit + 1;\n      return;\n    }\n    digits[at] = 0;\n  }\n}\n',
    0.2,
  ],
  [
    'JSON',
    JSON.stringify(Array.from({ length: 20 }, (_, i) => ({ id: i * 7919, name: `User ${i}`, active: i % 2 === 0 }))),
    0.25,
  ],
  [
    'emoji',
    'Great job team! 🎉🎉 We shipped it 🚀🚀🚀 and nobody got hurt 😅😂. Next: ❤️ polish, ☕ coffee 👩‍💻 🇨🇳🇫🇷',
    0.25,
  ],
];

describe('estimateTokens', () => {
  for (const [name, text, errorMax] of SAMPLES) {
    test(`is near the real count of ${name}`, () => {
      const real = countTokens(text);
      expect(Math.abs(estimateTokens(text) - real) / real).toBeLessThan(errorMax);
    });
  }

  test('is 0 only for the empty text', () => {
    expect(estimateTokens('')).toBe(0);
    expect(estimateTokens(' ')).toBe(1);
  });

  test('never falls as text is appended and grows at most 1.2 tokens a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        (a, b) => {
          expect(estimateTokens(a + b)).toBeGreaterThanOrEqual(estimateTokens(a));
          expect(estimateTokens(a + b)).toBeLessThanOrEqual(1 + 1.2 * (a.length + b.length));
        },
      ),
    );
  });

  test('a sampled text is estimated as its parts are', () => {
    const sentence = 'The quick brown fox 123 jumps, 你好世界。 ';
    const whole = estimateTokens(sentence.repeat(5000));
    expect(whole / (estimateTokens(sentence.repeat(50)) * 100)).toBeCloseTo(1, 1);
  });

  test('takes well under a millisecond for 100 KB and for 2 MB', () => {
    for (const text of ['The quick brown fox jumps. '.repeat(3900), ' '.repeat(2_000_000), '😀'.repeat(1_000_000)]) {
      estimateTokens(text);
      const started = performance.now();
      for (let round = 0; round < 20; round++) estimateTokens(text);
      expect((performance.now() - started) / 20).toBeLessThan(1);
    }
  });
});
