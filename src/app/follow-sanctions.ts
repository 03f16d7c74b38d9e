import type { Standing } from '../accounts/index.ts';
import type { Linkage, Vesting } from '../fraud/index.ts';
import type { Job } from './jobs.ts';

export interface SanctionsDeps {
  readonly standing: Pick<Standing, 'inForce'>;
  readonly linkage: Pick<Linkage, 'sanctioned'>;
  readonly vesting: Pick<Vesting, 'clawBack' | 'restore' | 'sanctioned'>;
}

/** Stops that say somebody did wrong; the others are by the account's own people, or for money. */
const CAUSES = ['sanction', 'staff'] as const;
/** The account is stopped meanwhile, so nobody spends what is about to be taken back. */
const LOOK_EVERY_MS = 10_000;
/** Tells what was taken back with a stop, and comes back with its end, from what staff took back by itself. */
const STOPPED = 'stopped: ';
const REASON_CHARS_MAX = 200;

/**
 * Follows accounts that are stopped for what they did: whoever is linked to them later counts as theirs, and their sign-up
 * credit is taken back, and given again when the stop is lifted. Linkage hears of stops in force before this returns.
 */
export function followSanctions({ standing, linkage, vesting }: SanctionsDeps): Job {
  let marked: ReadonlySet<string> = new Set();

  function findStopped(): ReadonlyMap<string, string> {
    const stops = CAUSES.flatMap((cause) => standing.inForce(cause));
    return new Map(
      stops.flatMap(({ subject, reason }) =>
        subject.kind === 'account' ? [[subject.accountId, reason] as const] : [],
      ),
    );
  }
  function mark(stopped: ReadonlyMap<string, string>): void {
    for (const accountId of stopped.keys()) if (!marked.has(accountId)) linkage.sanctioned(accountId, true);
    for (const accountId of marked) if (!stopped.has(accountId)) linkage.sanctioned(accountId, false);
    marked = new Set(stopped.keys());
  }

  mark(findStopped());
  return {
    name: 'follow sanctions with links and sign-up credit',
    everyMs: LOOK_EVERY_MS,
    async run() {
      const stopped = findStopped();
      mark(stopped);
      const known = await vesting.sanctioned();
      for (const [accountId, reason] of stopped) {
        if (known.has(accountId)) continue;
        await vesting.clawBack(accountId, `${STOPPED}${reason}`.slice(0, REASON_CHARS_MAX));
      }
      for (const [accountId, reason] of known) {
        if (reason.startsWith(STOPPED) && !stopped.has(accountId)) await vesting.restore(accountId);
      }
    },
  };
}
