import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import type { Guard } from '../../http/guard.ts';
import { boundedChanges, boundedObjects, type Changes } from '../../http/trail.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import { insertAction, insertOutcome } from './store.ts';

/** Something that is done in an account. */
export interface MemberAction {
  readonly accountId: string;
  /** A directory is known by its token; `system` for what comes of itself when its time is there. */
  readonly actor: { readonly kind: 'person' | 'scim' | 'system'; readonly id: string | null };
  /** What the route asks for. */
  readonly permission: string;
  /** Method and path pattern. */
  readonly action: string;
  /** The parameters of the path. */
  readonly objects: Readonly<Record<string, string>>;
  readonly networkPrefix: string | null;
}

/** Append only: nothing that was written is changed or removed, and the database refuses to. */
export interface Trail {
  /** Durable when it resolves, so before anything is done. Throws `StorageFault`: then nothing may be done. */
  begin(action: MemberAction): Promise<string>;
  end(id: string, status: number, changes: Changes | null): Promise<void>;
  /** Statements of an action that is written in one unit with what it does. */
  done(action: MemberAction, status: number, changes: Changes | null): readonly WriteStatement[];
  /** What the guard of the portal writes down of what people do. */
  readonly guarded: Guard['trail'];
}

export function createTrail(deps: {
  readonly storage: Pick<Storage, 'writer'>;
  readonly clock: Clock;
  readonly mintId: MintId;
}): Trail {
  const { storage, clock, mintId } = deps;

  function statementOf(id: string, action: MemberAction): WriteStatement {
    return insertAction(id, clock.wallMs(), { ...action, objects: boundedObjects(action.objects) });
  }

  async function begin(action: MemberAction): Promise<string> {
    const id = mintId('act');
    const written = await storage.writer.write([statementOf(id, action)]);
    assert(written.ok, 'an action with a new id can be written');
    return id;
  }

  async function end(id: string, status: number, changes: Changes | null): Promise<void> {
    const written = await storage.writer.write([insertOutcome(id, clock.wallMs(), status, boundedChanges(changes))]);
    assert(written.ok, 'an action that was begun ends once');
  }

  return {
    begin,
    end,
    done(action, status, changes) {
      const id = mintId('act');
      return [statementOf(id, action), insertOutcome(id, clock.wallMs(), status, boundedChanges(changes))];
    },
    guarded: {
      async begin({ actor, permission, action, objects }) {
        assert(actor.kind === 'person', 'nobody but people reaches the portal');
        const { account = actor.id, ...others } = objects;
        const { id, networkPrefix } = actor;
        return begin({
          accountId: account,
          actor: { kind: 'person', id },
          permission,
          action,
          objects: others,
          networkPrefix,
        });
      },
      end,
    },
  };
}
