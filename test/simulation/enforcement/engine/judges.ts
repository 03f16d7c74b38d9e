/** The real judgement, over surroundings of this simulation. */
import { createJudgement } from '../../../../src/enforcement/judgement/create-judgement.ts';
import { JUDGEMENT_PARAMETERS, type JudgementParameters } from '../../../../src/enforcement/judgement/parameters.ts';
import type { Judgement, JudgementSurroundings } from '../../../../src/enforcement/judgement.ts';

/** An account alone in the world. */
export function judgeOfOne(
  declares: readonly string[],
  isShared = false,
  parameters: JudgementParameters = JUDGEMENT_PARAMETERS,
): Judgement {
  return createJudgement(
    {
      operatorOf: (accountId) => [accountId],
      firmlyLinked: () => 1,
      declaredUsesOf: () => declares,
      isShared: () => isShared,
    },
    parameters,
  );
}

export function judgeAmong(surroundings: JudgementSurroundings): Judgement {
  return createJudgement(surroundings, JUDGEMENT_PARAMETERS);
}
