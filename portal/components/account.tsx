import { useNavigate, useSearch } from '@tanstack/react-router';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import type { z } from 'zod';
import { useApi } from '../../console/api/queries.ts';
import { ApiPart } from '../../console/components/api-part.tsx';
import type { OwnPermission } from '../../src/http/contract.ts';
import { ownAccountListView, type ownAccountView } from '../../src/workspaces/contract.ts';
import type { PageEntry } from './page-entry.ts';
import { Waiting } from './waiting.tsx';

export const ACCOUNTS_PATH = '/portal/v1/accounts';

export type OwnAccount = z.infer<typeof ownAccountView>;

interface Accounts {
  /** Those one belongs to, the own one first. */
  readonly all: readonly OwnAccount[];
  /** The one that is looked at: `account` of the address, else the own one. */
  readonly account: OwnAccount;
  readonly choose: (id: string) => void;
  readonly sees: (page: PageEntry) => boolean;
}

const AccountsContext = createContext<Accounts | null>(null);

/** Knows the accounts of whoever is signed in and which of them the pages are about; every link keeps that. */
export function AccountProvider({ children }: { readonly children: ReactNode }) {
  const state = useApi({ path: ACCOUNTS_PATH, answer: ownAccountListView });
  return (
    <ApiPart state={state} waiting={<AccountsAwaited />}>
      {({ data }) => <Chosen all={data}>{children}</Chosen>}
    </ApiPart>
  );
}

function AccountsAwaited() {
  return (
    <main className="portal-main" id="content">
      <Waiting />
    </main>
  );
}

function Chosen({ all, children }: { readonly all: readonly OwnAccount[]; readonly children: ReactNode }) {
  const wanted = useSearch({ strict: false, select: (search: { account?: unknown }) => search.account });
  const navigate = useNavigate();
  const [own] = all;
  const account = all.find(({ id }) => id === wanted) ?? own;
  const state = useMemo(
    () =>
      account === undefined
        ? null
        : {
            all,
            account,
            choose: (id: string) =>
              void navigate({ to: '.', search: { account: id === own?.id ? undefined : id } as never }),
            sees: (page: PageEntry) => isFor(page, account),
          },
    [all, own, account, navigate],
  );
  return state === null ? null : <AccountsContext value={state}>{children}</AccountsContext>;
}

function isFor({ access, kind }: PageEntry, account: OwnAccount): boolean {
  if (kind !== undefined && kind !== account.kind) return false;
  return access === 'anybody' || access === 'signed_in' || account.permissions.includes(access);
}

export function useAccounts(): Accounts {
  const accounts = useContext(AccountsContext);
  if (accounts === null) throw new Error('useAccounts is called outside of AccountProvider');
  return accounts;
}

/** The account that is looked at. */
export function useAccount(): OwnAccount {
  return useAccounts().account;
}

/** Whether whoever is signed in may do this in the account they look at: for hiding what may not be used. */
export function useMay(): (permission: OwnPermission) => boolean {
  const { permissions } = useAccount();
  return (permission) => permissions.includes(permission);
}
