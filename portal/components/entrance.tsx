import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { Redirect } from '../../console/components/redirect.tsx';
import { useSession } from '../api/session.tsx';
import { AccountProvider, useAccounts } from './account.tsx';
import type { PageEntry } from './page-entry.ts';
import { NotFound } from './page-frame.tsx';
import { SessionAwaited } from './session-awaited.tsx';
import { Shell } from './shell/shell.tsx';

/** Lets in who is signed in, and leads everybody else to where they can be. */
export function Entrance({ pages }: { readonly pages: readonly PageEntry[] }) {
  const { session } = useSession();
  if (session === undefined) return <SessionAwaited />;
  if (session.state !== 'signed_in') return <ToSignIn />;
  if (session.person?.state === 'waitlisted') return <Redirect to="/waitlist" />;
  return (
    <AccountProvider>
      <Shell pages={pages} />
    </AccountProvider>
  );
}

/** Remembers where one was when it began: what the address changes to on the way is no place to come back to. */
function ToSignIn() {
  const router = useRouter();
  const [here] = useState(router.state.location.href);
  return <Redirect to="/sign-in" next={here === '/start' ? undefined : here} />;
}

/** Where somebody who is signed in begins: the first page of the navigation that one may see. */
export function Start({ pages }: { readonly pages: readonly PageEntry[] }) {
  const { sees } = useAccounts();
  const first = pages.find((page) => page.group !== null && sees(page));
  return first === undefined ? <NotFound /> : <Redirect to={first.path} />;
}
