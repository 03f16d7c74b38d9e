import { ok, refuse, type Result } from '../../base/result.ts';

/** What is known when somebody comes back from the single sign-on of a workspace. */
export interface SsoArrival {
  /** Whose this account of the provider is already, and whether the workspace speaks for the address they have here. */
  readonly owner: { readonly id: string; readonly isSpokenFor: boolean } | null;
  /** The address the provider tells; null where it tells none, or says that it is not theirs. */
  readonly email: string | null;
  /** Whether the workspace has shown that the domain of that address is its own. */
  readonly isSpokenFor: boolean;
  /** Who has that address here; null for nobody. */
  readonly holder: string | null;
}

export type SsoDecision =
  | { readonly kind: 'enter'; readonly personId: string }
  | { readonly kind: 'link'; readonly personId: string }
  | { readonly kind: 'join'; readonly email: string };

/**
 * Who somebody is, by what the provider of a workspace says. It speaks for the addresses of the workspace's own domains
 * and for nobody else, whatever it claims: for those it counts as their mailbox would.
 */
export function decideSso({ owner, email, isSpokenFor, holder }: SsoArrival): Result<SsoDecision, 'sso_refused'> {
  if (owner !== null) return owner.isSpokenFor ? ok({ kind: 'enter', personId: owner.id }) : refuse('sso_refused');
  if (email === null || !isSpokenFor) return refuse('sso_refused');
  return ok(holder === null ? { kind: 'join', email } : { kind: 'link', personId: holder });
}
