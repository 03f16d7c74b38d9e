/** When somebody is flagged: in episodes, as topics and bouts come. */
import type { Conduct } from '../../../../src/enforcement/conduct.ts';
import { createDraw, type Draw, drawFrom, drawWhole } from '../../front-door/draw.ts';
import type { Flags, Language } from '../population.ts';

export interface Episodes {
  /** Requests without a flag until the next episode. */
  cleanRun(): number;
  next(): { readonly requests: number; readonly passed: number; readonly conduct: Conduct };
}

/** Episodes so frequent that the rate over all requests is the person's. */
export function episodesOf(flags: Flags, language: Language, draw: Draw): Episodes {
  const rate = Math.min(flags.flagged_in_episode, drawFrom(flags.rate, draw) * (flags.by_language[language] ?? 1));
  const length = meanLengthOf(flags);
  const gap = rate <= 0 ? 1e9 : (length * flags.flagged_in_episode) / rate - length;
  return {
    cleanRun: () => (gap < 0.5 ? 0 : Math.max(0, Math.round(-gap * Math.log(1 - draw.unit())))),
    next: () => ({
      requests: lengthOf(flags, draw),
      passed: drawFrom(flags.passed, draw),
      conduct: draw.weighted<Conduct>(flags.conducts),
    }),
  };
}

const SAMPLES = 4_000;
const means = new WeakMap<Flags, number>();

function meanLengthOf(flags: Flags): number {
  let mean = means.get(flags);
  if (mean === undefined) {
    const draw = createDraw('the mean length of an episode');
    mean = 0;
    for (let nth = 0; nth < SAMPLES; nth += 1) mean += lengthOf(flags, draw) / SAMPLES;
    means.set(flags, mean);
  }
  return mean;
}

function lengthOf(flags: Flags, draw: Draw): number {
  return Math.max(1, drawWhole(flags.episode_requests, draw));
}
