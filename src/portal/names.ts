import type { Keys } from '../accounts/index.ts';
import type { Belonging } from './belonging.ts';

/** What people of an account call its apps, members and keys; null where nobody named them. What operators call an app is theirs alone. */
export interface Names {
  app(id: string): string | null;
  member(id: string): string | null;
  key(id: string): string | null;
}

/** Names for what is to be shown; `members` are those it may be of. */
export async function namesFor(
  { belonging, keys }: { readonly belonging: Belonging; readonly keys: Pick<Keys, 'get'> },
  accountId: string,
  members: readonly (string | null | undefined)[],
): Promise<Names> {
  const apps = new Map((await belonging.apps(accountId)).map(({ app, name }) => [app, name]));
  const wanted = [...new Set(members.filter((id) => typeof id === 'string'))];
  const names = wanted.length === 0 ? new Map<string, string>() : await belonging.memberNames(accountId, wanted);
  return {
    app: (id) => apps.get(id) ?? null,
    member: (id) => names.get(id) ?? null,
    key(id) {
      const key = keys.get(id);
      return key?.accountId === accountId ? key.name : null;
    },
  };
}
