import { ok, refuse, type Result } from '../../base/result.ts';
import type { WayProblem } from '../contract.ts';

/** What is known when somebody comes back from another service. */
export interface Arrival {
  /** Whose this account of the service is already; null for nobody's. */
  readonly owner: string | null;
  /** Who went there signed in, to connect it; null for whoever wants to come in. */
  readonly linkingAs: string | null;
  /** Null where the service tells no address, or does not vouch for it. */
  readonly verifiedEmail: string | null;
  /** Who has that address here; null for nobody. */
  readonly holder: { readonly id: string; readonly hasWaysIn: boolean } | null;
  /** Whether the address, or that of `owner`, signs in by single sign-on alone. */
  readonly ssoRequired: boolean;
}

export type Decision =
  | { readonly kind: 'enter'; readonly personId: string }
  /** Connects the service to somebody; `enters` where they are not signed in. */
  | { readonly kind: 'link'; readonly personId: string; readonly enters: boolean }
  | { readonly kind: 'join'; readonly email: string };

/**
 * Who somebody is, by what another service says. An account of the service that is known enters. A mail address alone
 * never opens an account somebody can already sign in to: whoever has the address at the service need not be whoever made
 * the account here, nor the other way round. An address nobody vouches for counts for nothing.
 */
export function decide(arrival: Arrival): Result<Decision, WayProblem> {
  const { owner, linkingAs, verifiedEmail, holder, ssoRequired } = arrival;
  if (linkingAs !== null) {
    if (owner !== null && owner !== linkingAs) return refuse('connected_elsewhere');
    return ok({ kind: 'link', personId: linkingAs, enters: false });
  }
  if (ssoRequired) return refuse('sso_required');
  if (owner !== null) return ok({ kind: 'enter', personId: owner });
  if (verifiedEmail === null) return refuse('email_unverified');
  if (holder === null) return ok({ kind: 'join', email: verifiedEmail });
  return holder.hasWaysIn ? refuse('link_needed') : ok({ kind: 'link', personId: holder.id, enters: true });
}
