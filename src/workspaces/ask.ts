import { assert } from '../base/assert.ts';
import type { Actor } from '../http/control-api.ts';

/** The person who asks: the guard lets nobody else through to these routes. */
export interface Asker {
  readonly id: string;
  readonly networkPrefix: string | null;
}

export function askerOf(actor: Actor): Asker {
  assert(actor.kind === 'person', 'nobody but people reaches the portal');
  return actor;
}
