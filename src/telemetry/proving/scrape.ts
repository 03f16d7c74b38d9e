import { assert } from '../../base/assert.ts';

export interface Scraped {
  /** Values by `name{label="value",...}`, labels in the order written. */
  readonly values: ReadonlyMap<string, number>;
  readonly samples: readonly {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
  }[];
  readonly types: ReadonlyMap<string, string>;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (\\S+)$`);

/**
 * Reads Prometheus' text format as strictly as its definition reads, and fails on anything it does not allow: a sample
 * without HELP and TYPE before it, a family in two pieces, the same series twice, histograms whose buckets do not add up.
 */
export function readScrape(text: string): Scraped {
  assert(text.endsWith('\n'), 'the last line ends');
  const types = new Map<string, string>();
  const values = new Map<string, number>();
  const samples: { name: string; labels: Record<string, string>; value: number }[] = [];
  let family = '';
  let helped = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    if (comment) {
      const [, kind, name = '', rest = ''] = comment;
      if (kind === 'HELP') {
        helped = name;
        continue;
      }
      assert(helped === name && !types.has(name), `one HELP and one TYPE for ${name}`);
      types.set(name, rest);
      family = name;
      continue;
    }
    const match = SAMPLE.exec(line);
    assert(match, `a sample: ${line}`);
    const [, name = '', labelText = '', number = ''] = match;
    const suffix = name.slice(family.length);
    const allowed = types.get(family) === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
    assert(name.startsWith(family) && allowed.includes(suffix), `${name} belongs to ${family}`);
    const key = `${name}{${labelText}}`;
    assert(!values.has(key), `once: ${key}`);
    const value = number === '+Inf' ? Number.POSITIVE_INFINITY : Number(number);
    assert(!Number.isNaN(value), `a number: ${line}`);
    values.set(key, value);
    samples.push({ name, labels: readLabels(labelText), value });
  }
  checkHistograms({ values, samples, types });
  return { values, samples, types };
}

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const match of text.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)) {
    labels[match[1] ?? ''] = (match[2] ?? '').replace(/\\(.)/g, (_, escaped: string) =>
      escaped === 'n' ? '\n' : escaped,
    );
  }
  return labels;
}

function checkHistograms({ samples, types }: Scraped): void {
  for (const [family] of [...types].filter(([, type]) => type === 'histogram')) {
    const groups = new Map<string, { bounds: number[]; counts: number[]; count: number | null; sum: number | null }>();
    for (const { name, labels, value } of samples.filter((sample) => sample.name.startsWith(`${family}_`))) {
      const { le, ...rest } = labels;
      const key = JSON.stringify(rest);
      const group = groups.get(key) ?? { bounds: [], counts: [], count: null, sum: null };
      groups.set(key, group);
      if (name === `${family}_bucket`) {
        group.bounds.push(le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le));
        group.counts.push(value);
      } else if (name === `${family}_count`) group.count = value;
      else if (name === `${family}_sum`) group.sum = value;
    }
    for (const [key, { bounds, counts, count, sum }] of groups) {
      const ascends = (numbers: readonly number[], strictly: boolean) =>
        numbers.every(
          (number, at) => at === 0 || number > (numbers[at - 1] ?? 0) || (!strictly && number === numbers[at - 1]),
        );
      assert(ascends(bounds, true) && ascends(counts, false), `buckets of ${family} ${key} are cumulative`);
      assert(bounds.at(-1) === Number.POSITIVE_INFINITY, `${family} ${key} ends at +Inf`);
      assert(counts.at(-1) === count && sum !== null, `${family} ${key} has a sum and a count that is its last bucket`);
    }
  }
}
