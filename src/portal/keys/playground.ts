import type { IssuedKey } from '../../accounts/index.ts';
import { toIso } from '../../base/calendar.ts';
import { refuse, type Result } from '../../base/result.ts';
import type { Asker } from '../belonging.ts';
import type { PortalRefusal } from '../refusals.ts';
import { PLAYGROUND_APP, PLAYGROUND_KEY_MS, PLAYGROUND_KEYS_MAX } from './contract.ts';
import { explained, type PortalKeysDeps } from './deps.ts';
import { isAlive, tooOften } from './places.ts';
import { narrowedModels } from './terms.ts';

const MADE_PER_HOUR_MAX = 30;
const HOUR_MS = 3_600_000;

/** A key that calls models and does nothing else, and ends by itself; the older ones of the same person are revoked. */
export async function playgroundKey(
  { keys, belonging, bounds, clock, attempts }: PortalKeysDeps,
  { accountId, personId, membership }: Asker,
): Promise<Result<IssuedKey, PortalRefusal>> {
  const { member } = membership;
  const limit = { key: `playground ${accountId} ${personId}`, max: MADE_PER_HOUR_MAX, windowMs: HOUR_MS };
  const waitMs = attempts.take([limit]);
  if (waitMs !== null) return refuse(tooOften(waitMs));
  const narrowed = narrowedModels(belonging, accountId, { app: PLAYGROUND_APP, member }, bounds);
  const made = await keys.create({
    account_id: accountId,
    app: PLAYGROUND_APP,
    member,
    name: 'Playground',
    scopes: ['inference', 'models.read'],
    models: narrowed && [...narrowed],
    expires_at: toIso(clock.wallMs() + PLAYGROUND_KEY_MS),
  });
  // After it was made, so that several at once leave no more than there may be.
  const alive = keys
    .ofAccount(accountId)
    .filter((key) => key.app === PLAYGROUND_APP && key.member === member && isAlive(key, clock));
  for (const old of alive.slice(0, -PLAYGROUND_KEYS_MAX)) await keys.revoke(old.id);
  return explained(made);
}
