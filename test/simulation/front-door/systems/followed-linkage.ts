/** Linkage as vesting asks it, from memory: who belongs to whom and who is softly linked, kept up with every change. */
import type { Link, Linkage, Linked, Operator, OperatorsChanged } from '../../../../src/fraud/linkage.ts';

export interface FollowedLinkage extends Pick<Linkage, 'operatorOf' | 'linksOf'> {
  /** To be told of whatever linkage answers: new soft links are in it. */
  heard(linked: Linked | null): void;
  /** Accounts that came under another operator, after the change. */
  onMoved(listener: (accounts: readonly string[]) => void): void;
  /** Forgets soft links, some of which may have ended. */
  forget(): void;
  /** Tells listeners of what changed: after linkage has answered, as the service does, whose books take their time. */
  catchUp(): void;
}

/** The service looks at so many accounts of one operator one by one, the oldest, and so does this. */
const MEMBERS_MAX = 200;

export function followLinkage(linkage: Linkage): FollowedLinkage {
  const operatorOf = new Map<string, string>();
  const operators = new Map<string, Operator>();
  const soft = new Map<string, readonly Link[]>();
  const listeners: ((accounts: readonly string[]) => void)[] = [];
  const pending: Parameters<OperatorsChanged>[0][] = [];
  linkage.onChange((change) => void pending.push(change));
  const follow = ({ kind, accounts }: Parameters<OperatorsChanged>[0]): void => {
    const moved: string[] = [];
    const one = kind === 'merged' ? linkage.operatorOf(accounts[0] ?? '').id : null;
    for (const id of accounts) {
      const before = operatorOf.get(id) ?? id;
      const now = one ?? linkage.operatorOf(id).id;
      operators.delete(before);
      operators.delete(now);
      if (now === before) continue;
      operatorOf.set(id, now);
      moved.push(id);
    }
    if (moved.length > 0) for (const listener of listeners) listener(moved);
  };
  const shown = (accountId: string): Operator => {
    const id = operatorOf.get(accountId) ?? accountId;
    let operator = operators.get(id);
    if (operator === undefined) {
      const { accounts } = linkage.operatorOf(accountId);
      operator = { id, accounts: accounts.slice(0, MEMBERS_MAX) };
      operators.set(id, operator);
    }
    return operator;
  };
  return {
    operatorOf(accountId) {
      const { id, accounts } = shown(accountId);
      return { id, accounts: accounts.includes(accountId) ? accounts : [...accounts, accountId] };
    },
    linksOf(accountId) {
      let links = soft.get(accountId);
      if (links === undefined) {
        links = linkage.linksOf(accountId).filter(({ strength }) => strength === 'soft');
        soft.set(accountId, links);
      }
      return links;
    },
    heard(linked) {
      for (const link of linked?.links ?? []) for (const id of link.accounts) soft.delete(id);
    },
    onMoved: (listener) => void listeners.push(listener),
    forget: () => soft.clear(),
    catchUp: () => pending.splice(0).forEach(follow),
  };
}
