import type { DistributionFamily, FamilyInfo, SlotFamily } from './series.ts';

export interface Sample {
  readonly labels: readonly string[];
  readonly value: number;
}

/** A metric whose value is asked for when somebody scrapes. */
export interface SampledFamily {
  readonly type: 'gauge' | 'counter';
  readonly info: FamilyInfo;
  readonly samples: Iterable<Sample>;
}

/**
 * Metrics in Prometheus' text format, version 0.0.4. Families without a series are left out, so that what is not known
 * is absent and not zero.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function exposeMetrics(families: Iterable<SlotFamily | DistributionFamily | SampledFamily>): string {
  const lines: string[] = [];
  for (const family of families) {
    const before = lines.length;
    if ('samples' in family) pushSamples(lines, family);
    else if (family.type === 'histogram') pushHistogram(lines, family);
    else pushSlots(lines, family);
    if (lines.length === before) continue;
    const { name, help } = family.info;
    lines.splice(before, 0, `# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${family.type}`);
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function pushSlots(lines: string[], family: SlotFamily): void {
  for (const { values, cell } of family.series()) {
    lines.push(`${family.info.name}${labelText(family.info.labels, values)} ${numberText(cell.value)}`);
  }
}

function pushSamples(lines: string[], family: SampledFamily): void {
  for (const { labels, value } of family.samples) {
    lines.push(`${family.info.name}${labelText(family.info.labels, labels)} ${numberText(value)}`);
  }
}

function pushHistogram(lines: string[], family: DistributionFamily): void {
  const { name, labels } = family.info;
  const withBound = [...labels, 'le'];
  for (const { values, cell } of family.series()) {
    let below = 0;
    for (const [at, bound] of family.bounds.entries()) {
      below += cell.counts[at] ?? 0;
      lines.push(`${name}_bucket${labelText(withBound, [...values, numberText(bound)])} ${below}`);
    }
    lines.push(`${name}_bucket${labelText(withBound, [...values, '+Inf'])} ${cell.count}`);
    lines.push(`${name}_sum${labelText(labels, values)} ${numberText(cell.sum)}`);
    lines.push(`${name}_count${labelText(labels, values)} ${cell.count}`);
  }
}

function labelText(names: readonly string[], values: readonly string[]): string {
  if (names.length === 0) return '';
  return `{${names.map((name, at) => `${name}="${escapeLabel(values[at] ?? '')}"`).join(',')}}`;
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}
