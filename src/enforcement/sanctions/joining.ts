/** Accounts that come to an operator while all of it is sanctioned. */
import type { Decisions } from '../decisions/decisions.ts';
import type { Sanction } from '../sanction.ts';
import type { Core } from './deps.ts';
import type { createImposing } from './impose.ts';
import { isFelt } from './table.ts';

/** Gives it what the others have; null where none of them was sanctioned as one of an operator. Saying it again does nothing. */
export async function followJoined(
  core: Core,
  imposing: Pick<ReturnType<typeof createImposing>, 'imposeOnJoined'>,
  decisions: Pick<Decisions, 'get'>,
  accountId: string,
): Promise<Sanction | null> {
  const nowMs = core.clock.wallMs();
  const { accounts } = core.operatorOf(accountId);
  for (const other of accounts) {
    if (other === accountId) continue;
    const held = core.table
      .of({ kind: 'account', accountId: other })
      .find((one) => isShared(one) && isFelt(one, nowMs));
    const decision = held === undefined ? null : await decisions.get(held.decisionId);
    if (held === undefined || decision === null) continue;
    // What no person decided goes no further than links that may hold an operator together without one.
    if (decision.author.kind === 'automatic' && !core.isFirm(accountId)) return null;
    return imposing.imposeOnJoined(accountId, held, decision);
  }
  return null;
}

function isShared({ operatorId }: { readonly operatorId: string | null }): boolean {
  return operatorId !== null;
}
