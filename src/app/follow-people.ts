import type { Closed, Standing, StopSubject } from '../accounts/index.ts';
import type { Vesting } from '../fraud/index.ts';
import type { People, SignUpHearers } from '../people/index.ts';

/** Stops that people decide themselves, or that say nothing of who holds the session: they go on in it. */
const KEEPS_SESSIONS: ReadonlySet<string> = new Set(['owner', 'plan', 'deletion']);

/** What stops an account, as its person may know it. */
export function ownStopOf(standing: Pick<Standing, 'stopOfAccount'>) {
  return (accountId: string) => standing.stopOfAccount(accountId);
}

/** Ends the sessions of somebody whose account others stopped; they may sign in again, to read and to contest. */
export function endSessionsWhenStopped(
  standing: Pick<Standing, 'stopOfAccount'>,
  people: Pick<People, 'endSessions'>,
): (subject: StopSubject) => Promise<Closed> {
  return async function close(subject) {
    const stop = subject.kind === 'account' ? standing.stopOfAccount(subject.accountId) : null;
    const ends = stop !== null && !KEEPS_SESSIONS.has(stop.cause);
    const count = ends ? await people.endSessions(subject.accountId) : 0;
    return { what: 'sessions', count, lastByteAtMs: null };
  };
}

/** Stops an account that is to be deleted, and lets it go on when that is taken back. */
export function followDeletions(standing: Pick<Standing, 'stop' | 'lift' | 'list'>) {
  return async function deletionChanged(accountId: string, isPending: boolean): Promise<void> {
    if (isPending) {
      const subject = { kind: 'account', accountId } as const;
      const reason = 'The account is to be deleted, as its owner asked.';
      await standing.stop({ subject, cause: 'deletion', reason, by: accountId, untilMs: null });
      return;
    }
    for (const { id, cause, lifted } of await standing.list(accountId)) {
      if (cause === 'deletion' && lifted === null) await standing.lift(id, accountId);
    }
  };
}

/** What is made of sign-ups: who is behind them is asked first; then the proved mail opens sign-up credit, and further proofs release more of it. */
export function hearSignUps(
  signedUp: SignUpHearers['signedUp'],
  vesting: Pick<Vesting, 'began' | 'proved'>,
): SignUpHearers {
  return {
    signedUp,
    proved: (accountId, rung) => (rung === 'mail' ? vesting.began(accountId) : vesting.proved(accountId, rung)),
  };
}
