import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import type { Actor } from '../../http/control-api.ts';
import { boundedChanges, boundedObjects, type Changes } from '../../http/trail.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import { insertAction, insertOutcome } from './store.ts';

/** Somebody who could not show who they are. */
interface Stranger {
  readonly kind: 'nobody';
  readonly networkPrefix: string | null;
}

/** An action as it begins. */
export interface ActionBegun {
  readonly actor: Actor | Stranger;
  /** What the route asks for. */
  readonly permission: string;
  /** Method and path pattern: `POST /control/v1/keys/{id}/revoke`. */
  readonly action: string;
  /** The parameters of the path. */
  readonly objects: Readonly<Record<string, string>>;
}

/** Append only: nothing that was written is changed or removed, and the database refuses to. */
export interface Trail {
  /** Durable when it resolves, so before anything is done. Throws `StorageFault`: then nothing may be done. */
  begin(action: ActionBegun): Promise<string>;
  end(id: string, status: number, changes: Changes | null): Promise<void>;
  /** Statements of an action that is written in one unit with what it does. */
  done(action: ActionBegun, status: number): readonly WriteStatement[];
}

export function createTrail(deps: {
  readonly storage: Pick<Storage, 'writer'>;
  readonly clock: Clock;
  readonly mintId: MintId;
}): Trail {
  const { storage, clock, mintId } = deps;

  function statementOf(id: string, begun: ActionBegun): WriteStatement {
    return insertAction(id, clock.wallMs(), { ...begun, objects: boundedObjects(begun.objects) });
  }

  return {
    async begin(action) {
      const id = mintId('act');
      const written = await storage.writer.write([statementOf(id, action)]);
      assert(written.ok, 'an action with a new id can be written');
      return id;
    },
    async end(id, status, changes) {
      const written = await storage.writer.write([insertOutcome(id, clock.wallMs(), status, boundedChanges(changes))]);
      assert(written.ok, 'an action that was begun ends once');
    },
    done(action, status) {
      const id = mintId('act');
      return [statementOf(id, action), insertOutcome(id, clock.wallMs(), status, null)];
    },
  };
}
