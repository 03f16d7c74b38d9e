import type { ApiKey, Stop } from '../../accounts/index.ts';
import { type Refusal, type RefusalReason, refusal } from '../refusal.ts';
import type { PipelineDeps } from './deps.ts';

/** Which decision keeps somebody out, and where they contest it. From memory. */
export interface Redress {
  /** The decision that a stop carries out; null where it carries out none. */
  decisionOf(stopId: string): string | null;
  /** Null where there is no place to contest it at. */
  contestUrl(decisionId: string): string | null;
}

type StopDeps = Pick<PipelineDeps, 'standing' | 'redress' | 'clock'>;

/** Says no to a key that is none any more, with the decision where a sanction stops it. */
export function refuseFallen(reason: RefusalReason, key: ApiKey | null, deps: StopDeps): Refusal {
  const stop = reason === 'access_stopped' && key !== null ? deps.standing.stopOf(key) : null;
  return stop === null ? refusal(reason) : refuseStopped(reason, stop, deps);
}

/** Why nothing may be asked for this end user; null where it may. */
export function refuseEndUser(accountId: string, endUser: string | null, deps: StopDeps): Refusal | null {
  const stop = endUser === null ? null : deps.standing.stopOfEndUser(accountId, endUser);
  return stop && refuseStopped('end_user_stopped', stop, deps);
}

/** Why a request that was let in may go no further after it waited; null where it may. */
export function refuseSince(
  key: ApiKey,
  endUser: string | null,
  deps: StopDeps & Pick<PipelineDeps, 'keys'>,
): Refusal | null {
  const fallen = deps.keys.fallen(key.id);
  return fallen ? refuseFallen(fallen, key, deps) : refuseEndUser(key.accountId, endUser, deps);
}

function refuseStopped(reason: RefusalReason, { id, untilMs }: Stop, deps: StopDeps): Refusal {
  const decisionId = deps.redress?.decisionOf(id) ?? null;
  return refusal(
    reason,
    {},
    {
      ...(untilMs !== null && { retryAfterMs: untilMs - deps.clock.wallMs() }),
      ...(decisionId !== null && { redress: redressOf(decisionId, deps) }),
    },
  );
}

/** Where a decision is looked up and contested. */
export function redressOf(
  decisionId: string,
  { redress }: Pick<PipelineDeps, 'redress'>,
): NonNullable<Refusal['redress']> {
  return { decisionId, contestUrl: redress?.contestUrl(decisionId) ?? null };
}
