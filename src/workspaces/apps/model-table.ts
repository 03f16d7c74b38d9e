import type { ApiKey } from '../../accounts/index.ts';
import type { AllowedModelsView } from '../contract.ts';
import type { AllowedSet, ModelSubject } from './store.ts';

/** Which models keys are narrowed to by account, app and member, in memory: asked on the path of every request. */
export interface ModelTable {
  /** What is left when the key's own set and those of its account, app and member are all kept to; null for all models. */
  allowedModels(key: Pick<ApiKey, 'accountId' | 'app' | 'member' | 'models'>): readonly string[] | null;
  /** The set of one subject; null where it narrows nothing. */
  of(accountId: string, subject: ModelSubject): readonly string[] | null;
  put(set: Omit<AllowedSet, 'models'> & { readonly models: readonly string[] | null }): void;
  view(accountId: string): AllowedModelsView;
}

interface Narrowing {
  account: readonly string[] | null;
  readonly app: Map<string, readonly string[]>;
  readonly member: Map<string, readonly string[]>;
}

export function createModelTable(sets: readonly AllowedSet[]): ModelTable {
  const byAccount = new Map<string, Narrowing>();

  function put({ accountId, subject, models }: Parameters<ModelTable['put']>[0]): void {
    const held: Narrowing = byAccount.get(accountId) ?? { account: null, app: new Map(), member: new Map() };
    byAccount.set(accountId, held);
    if (subject.kind === 'account') held.account = models;
    else if (models === null) held[subject.kind].delete(subject.id);
    else held[subject.kind].set(subject.id, models);
    if (held.account === null && held.app.size === 0 && held.member.size === 0) byAccount.delete(accountId);
  }

  function of(accountId: string, subject: ModelSubject): readonly string[] | null {
    const held = byAccount.get(accountId);
    if (held === undefined) return null;
    return subject.kind === 'account' ? held.account : (held[subject.kind].get(subject.id) ?? null);
  }

  for (const set of sets) put(set);
  return {
    allowedModels({ accountId, app, member, models }) {
      const held = byAccount.get(accountId);
      if (held === undefined) return models;
      return [
        held.account,
        app === null ? null : (held.app.get(app) ?? null),
        member === null ? null : (held.member.get(member) ?? null),
      ].reduce(both, models);
    },
    of,
    put,
    view(accountId) {
      const held = byAccount.get(accountId);
      const shown = (sets: ReadonlyMap<string, readonly string[]> | undefined) =>
        Object.fromEntries([...(sets ?? [])].map(([id, models]) => [id, [...models]]));
      return {
        account: held?.account ? [...held.account] : null,
        apps: shown(held?.app),
        members: shown(held?.member),
      };
    },
  };
}

function both(one: readonly string[] | null, other: readonly string[] | null): readonly string[] | null {
  if (one === null || other === null) return one ?? other;
  return one.filter((model) => other.includes(model));
}
