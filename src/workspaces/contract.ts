/** The portal API of accounts people belong to, as it stands on the wire. Times are ISO 8601 in UTC. */
import { z } from 'zod';
import { ACCOUNT_KINDS, appName, modelName, MODELS_PER_KEY_MAX, slug } from '../accounts/contract.ts';
import { ONE_LINE } from '../base/one-line.ts';
import { moment, OWN_PERMISSIONS } from '../http/contract.ts';

/** What somebody is in a workspace; of their own account everybody is the owner. */
export const MEMBER_ROLES = ['owner', 'admin', 'developer', 'billing', 'viewer'] as const;
/** Workspaces somebody may own at a time. */
export const OWNED_WORKSPACES_MAX = 20;
/** Members and open invitations of one workspace together. */
export const MEMBERS_MAX = 5_000;
/** Open invitations of one workspace. */
export const INVITATIONS_MAX = 500;
/** Apps of one account, the archived ones included. */
export const APPS_MAX = 500;
export const DOMAINS_MAX = 20;
export const SCIM_TOKENS_MAX = 5;
/** Rows in one answer of a list. */
export const MEMBERS_PAGE_MAX = 500;
export const TRAIL_PAGE_MAX = 500;
/** 7 days. */
export const INVITATION_MS = 604_800_000;
/** 30 days in which closing a workspace can be undone. */
export const CLOSING_MS = 2_592_000_000;

/** Ends the check there: what comes after it, a pattern above all, may take long over a long text. */
const atMost = (characters: number, error = `must have at most ${characters} characters`) =>
  z.string('must be a text').max(characters, { error, abort: true });

const oneLine = (characters: number, words = `must be 1 to ${characters} printable characters`) =>
  atMost(characters, words).trim().regex(ONE_LINE, words);

const name = oneLine(128);
const email = atMost(254, 'must be a mail address of at most 254 characters')
  .trim()
  .toLowerCase()
  .regex(/^[^\s@\p{Cc}]{1,64}@[^\s@\p{Cc}]+\.[^\s@\p{Cc}]+$/u, 'must be a mail address such as name@example.com');
const role = z.enum(MEMBER_ROLES, `must be one of ${MEMBER_ROLES.join(', ')}`);
/** What a link, a directory or a sign-in may make somebody; who owns a workspace is decided by its owners. */
const GIVEN_ROLES = ['admin', 'developer', 'billing', 'viewer'] as const;
/** Why something is stopped, for the person concerned. */
const reason = oneLine(500);
const models = z
  .array(modelName, 'must be a list of models, or null for all')
  .max(MODELS_PER_KEY_MAX, `must name at most ${MODELS_PER_KEY_MAX}`)
  .nullable();
const memberId = z.string().regex(/^mem_[0-9a-z]{26}$/, 'must be the id of a member');

/** What stops somebody or something now. */
const stopView = z.object({ id: z.string(), cause: z.string(), reason: z.string(), at: z.string() });

/** What a cut-off did, and when. */
export const receiptView = z.object({
  stop_id: z.string(),
  decided_at: z.string(),
  /** Of a reply to anybody concerned, after the decision; null when none was sent. */
  last_byte_at: z.string().nullable(),
  closed_at: z.string(),
  /** From the decision until everything was closed, in milliseconds. */
  took_ms: z.number(),
  sessions: z.number(),
  keys: z.number(),
  streams: z.number(),
});

/** An account as somebody who belongs to it sees it. */
export const ownAccountView = z.object({
  id: z.string(),
  kind: z.enum(ACCOUNT_KINDS),
  name: z.string(),
  created_at: z.string(),
  /** What whoever asks is in it. */
  role,
  permissions: z.array(z.enum(OWN_PERMISSIONS)),
  /** The id of whoever asks as a member, which keys and usage carry; null in their own account. */
  member_id: z.string().nullable(),
  /** What shuts them out of it now; null when nothing does. */
  stopped: stopView.nullable(),
  /** When a workspace that is closing is closed for good; null while it is open. */
  closes_at: z.string().nullable(),
});

/** `GET /portal/v1/accounts`: the own account first. */
export const ownAccountListView = z.object({ data: z.array(ownAccountView) });

/** `POST /portal/v1/workspaces`, `PATCH /portal/v1/accounts/{account}`, `POST /portal/v1/accounts/{account}/scim-tokens` */
export const nameBody = z.strictObject({ name });

/** `POST /portal/v1/accounts/{account}/close`; `name` as it is, so that nobody closes the wrong one. */
export const closeBody = z.strictObject({ name: atMost(128) });
export const closedView = z.object({ account: ownAccountView, receipt: receiptView });

/** `POST /portal/v1/accounts/{account}/transfer`: they become owner, whoever asks becomes admin. */
export const transferBody = z.strictObject({ member: memberId });

/** `provisioned`: a directory put them there, and they have not signed in; `left`: not a member any more. */
const memberState = z.enum(['active', 'provisioned', 'stopped', 'left']);

export const memberView = z.object({
  /** What keys and usage carry as `member`. */
  id: z.string(),
  name: z.string(),
  /** Null where it is not known any more. */
  email: z.string().nullable(),
  role,
  state: memberState,
  stopped: stopView.nullable(),
  /** Models the member's keys may use besides what the workspace allows; null for all of those. */
  models: z.array(z.string()).nullable(),
  /** Whether a directory looks after them (SCIM). */
  directory: z.boolean(),
  /** Whether this is whoever asks. */
  self: z.boolean(),
  created_at: z.string(),
  left_at: z.string().nullable(),
});

/** `GET /portal/v1/accounts/{account}/members` */
export const memberListQuery = z.object({
  q: atMost(128).optional().describe('The beginning of a name or a mail address, in any case.'),
  state: z.enum(['present', 'left']).optional().describe('Those who are members, which is the default, or who were.'),
  after: atMost(64).optional().describe('What `next` of the page before said.'),
  limit: z
    .string()
    .regex(/^\d{1,6}$/)
    .optional()
    .describe('How many; 100 when nothing is said.'),
});
export const memberListView = z.object({ data: z.array(memberView), next: z.string().nullable() });

/** `PATCH /portal/v1/accounts/{account}/members/{member}` */
export const changeMemberBody = z.strictObject({ role });

/** `POST .../members/{member}/stop`, and the body of whatever else ends what somebody may do. */
export const reasonBody = z.strictObject({ reason });

/** What was stopped, and how it ended. */
export const memberStoppedView = z.object({ member: memberView, receipt: receiptView });

export const invitationView = z.object({
  id: z.string(),
  email: z.string(),
  role,
  state: z.enum(['open', 'expired']),
  created_at: z.string(),
  expires_at: z.string(),
  /** When the mail was last taken by the mail server; null when it has not been. */
  sent_at: z.string().nullable(),
  invited_by: z.string().nullable(),
});
export const invitationListView = z.object({ data: z.array(invitationView) });

/** `POST /portal/v1/accounts/{account}/invitations`; `locale` is that of the mail. */
export const inviteBody = z.strictObject({
  email,
  role: z.enum(GIVEN_ROLES, `must be one of ${GIVEN_ROLES.join(', ')}`),
  locale: z.enum(['en', 'zh'], 'must be en or zh').default('en'),
});

/** `POST .../invitations/{invitation}/resend` */
export const resendBody = z.strictObject({ locale: z.enum(['en', 'zh'], 'must be en or zh').default('en') });

/** `POST /portal/v1/invitations/read` and `/accept`: the token of the link. */
export const invitationTokenBody = z.strictObject({ token: atMost(256) });
/** What a link invites to, for the page it opens. */
export const openInvitationView = z.object({ workspace: z.string(), email: z.string(), role, expires_at: z.string() });

export const appView = z.object({
  /** What keys carry as `app`. */
  id: z.string(),
  name: z.string(),
  /** Models the app's keys may use besides what the account allows; null for all of those. */
  models: z.array(z.string()).nullable(),
  created_at: z.string(),
  /** An archived app gets no new keys; those it has go on working until they are revoked or it is stopped. */
  archived_at: z.string().nullable(),
});
export const appListView = z.object({ data: z.array(appView) });

/** `POST /portal/v1/accounts/{account}/apps` */
export const createAppBody = z.strictObject({
  id: appName.refine((id) => id !== 'playground', 'is how usage of the playground is called; choose another'),
  name,
});
/** `PATCH /portal/v1/accounts/{account}/apps/{app}` */
export const changeAppBody = z
  .strictObject({ name: name.optional(), archived: z.boolean('must be true or false').optional() })
  .refine((body) => Object.keys(body).length > 0, 'names nothing to change');

const modelSubject = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('account') }),
  z.strictObject({ kind: z.literal('app'), id: slug }),
  z.strictObject({ kind: z.literal('member'), id: memberId }),
]);

/** `PUT /portal/v1/accounts/{account}/allowed-models`: each set narrows what the others leave; null narrows nothing. */
export const allowModelsBody = z.strictObject({ subject: modelSubject, models });
export const allowedModelsView = z.object({
  account: z.array(z.string()).nullable(),
  apps: z.record(z.string(), z.array(z.string())),
  members: z.record(z.string(), z.array(z.string())),
});

const domainName = atMost(253)
  .trim()
  .toLowerCase()
  .regex(
    /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/,
    'must be a domain such as example.com',
  );

export const domainView = z.object({
  id: z.string(),
  domain: z.string(),
  state: z.enum(['pending', 'verified']),
  /** A TXT record that shows whose the domain is. */
  record: z.object({ name: z.string(), value: z.string() }),
  /** Where a code can be sent in its stead. */
  mailboxes: z.array(z.string()),
  verified_at: z.string().nullable(),
  verified_by: z.enum(['dns', 'mail']).nullable(),
  /** Whether people who sign up with an address of it are told to join. */
  capture: z.boolean(),
  /** What they become. */
  join_role: z.enum(GIVEN_ROLES),
});
export const domainListView = z.object({ data: z.array(domainView) });

/** `POST /portal/v1/accounts/{account}/domains` */
export const addDomainBody = z.strictObject({ domain: domainName });
/** `POST .../domains/{domain}/mail`: to which of `mailboxes`. */
export const mailDomainBody = z.strictObject({
  mailbox: atMost(300),
  locale: z.enum(['en', 'zh'], 'must be en or zh').default('en'),
});
/** `POST .../domains/{domain}/confirm`: the code of the mail. */
export const confirmDomainBody = z.strictObject({ code: atMost(64).trim() });
/** `PATCH .../domains/{domain}` */
export const changeDomainBody = z
  .strictObject({
    capture: z.boolean('must be true or false').optional(),
    join_role: z.enum(GIVEN_ROLES, `must be one of ${GIVEN_ROLES.join(', ')}`).optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'names nothing to change');

/** `GET /portal/v1/joinable`: workspaces that have captured the domain of the verified address of whoever asks. */
export const joinableListView = z.object({
  data: z.array(z.object({ id: z.string(), name: z.string(), role, sso_required: z.boolean() })),
});

const httpsUrl = atMost(500)
  .trim()
  .refine((text) => {
    const url = URL.parse(text);
    return (
      url?.protocol === 'https:' && url.username === '' && url.password === '' && url.hash === '' && url.search === ''
    );
  }, 'must be an https address without a query, such as https://login.example.com');

/** `PUT /portal/v1/accounts/{account}/sso` */
export const ssoBody = z.strictObject({
  issuer: httpsUrl,
  client_id: oneLine(500),
  /** Left out, the one that is kept stays. */
  client_secret: oneLine(1_000).optional(),
  /** Whether members with an address of the workspace's domains must sign in this way; its owners may always do otherwise. */
  required: z.boolean('must be true or false'),
  /** What people become who come this way for the first time. */
  join_role: z.enum(GIVEN_ROLES, `must be one of ${GIVEN_ROLES.join(', ')}`),
});
export const ssoView = z.object({
  configured: z.boolean(),
  issuer: z.string().nullable(),
  client_id: z.string().nullable(),
  required: z.boolean(),
  join_role: z.enum(GIVEN_ROLES),
  /** Where the provider sends people back to, to be entered there. */
  redirect_url: z.string(),
  changed_at: z.string().nullable(),
});

export const scimTokenView = z.object({
  id: z.string(),
  name: z.string(),
  created_at: z.string(),
  /** To the minute; null while it was not used. */
  last_used_at: z.string().nullable(),
});
export const scimTokenListView = z.object({
  /** What the directory is told to call. */
  base_url: z.string(),
  data: z.array(scimTokenView),
});
/** 201: the only time the token is told. */
export const createdScimTokenView = scimTokenView.extend({ token: z.string() });

const trailFilter = {
  actor: atMost(64).optional().describe('The id of a person or a token.'),
  action: atMost(200).optional().describe('A method and a path as the documentation names them, or their beginning.'),
  from: moment.optional(),
  to: moment.optional().describe('Exclusive.'),
};
/** `GET /portal/v1/accounts/{account}/trail` */
export const trailQuery = z.object({ ...trailFilter, after: atMost(64).optional(), limit: z.string().optional() });
/** `GET /portal/v1/accounts/{account}/trail/export` */
export const trailExportQuery = z.object(trailFilter);

/** One thing that was done in an account. */
export const trailView = z.object({
  id: z.string(),
  at: z.string(),
  actor: z.object({
    kind: z.enum(['person', 'scim', 'system']),
    id: z.string().nullable(),
    /** What they are called here; null for whoever is not, or not any more, a member. */
    name: z.string().nullable(),
  }),
  permission: z.string(),
  /** Method and path pattern. */
  action: z.string(),
  /** The ids in the path, by parameter. */
  objects: z.record(z.string(), z.string()),
  /** What changed, without secrets, mail addresses and content; null when nothing is told. */
  changes: z.record(z.string(), z.unknown()).nullable(),
  network_prefix: z.string().nullable(),
  /** The status it was answered with; null when the process ended before it was known. */
  status: z.number().nullable(),
});
/** Newest first; `next` is what `after` must say for the page before it in time, null when there is none. */
export const trailListView = z.object({ data: z.array(trailView), next: z.string().nullable() });

export type MemberRole = (typeof MEMBER_ROLES)[number];
export type GivenRole = (typeof GIVEN_ROLES)[number];
export type OwnAccountView = z.infer<typeof ownAccountView>;
export type ReceiptView = z.infer<typeof receiptView>;
export type MemberView = z.infer<typeof memberView>;
export type InvitationView = z.infer<typeof invitationView>;
export type AppView = z.infer<typeof appView>;
export type AllowedModelsView = z.infer<typeof allowedModelsView>;
export type DomainView = z.infer<typeof domainView>;
export type SsoView = z.infer<typeof ssoView>;
export type ScimTokenView = z.infer<typeof scimTokenView>;
export type TrailView = z.infer<typeof trailView>;
