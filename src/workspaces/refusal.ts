import { answerRefusal } from '../credentials/refusal.ts';

/** Everything the portal's routes of accounts refuse. */
export interface WorkspaceRefusal {
  readonly reason:
    | 'invalid_field'
    /** The account is somebody's own, and has no members but its owner. */
    | 'workspace_only'
    | 'not_permitted'
    | 'last_owner'
    | 'own_role'
    | 'member_not_found'
    | 'member_provisioned'
    | 'already_member'
    | 'already_stopped'
    | 'not_stopped'
    | 'invitation_not_found'
    | 'invitation_for_another'
    | 'already_invited'
    | 'too_many'
    | 'too_many_mails'
    | 'app_not_found'
    | 'app_exists'
    | 'model_unknown'
    | 'domain_not_found'
    | 'domain_exists'
    | 'domain_taken'
    | 'domain_public'
    | 'domain_not_shown'
    | 'domain_needed'
    | 'code_refused'
    | 'mail_failed'
    | 'secret_needed'
    | 'token_not_found'
    | 'not_joinable'
    | 'name_differs'
    | 'closing'
    | 'not_closing'
    | 'changed_meanwhile'
    | 'standing';
  readonly message: string;
  /** How long to wait before trying again; where waiting helps. */
  readonly retryAfterMs?: number;
}

const STATUS: Readonly<Partial<Record<WorkspaceRefusal['reason'], 400 | 403 | 404 | 429 | 502>>> = {
  invalid_field: 400,
  model_unknown: 400,
  not_permitted: 403,
  own_role: 403,
  invitation_for_another: 403,
  code_refused: 403,
  member_not_found: 404,
  invitation_not_found: 404,
  app_not_found: 404,
  domain_not_found: 404,
  token_not_found: 404,
  not_joinable: 404,
  too_many_mails: 429,
  mail_failed: 502,
};

/** A refusal as portal routes answer it; 409 where the status says no more than that it does not fit what is there. */
export function refusalResponse(refusal: WorkspaceRefusal): Response {
  return answerRefusal(refusal, STATUS[refusal.reason] ?? 409);
}

export const CHANGED_MEANWHILE: WorkspaceRefusal = {
  reason: 'changed_meanwhile',
  message: 'this has changed in the meantime; look at it again, then try again',
};

export const LAST_OWNER: WorkspaceRefusal = {
  reason: 'last_owner',
  message: 'this is the last owner, and a workspace is never without one; make another owner first, or close it',
};

export const WORKSPACE_ONLY: WorkspaceRefusal = {
  reason: 'workspace_only',
  message: 'this is the account of one person; make a workspace to share it with others',
};

export const MEMBER_NOT_FOUND: WorkspaceRefusal = {
  reason: 'member_not_found',
  message: 'there is no such member here; look at the list of members',
};

export const OWNERS_ONLY: WorkspaceRefusal = {
  reason: 'not_permitted',
  message: 'only an owner does this; ask one of the owners',
};
