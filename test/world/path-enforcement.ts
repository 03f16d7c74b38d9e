/** What the path of a request asks and tells, in the hands of a test. */
import type { Effects, EndedReview, PathEnforcement, PathVerdict, RequestFacts } from '../../src/enforcement/index.ts';
import type { WriteStatement } from '../../src/storage/sql/writer.ts';

type Asking = Parameters<PathEnforcement['effectsOf']>;

export interface HeldPath {
  readonly path: PathEnforcement;
  /** What it is asked, and what it says. */
  effects: (key: Asking[0], endUser: Asking[1]) => Effects | null;
  verdict: (request: RequestFacts) => PathVerdict;
  /** Written with the end of a reviewed request. */
  statements: (review: EndedReview) => readonly WriteStatement[];
  readonly asked: RequestFacts[];
  readonly ended: EndedReview[];
  /** Ids of requests whose end was said to be durable, in order. */
  readonly durable: string[];
}

export const NO_EFFECT: Effects = {
  friction: false,
  ratePercent: 100,
  smallModelsOnly: false,
  withoutModels: [],
  withoutTools: false,
  decisionId: 'dec_1',
};

export function createHeldPath(): HeldPath {
  const held: HeldPath = {
    effects: () => null,
    verdict: () => ({ action: 'allow' }),
    statements: () => [],
    asked: [],
    ended: [],
    durable: [],
    path: {
      effectsOf: (key, endUser) => held.effects(key, endUser),
      judge(request) {
        held.asked.push(request);
        return held.verdict(request);
      },
      ended(review) {
        held.ended.push(review);
        return {
          statements: held.statements(review),
          durable: () => void held.durable.push(review.requestId),
        };
      },
    },
  };
  return held;
}
