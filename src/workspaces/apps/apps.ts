import type { z } from 'zod';
import { ok, refuse, type Result } from '../../base/result.ts';
import { type allowModelsBody, APPS_MAX, type changeAppBody } from '../contract.ts';
import type { WorkspaceParts } from '../deps.ts';
import { readMember } from '../members/store.ts';
import { MEMBER_NOT_FOUND, type WorkspaceRefusal } from '../refusal.ts';
import type { ModelTable } from './model-table.ts';
import { type DeclaredApp, dropAllowedSet, insertApp, putAllowedSet, readApp, readApps, updateApp } from './store.ts';

type Refusable<Value> = Promise<Result<Value, WorkspaceRefusal>>;

/** The apps an account declares, and which models it, its apps and its members may use. */
export interface Apps {
  list(accountId: string): Promise<readonly DeclaredApp[]>;
  /** Null for an app nobody declared. */
  find(accountId: string, id: string): Promise<DeclaredApp | null>;
  declare(accountId: string, id: string, name: string): Refusable<DeclaredApp>;
  change(accountId: string, id: string, body: z.output<typeof changeAppBody>): Refusable<DeclaredApp>;
  allowModels(accountId: string, body: z.output<typeof allowModelsBody>): Refusable<null>;
}

export interface AppDeps extends Pick<WorkspaceParts, 'storage' | 'clock'> {
  readonly models: ModelTable;
  /** Every model there is, by the names callers use; null where no configuration is at hand. */
  readonly known: readonly string[] | null;
}

export function createApps({ storage, clock, models, known }: AppDeps): Apps {
  const { reader, writer } = storage;

  async function declare(accountId: string, id: string, name: string): Refusable<DeclaredApp> {
    const app = { accountId, id, name, createdAtMs: clock.wallMs(), archivedAtMs: null };
    const written = await writer.write([insertApp(app)]);
    if (written.ok) return ok(app);
    return refuse(written.refusal.reason === 'constraint' ? EXISTS : TOO_MANY);
  }

  async function change(
    accountId: string,
    id: string,
    { name, archived }: z.output<typeof changeAppBody>,
  ): Refusable<DeclaredApp> {
    const before = await readApp(reader, accountId, id);
    if (before === null) return refuse(NOT_FOUND);
    const archivedAtMs = archived === true ? (before.archivedAtMs ?? clock.wallMs()) : null;
    const after = {
      ...before,
      name: name ?? before.name,
      archivedAtMs: archived === undefined ? before.archivedAtMs : archivedAtMs,
    };
    const written = await writer.write([updateApp(after)]);
    return written.ok ? ok(after) : refuse(NOT_FOUND);
  }

  async function lacking(accountId: string, subject: z.output<typeof allowModelsBody>['subject']) {
    if (subject.kind === 'app') return (await readApp(reader, accountId, subject.id)) === null ? NOT_FOUND : null;
    if (subject.kind === 'account') return null;
    const member = await readMember(reader, accountId, subject.id);
    return member === null || member.leftAtMs !== null ? MEMBER_NOT_FOUND : null;
  }

  async function allowModels(accountId: string, body: z.output<typeof allowModelsBody>): Refusable<null> {
    const { subject, models: wanted } = body;
    const unknown = wanted?.find((model) => known !== null && !known.includes(model));
    if (unknown !== undefined) {
      return refuse({ reason: 'model_unknown', message: `models: there is no model ${unknown} here` });
    }
    const missing = await lacking(accountId, subject);
    if (missing !== null) return refuse(missing);
    const set = wanted === null ? null : [...new Set(wanted)];
    const statement =
      set === null ? dropAllowedSet(accountId, subject) : putAllowedSet({ accountId, subject, models: set });
    await writer.write([statement]);
    models.put({ accountId, subject, models: set });
    return ok(null);
  }

  return {
    list: (accountId) => readApps(reader, accountId),
    find: (accountId, id) => readApp(reader, accountId, id),
    declare,
    change,
    allowModels,
  };
}

const NOT_FOUND: WorkspaceRefusal = { reason: 'app_not_found', message: 'there is no such app here' };
const EXISTS: WorkspaceRefusal = { reason: 'app_exists', message: 'there is an app with this id; choose another' };
const TOO_MANY: WorkspaceRefusal = {
  reason: 'too_many',
  message: `there are ${APPS_MAX} apps, archived ones included, the most there may be`,
};
