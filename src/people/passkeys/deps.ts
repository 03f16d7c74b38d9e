import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { Notes } from '../notes.ts';
import type { PeopleRefusal } from '../refusal.ts';
import type { Sessions } from '../sessions.ts';
import type { ComeIn } from '../way-in.ts';
import type { AddFlow } from './add.ts';
import type { RelyingParty } from './relying-party.ts';
import type { SignInFlow } from './sign-in.ts';

/** What the steps with passkeys share. */
export interface PasskeyDeps {
  readonly reader: Reader;
  readonly clock: Clock;
  readonly mintId: MintId;
  readonly sessions: Pick<Sessions, 'commit'>;
  readonly comeIn: ComeIn;
  /** Who has shown a password in this request and no second factor yet. */
  readonly halfOf: (request: Request) => Promise<string | null>;
  readonly partyOf: (request: Request) => RelyingParty | null;
  readonly signIns: Notes<SignInFlow>;
  readonly additions: Notes<AddFlow>;
  /** How long a challenge holds. */
  readonly flowMs: number;
  /** Whether this person must come in by the single sign-on of their organisation. */
  readonly mustUseSso: (person: { readonly id: string; readonly email: string }) => Promise<boolean>;
}

export const FLOW_OVER: PeopleRefusal = {
  reason: 'flow_over',
  message: 'this took too long, was used, or was begun in another browser; begin again',
};

/** One answer for whatever is wrong, so that nothing can be learnt of which keys are known. */
export const PASSKEY_REFUSED: PeopleRefusal = {
  reason: 'passkey_refused',
  message: 'this passkey is not known here, or its answer is not good; try another one, or another way to sign in',
};

export function unavailable(): PeopleRefusal {
  const message = 'browsers know passkeys only where the page has a name; open it at its name, such as localhost';
  return { reason: 'passkeys_unavailable', message };
}
