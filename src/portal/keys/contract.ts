/** The portal's wire of keys: what somebody may make in an account they belong to, within what role and workspace allow. */
import { z } from 'zod';
import { createKeyBody, keyState, keyView, limitSet, SEARCH_CHARS_MAX } from '../../accounts/contract.ts';
import { pageQuery } from '../../http/paging-query.ts';

export const PORTAL_KEYS_PAGE_MAX = 500;
/** Keys that work at the same time. */
export const KEYS_MAX = { person: 100, workspace: 2_000 } as const;
export const KEYS_PER_MEMBER_MAX = 50;
/** What usage of the playground is called; no other key declares it. */
export const PLAYGROUND_APP = 'playground';
export const PLAYGROUND_KEY_MS = 3_600_000;
/** The older ones of a person are revoked. */
export const PLAYGROUND_KEYS_MAX = 3;

/** What stops a key without revoking it: it works again when that is lifted. */
const keyStop = z.object({
  id: z.string(),
  subject: z.enum(['account', 'member', 'app', 'key', 'end_user']),
  reason: z.string(),
  since: z.string(),
  until: z.string().nullable(),
});

export const portalKeyView = keyView.omit({ account_id: true, product: true }).extend({
  /** What people call the member it was given to; null where there is none, or they have left. */
  member_name: z.string().nullable(),
  /** Made by the playground; it ends by itself. */
  playground: z.boolean(),
  stop: keyStop.nullable(),
});

/** `GET /portal/v1/accounts/{account}/keys`, the newest first. */
export const portalKeyListQuery = z.object({
  state: keyState.optional().describe('Those that are in this state now.'),
  app: z.string().max(SEARCH_CHARS_MAX).optional().describe('Those that declare this app.'),
  member: z.string().max(SEARCH_CHARS_MAX).optional().describe('Those given to this member.'),
  q: z.string().max(SEARCH_CHARS_MAX).optional().describe('The beginning of an id, an app or a name, in any case.'),
  playground: z.enum(['true', 'false']).optional().describe('With `true`, keys of the playground too.'),
  ...pageQuery('after'),
});

export const portalKeyListView = z.object({ data: z.array(portalKeyView), next: z.string().nullable() });

/** `GET .../key-terms`: what a key that is made now may have. */
export const keyTermsView = z.object({
  /** Their own, where they may make keys for nobody else; null in an account of one's own. */
  member: z.string().nullable(),
  /** They may make keys for other members, and keys of no member. */
  for_others: z.boolean(),
  /** Whom they may make them for, those who are there now. */
  members: z.array(z.object({ member: z.string(), name: z.string() })),
  /** Apps that were made for the account or that its keys declare; any other name may be declared, too. */
  apps: z.array(z.object({ app: z.string(), name: z.string() })),
  /** Aliases their keys may use. */
  models: z.array(z.string()),
  /** Some of the service's models are not among them: a key must name its own. */
  models_limited: z.boolean(),
  /** The most a key may have; an absent one is not bounded here. */
  limits_max: limitSet,
  scopes: z.array(z.string()),
  keys: z.object({ active: z.number(), max: z.number() }),
});

/** `POST .../keys`; there is no field for whose account, product or role it is. */
export const createPortalKeyBody = createKeyBody.omit({ account_id: true, product: true, scopes: true }).extend({
  /** All that may be had when left out. */
  scopes: createKeyBody.shape.scopes.removeDefault().optional(),
  /** Whoever makes it when left out; null for nobody's, such as a server's, which no cut-off of a member stops. */
  member: createKeyBody.shape.member.removeDefault().optional(),
});

/** 201 of create, rotate and of the playground's: the only time the whole key is shown. */
export const createdPortalKeyView = portalKeyView.extend({
  key: z.string(),
  /** After a rotation: the key this one stands in for, and when that ends. */
  replaces: z.string().nullable(),
  replaces_expires_at: z.string().nullable(),
});

export type PortalKeyView = z.infer<typeof portalKeyView>;
export type PortalKeyListQuery = z.infer<typeof portalKeyListQuery>;
export type KeyTermsView = z.infer<typeof keyTermsView>;
export type CreatePortalKeyBody = z.input<typeof createPortalKeyBody>;
export type ReadPortalKeyBody = z.output<typeof createPortalKeyBody>;
export type CreatedPortalKeyView = z.infer<typeof createdPortalKeyView>;
