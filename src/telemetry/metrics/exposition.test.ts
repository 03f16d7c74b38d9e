import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { readScrape } from '../proving/scrape.ts';
import { exposeMetrics } from './exposition.ts';
import { createCounter, createHistogram, OTHER } from './series.ts';

describe('exposeMetrics', () => {
  test('writes counters with help and type, escaped', () => {
    const counter = createCounter({ name: 'a_total', help: 'back\\slash\nand line', labels: ['x', 'y'] });
    counter.at('1', 'quote " slash \\ line\n').value += 3;
    expect(exposeMetrics([counter])).toBe(
      [
        '# HELP a_total back\\\\slash\\nand line',
        '# TYPE a_total counter',
        'a_total{x="1",y="quote \\" slash \\\\ line\\n"} 3',
        '',
      ].join('\n'),
    );
  });

  test('writes histograms cumulative, with +Inf, sum and count', () => {
    const histogram = createHistogram({ name: 'h_seconds', help: 'h', labels: ['x'] }, [0.1, 1]);
    for (const value of [0.05, 0.1, 0.5, 1, 7, Number.NaN]) histogram.at('v').observe(value);
    const text = exposeMetrics([histogram]);
    expect(text.split('\n').slice(2)).toEqual([
      'h_seconds_bucket{x="v",le="0.1"} 2',
      'h_seconds_bucket{x="v",le="1"} 4',
      'h_seconds_bucket{x="v",le="+Inf"} 5',
      'h_seconds_sum{x="v"} 8.65',
      'h_seconds_count{x="v"} 5',
      '',
    ]);
    expect(() => readScrape(text)).not.toThrow();
  });

  test('leaves out what has no series, and writes gauges as they are read', () => {
    const empty = createCounter({ name: 'empty_total', help: '', labels: ['x'] });
    const gauge = {
      type: 'gauge' as const,
      info: { name: 'g', help: 'g', labels: [] },
      samples: [{ labels: [], value: Number.POSITIVE_INFINITY }],
    };
    expect(exposeMetrics([empty, gauge])).toBe('# HELP g g\n# TYPE g gauge\ng +Inf\n');
    expect(exposeMetrics([empty])).toBe('');
  });

  test('every label value reads back as it was', () => {
    const character = fc.constantFrom('"', '\\', '\n', 'n', ',', '=', '{', '}', ' ', '中');
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: character, maxLength: 12 }), { minLength: 1 }), (values) => {
        const counter = createCounter({ name: 'a_total', help: 'a', labels: ['x'] });
        for (const value of values) counter.at(value).value++;
        expect(readScrape(exposeMetrics([counter])).samples.map(({ labels }) => labels['x'] ?? null)).toEqual(values);
      }),
    );
  });
});

describe('a family', () => {
  test('keeps at most so many series and one for the rest', () => {
    const counter = createCounter({ name: 'a_total', help: 'a', labels: ['x'] }, 3);
    for (let nth = 0; nth < 100; nth++) counter.at(`v${nth}`).value++;
    expect([...counter.series()].map(({ values, cell }) => [values[0], cell.value])).toEqual([
      ['v0', 1],
      ['v1', 1],
      ['v2', 1],
      [OTHER, 97],
    ]);
  });
});
