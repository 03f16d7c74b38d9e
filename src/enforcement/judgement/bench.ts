import type { JudgementSurroundings } from '../judgement.ts';
import type { Dossiers } from './dossiers.ts';
import type { JudgementParameters, Tolerance } from './parameters.ts';
import type { Dossier, Held } from './state.ts';

/** What judgement works with. */
export interface Bench {
  readonly surroundings: JudgementSurroundings;
  readonly parameters: JudgementParameters;
  readonly dossiers: Dossiers;
  /** Incidents in memory, by id. */
  readonly known: Map<string, { readonly held: Held; readonly dossier: Dossier }>;
}

/** The most tolerant of what somebody declared. */
export function toleranceOf(uses: readonly string[], parameters: JudgementParameters): Tolerance {
  let tolerance = parameters.usual;
  for (const use of uses) {
    const other = parameters.declared[use];
    if (other !== undefined && other.p0 > tolerance.p0) tolerance = other;
  }
  return tolerance;
}
