import type { Accounts, KeyActionRefusal, Keys, Standing } from '../../accounts/index.ts';
import type { Clock } from '../../base/clock.ts';
import { refuse, type Result } from '../../base/result.ts';
import type { Attempts } from '../../credentials/attempts.ts';
import type { Belonging } from '../belonging.ts';
import type { PortalRefusal } from '../refusals.ts';
import type { KeyBounds } from './terms.ts';

export interface PortalKeysDeps {
  readonly keys: Pick<Keys, 'ofAccount' | 'create' | 'rotate' | 'revoke'>;
  readonly accounts: Pick<Accounts, 'get'>;
  readonly standing: Pick<Standing, 'stopOf'>;
  readonly belonging: Belonging;
  readonly bounds: KeyBounds;
  readonly clock: Clock;
  readonly attempts: Attempts;
}

const STATUS = {
  invalid_field: 400,
  account_not_found: 404,
  key_not_found: 404,
  key_revoked: 409,
  key_rotated: 409,
  key_expired: 409,
} as const satisfies Record<KeyActionRefusal['reason'], number>;

/** A refusal of keys, as the portal answers it. */
export function explained<Value>(done: Result<Value, KeyActionRefusal>): Result<Value, PortalRefusal> {
  return done.ok ? done : refuse({ status: STATUS[done.refusal.reason], ...done.refusal });
}
