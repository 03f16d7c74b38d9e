import type { Standing } from '../accounts/index.ts';
import type { Vesting } from '../fraud/index.ts';
import type { Job } from './jobs.ts';

export interface SanctionsDeps {
  readonly standing: Pick<Standing, 'inForce'>;
  readonly vesting: Pick<Vesting, 'clawBack' | 'restore' | 'sanctioned'>;
}

const CAUSES = ['sanction', 'staff'] as const;
/** The account is stopped meanwhile, so nobody spends what is about to be taken back. */
const LOOK_EVERY_MS = 10_000;
/** Tells what was taken back with a stop, and comes back with its end, from what staff took back by itself. */
const STOPPED = 'stopped: ';
const REASON_CHARS_MAX = 200;

/** Takes sign-up credit back from accounts that are stopped for what they did, and gives it again when that is lifted. */
export function followSanctions({ standing, vesting }: SanctionsDeps): Job {
  return {
    name: 'follow sanctions with sign-up credit',
    everyMs: LOOK_EVERY_MS,
    async run() {
      const stops = CAUSES.flatMap((cause) => standing.inForce(cause)).filter(
        ({ subject }) => subject.kind === 'account',
      );
      const stopped = new Map(stops.map(({ subject, reason }) => [subject.accountId, reason]));
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
