import { type Bench, toleranceOf } from './bench.ts';
import { type Moves, movesOf, partOf, standingOf } from './figures.ts';
import { weightBeside } from './folding.ts';
import { type Dossier, type Held, remove } from './state.ts';

/** It counts nowhere any more; signals that follow still find it. */
export function withdraw(bench: Bench, dossier: Dossier, held: Held): void {
  for (const log of held.chain) remove(log, held);
  bench.dossiers.tidy(dossier);
}

/** As though it had never been: what came after it in its conversation stands by itself. */
export function takeBack(bench: Bench, dossier: Dossier, held: Held): void {
  withdraw(bench, dossier, held);
  bench.dossiers.released(held);
  held.state = 'undone';
  bench.known.delete(held.id);
  dossier.held = dossier.held.filter((other) => other !== held);
  for (const [at, other] of dossier.held.entries()) {
    other.weight = weightBeside(dossier.held.slice(0, at), other, bench.parameters);
  }
}

/** Lets go of what is of no account any more, the oldest first. */
export function sweep(bench: Bench, dossier: Dossier, atMs: number): void {
  const { foldMs, incidentsMax, doubtfulMs } = bench.parameters;
  const isOver = (held: Held) =>
    atMs > held.freshUntilMs ||
    (held.state === 'dismissed' && atMs - held.lastAtMs > foldMs) ||
    (held.state === 'doubtful' && atMs - held.lastAtMs > doubtfulMs);
  if (dossier.held.some(isOver)) {
    for (const held of dossier.held.filter(isOver)) drop(bench, dossier, held);
    bench.dossiers.tidy(dossier);
  }
  while (dossier.held.length >= incidentsMax || isSpent(bench, dossier, atMs)) {
    const oldest = dossier.held[0];
    if (oldest === undefined) break;
    bench.dossiers.forgetFirst(oldest, movesFor(bench, dossier.accountId));
    bench.known.delete(oldest.id);
    dossier.held.shift();
    bench.dossiers.tidy(dossier);
  }
}

/** Not even that. */
export function drop(bench: Bench, dossier: Dossier, held: Held): void {
  for (const log of held.chain) remove(log, held);
  bench.known.delete(held.id);
  dossier.held = dossier.held.filter((other) => other !== held);
}

function movesFor(bench: Bench, accountId: string): Moves {
  const tolerance = toleranceOf(bench.surroundings.declaredUsesOf(accountId), bench.parameters);
  return movesOf(tolerance, bench.parameters.againWeight);
}

function isSpent(bench: Bench, dossier: Dossier, atMs: number): boolean {
  const oldest = dossier.held[0];
  if (oldest?.state !== 'confirmed' || partOf(oldest, atMs, bench.parameters) >= bench.parameters.forgetBelow)
    return false;
  const moves = movesFor(bench, dossier.accountId);
  return oldest.chain.every((log) => {
    const at = log.trials.findIndex(({ held }) => held === oldest);
    return at < standingOf(log, moves, bench.parameters).runFrom;
  });
}
