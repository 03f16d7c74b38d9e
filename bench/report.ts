import type { Comparison } from './compare.ts';
import type { PeerFigures } from './figures.ts';
import type { PeerName } from './peers/peer.ts';
import { type Goal, goalsOf } from './goals.ts';
import { PEERS } from './plan.ts';
import type { Spread } from './spread.ts';

type Row = readonly string[];

/** The tables of a run in Markdown, which reads well on a terminal too. */
export function tablesOf(comparison: Comparison): string {
  const { plan, machine } = comparison;
  const head =
    `Measured ${comparison.at.slice(0, 10)} on ${machine.processor}, ${machine.cores} cores, ${machine.memoryGib} GiB, ` +
    `Linux ${machine.kernel}, Bun ${machine.bun}, Node ${machine.node}, commit ${machine.commit}; ${machine.placement}. ` +
    `Plan \`${plan.name}\`: ${plan.repeats} repeats of answers, ${plan.streamRepeats} of streams; ` +
    'median, and [least, most] of the repeats.';
  const present = PEERS.flatMap((name) => {
    const figures = comparison.peers[name];
    return figures === undefined ? [] : [{ name, figures }];
  });
  const parts = [
    head,
    answersTable(comparison, present),
    latencyTable(plan.openRequestsPerSecond, present),
    streamsTable(plan.streams, 1000 / plan.streamPeriodMs, present),
    present.map(({ name, figures }) => `- \`${name}\` ${figures.version}: ${figures.label}.`).join('\n'),
  ];
  const goals = goalsOf(comparison);
  if (goals.length > 0) parts.splice(1, 0, goalsTable(goals));
  for (const [name, why] of Object.entries(comparison.absent)) parts.push(`\`${name}\` was left out: ${why}.`);
  return parts.join('\n\n');
}

function goalsTable(goals: readonly Goal[]): string {
  const rows = goals.map((goal) => [
    goal.words,
    `${goal.measured.toFixed(goal.measured < 100 ? 1 : 0)}${goal.unit}`,
    goal.met ? 'met' : 'missed',
  ]);
  return `**Goals**\n\n${table(['', 'measured', ''], rows)}`;
}

interface Present {
  readonly name: PeerName;
  readonly figures: PeerFigures;
}

function answersTable(comparison: Comparison, present: readonly Present[]): string {
  const rows = present.map(({ name, figures }) => [
    `\`${name}\``,
    shown(figures.cpuMicrosPerRequest, 0),
    ratio(figures, comparison.peers.nginx),
    ratio(figures, comparison.peers.portkey),
    shown(figures.requestsPerSecond, 0),
    `${Math.round(figures.coreBusy.median * 100)} %`,
    shown(figures.maxP99Ms, 1),
    String(figures.errors),
  ]);
  const head = ['', 'CPU µs per request', '÷ nginx', '÷ Portkey', 'most req/s', 'of its core', 'p99 ms then', 'errors'];
  return `**Answers of 1 KB, ${comparison.plan.maxConnections} connections**\n\n${table(head, rows)}`;
}

function latencyTable(perSecond: number, present: readonly Present[]): string {
  const rows = present.map(({ name, figures }) => {
    const added = name !== 'direct';
    return [
      `\`${name}\``,
      shown(added ? figures.addedSingleP50Ms : figures.singleP50Ms, 3),
      shown(added ? figures.addedSingleP99Ms : figures.singleP99Ms, 2),
      shown(added ? figures.addedOpenP50Ms : figures.openP50Ms, 2),
      shown(added ? figures.addedOpenP99Ms : figures.openP99Ms, 2),
      shown(figures.cpuMicrosPerRequestAtRate, 0),
      shown(figures.latenessP99Ms, 1),
    ];
  });
  const head = [
    '',
    'p50, one connection',
    'p99, one connection',
    `p50 at ${perSecond}/s`,
    `p99 at ${perSecond}/s`,
    `CPU µs per request at ${perSecond}/s`,
    'generator late, p99',
  ];
  return `**Added latency, ms** (the first row is the mock's own, the others are over it)\n\n${table(head, rows)}`;
}

function streamsTable(streams: number, perSecond: number, present: readonly Present[]): string {
  const rows = present.map(({ name, figures }) => [
    `\`${name}\``,
    String(figures.streams.held),
    shown(figures.streams.gapP50Ms, 0),
    shown(figures.streams.gapP99Ms, 0),
    shown(figures.streams.gapMaxMs, 0),
    shown(figures.streams.deliveryP99Ms, 1),
    shown(figures.streams.firstByteP99Ms, 0),
    shown(figures.streams.cpuMicrosPerChunk, 1),
    `${Math.round(figures.streams.coreBusy.median * 100)} %`,
    `${figures.residentMib.start} / ${figures.residentMib.afterAnswers} / ${figures.residentMib.withStreams}`,
  ]);
  const head = [
    '',
    'held',
    'gap p50 ms',
    'gap p99 ms',
    'gap most ms',
    'chunk under way p99 ms',
    'first byte p99 ms',
    'CPU µs per chunk',
    'of its core',
    'MiB at start / after answers / with streams',
  ];
  return `**${streams} live streams of ${perSecond} chunks a second each**\n\n${table(head, rows)}`;
}

function ratio(figures: PeerFigures, base: PeerFigures | undefined): string {
  if (base === undefined) return '-';
  const times = figures.cpuMicrosPerRequest.median / base.cpuMicrosPerRequest.median;
  return times >= 0.095 ? times.toFixed(2) : times.toFixed(3);
}

function shown(spread: Spread, digits: number): string {
  const median = spread.median.toFixed(digits);
  if (spread.min === spread.max) return median;
  return `${median} [${spread.min.toFixed(digits)}, ${spread.max.toFixed(digits)}]`;
}

function table(head: Row, rows: readonly Row[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: Row): string => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
}
