import type { Closed, Standing, StopSubject } from '../accounts/index.ts';
import { networkPrefix } from '../base/address.ts';
import type { Clock } from '../base/clock.ts';
import type { Rules } from '../enforcement/index.ts';
import type { Vesting } from '../fraud/index.ts';
import type { CardSeen } from '../ledger/index.ts';
import type { People, SignUpHearers } from '../people/index.ts';
import type { FraudParts } from './compose-fraud.ts';

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
export function followDeletions(standing: Pick<Standing, 'stop' | 'lift' | 'on'>) {
  return async function deletionChanged(accountId: string, isPending: boolean): Promise<void> {
    const subject = { kind: 'account', accountId } as const;
    if (isPending) {
      const reason = 'The account is to be deleted, as its owner asked.';
      await standing.stop({ subject, cause: 'deletion', reason, by: accountId, untilMs: null });
      return;
    }
    for (const { id, cause } of standing.on(subject)) {
      if (cause === 'deletion') await standing.lift(id, accountId);
    }
  };
}

/** What is made of sign-ups: who is behind them is asked first; then the proved mail opens sign-up credit, and further proofs release more of it. */
export function hearSignUps(
  { signedUp, isReady }: Pick<FraudParts, 'signedUp' | 'isReady'>,
  vesting: Pick<Vesting, 'began' | 'proved'>,
  rules: Pick<Rules, 'signUp'>,
): SignUpHearers {
  return {
    async signedUp(accountId, facts) {
      const { atMs, email, ip } = facts;
      const mailDomain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
      rules.signUp({ accountId, atMs, way: 'mail', networkPrefix: networkPrefix(ip), mailDomain });
      await signedUp(accountId, facts);
    },
    hearsProofs: isReady,
    proved: (accountId, rung, token) =>
      rung === 'mail' ? vesting.began(accountId) : vesting.proved(accountId, rung, { token }),
  };
}

/** A card that paid says who is behind an account, and opens more of its sign-up credit. */
export function hearCards(
  fraud: Pick<FraudParts, 'ready' | 'tokenOf'>,
  vesting: Pick<Vesting, 'proved'>,
  clock: Clock,
): (card: CardSeen) => Promise<void> {
  return async function hear({ accountId, fingerprint, prepaid }) {
    const linkage = await fraud.ready;
    linkage.learnt(accountId, { kind: 'card', fingerprint, prepaid }, clock.wallMs());
    await vesting.proved(accountId, 'card', { token: fraud.tokenOf('card', fingerprint), prepaid });
  };
}

/** Members with a mail address of a domain that their workspace has shown to be its own belong to an organisation. */
export function hearDomains(
  fraud: Pick<FraudParts, 'tokenOf'>,
  vesting: Pick<Vesting, 'proved'>,
  membersOf: (accountId: string) => AsyncIterable<{ readonly personId: string; readonly email: string }>,
): (accountId: string, domain: string) => Promise<void> {
  return async function hear(accountId, domain) {
    const token = fraud.tokenOf('organisation', domain);
    for await (const { personId, email } of membersOf(accountId)) {
      if (email.toLowerCase().endsWith(`@${domain}`)) await vesting.proved(personId, 'organisation', { token });
    }
  };
}
