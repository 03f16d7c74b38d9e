/** The control API of accounts and keys, as it stands on the wire. Times are ISO 8601 in UTC; absent members take the default named here. */
import { z } from 'zod';
import { ONE_LINE } from '../base/one-line.ts';
import { isNetwork } from '../base/cidr.ts';

export const ACCOUNT_KINDS = ['person', 'workspace'] as const;
/** All of them are in memory, at some 200 bytes each. */
export const ACCOUNTS_MAX = 1_000_000;
/** Accounts in one answer of `GET /control/v1/accounts`. */
export const ACCOUNTS_PAGE_MAX = 1000;
/** Keys in one answer of `GET /control/v1/keys` that was given a limit. */
export const KEYS_PAGE_MAX = 1000;
export const SEARCH_CHARS_MAX = 128;
export const KEY_SCOPES = ['inference', 'models.read', 'responses.read', 'credit.read', 'credit.redeem'] as const;
export const DEFAULT_PRODUCT = 'api';
/** The account of whoever runs the service; made at first boot. */
export const OPERATOR_ACCOUNT_ID = 'acct_operator';
/** How long a rotated key goes on working when nothing is said: one day. */
export const ROTATE_GRACE_MS_DEFAULT = 86_400_000;
/** 30 days. */
export const ROTATE_GRACE_MS_MAX = 2_592_000_000;
export const MODELS_PER_KEY_MAX = 256;
export const NETWORKS_PER_KEY_MAX = 256;

/** What an app, a product or a member may be called. */
export const slug = z.string().regex(/^[a-z0-9._-]{1,64}$/, 'must be 1 to 64 characters of a-z, 0-9, ".", "_" and "-"');

/** What usage says of apps nobody declared, so that no declared one passes for them. */
const APP_NAME_TAKEN = /^(?:none|(?:fam|fp)_[0-9a-f]{16})$/;
export const appName = slug.refine(
  (name) => !APP_NAME_TAKEN.test(name),
  'is how usage of undeclared apps is called; choose another',
);

export const modelName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}$/, 'must be 1 to 128 characters of letters, digits and ._:/@+-');

export const network = z
  .string()
  .max(64)
  .refine(isNetwork, 'must be a CIDR block such as 192.0.2.0/24 or 2001:db8::/32');

const LIMIT_MAX = 1_000_000_000_000;
const limitWords = `must be a whole number from 1 to ${LIMIT_MAX}`;
const limit = z.number(limitWords).int(limitWords).min(1, limitWords).max(LIMIT_MAX, limitWords);

const listOf = <Item extends z.ZodType>(item: Item, max: number) =>
  z.array(item, 'must be a list').min(1, 'must name at least one').max(max, `must name at most ${max}`);

export const limitSet = z.strictObject({
  requests_per_minute: limit.optional(),
  tokens_per_minute: limit.optional(),
  concurrency: limit.optional(),
});

export const accountId = z.string().regex(/^acct_[A-Za-z0-9]{1,64}$/, 'must be an account id');

const printable = z
  .string('must be a text')
  .max(128, 'must be 1 to 128 printable characters')
  .regex(ONE_LINE, 'must be 1 to 128 printable characters');

/** `POST /control/v1/accounts` */
export const createAccountBody = z.strictObject({
  /** For people to tell accounts apart; not unique. */
  name: printable,
  kind: z.enum(ACCOUNT_KINDS, `must be one of ${ACCOUNT_KINDS.join(', ')}`).default('person'),
});

export const accountView = z.object({
  id: z.string(),
  /** The same id, under the name other answers have for it. */
  account_id: z.string(),
  kind: z.enum(ACCOUNT_KINDS),
  name: z.string(),
  created_at: z.string(),
});

/** `GET /control/v1/accounts/{id}` */
export const accountDetailView = accountView.extend({
  /** Keys that work now, and all there ever were. */
  keys: z.object({ active: z.number(), total: z.number() }),
});

/** `GET /control/v1/accounts?after=acct_...&limit=100`, with `?q=` those found by it. */
export const accountListQuery = z.object({
  q: z
    .string()
    .max(SEARCH_CHARS_MAX)
    .optional()
    .describe('An account id or its beginning, or the beginning of a name, in any case.'),
  after: z.string().optional().describe('What `next` of the page before said.'),
  limit: z
    .string()
    .regex(/^\d{1,6}$/)
    .optional()
    .describe('How many; 100 when nothing is said.'),
});

export const accountListView = z.object({
  data: z.array(accountView),
  /** What `after` must say for the next page; null when this is the last one. */
  next: z.string().nullable(),
});

/** `POST /control/v1/keys` */
export const createKeyBody = z.strictObject({
  /** The app its owner declares; null when the key is shared between apps. */
  app: appName.nullable().default(null),
  /** The member of a workspace it is given to; what they spend is told apart by it. */
  member: slug.nullable().default(null),
  product: slug.default(DEFAULT_PRODUCT),
  account_id: accountId.default(OPERATOR_ACCOUNT_ID),
  /** For people to tell keys apart. */
  name: printable.nullable().default(null),
  scopes: listOf(z.enum(KEY_SCOPES, `must be one of ${KEY_SCOPES.join(', ')}`), KEY_SCOPES.length)
    .refine((scopes) => new Set(scopes).size === scopes.length, 'must not repeat a scope')
    .default([...KEY_SCOPES]),
  /** Null allows every model. */
  models: listOf(modelName, MODELS_PER_KEY_MAX).nullable().default(null),
  /** Null allows every network. */
  networks: listOf(network, NETWORKS_PER_KEY_MAX).nullable().default(null),
  limits: limitSet.nullable().default(null),
  /** Null never expires. */
  expires_at: z.iso
    .datetime({ offset: true, error: 'must be a time such as 2030-01-31T12:00:00Z' })
    .nullable()
    .default(null),
});

/** `POST /control/v1/keys/{id}/rotate` */
export const rotateKeyBody = z.strictObject({
  /** How long the old key goes on working; 0 ends it at once. */
  grace_ms: z.number().int().min(0).max(ROTATE_GRACE_MS_MAX).default(ROTATE_GRACE_MS_DEFAULT),
});

export const keyState = z.enum(['active', 'revoked', 'expired']);

/** A key as `list` and `revoke` show it: everything but the secret. */
export const keyView = z.object({
  id: z.string(),
  state: keyState,
  account_id: z.string(),
  product: z.string(),
  app: z.string().nullable(),
  member: z.string().nullable(),
  name: z.string().nullable(),
  scopes: z.array(z.enum(KEY_SCOPES)),
  models: z.array(z.string()).nullable(),
  networks: z.array(z.string()).nullable(),
  limits: limitSet.nullable(),
  created_at: z.string(),
  expires_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
  last_used_at: z.string().nullable(),
});

/** 201 of create and rotate: the only time the whole key is shown. */
export const createdKeyView = keyView.extend({
  key: z.string(),
  /** After a rotation: the id of the key this one stands in for. */
  replaces: z.string().nullable(),
  /** After a rotation: when that key ends, or ended; a time up to `created_at` says that it has ended. */
  replaces_expires_at: z.string().nullable(),
});

/** `GET /control/v1/keys?account=acct_...&limit=100&after=...` */
export const keyListQuery = z.object({
  account: z.string().max(SEARCH_CHARS_MAX).optional().describe('Those of one account.'),
  app: z.string().max(SEARCH_CHARS_MAX).optional().describe('Those that declare this app.'),
  product: z.string().max(SEARCH_CHARS_MAX).optional().describe('Those of one product.'),
  state: keyState.optional().describe('Those that are in this state now.'),
  q: z.string().max(SEARCH_CHARS_MAX).optional().describe('The beginning of an id, an app or a name, in any case.'),
  after: z.string().optional().describe('What `next` of the page before said.'),
  limit: z
    .string()
    .regex(/^\d{1,6}$/)
    .optional()
    .describe('How many; without it, all of them.'),
});

export const keyListView = z.object({
  data: z.array(keyView),
  /** What `after` must say for the next page; null when this is the last one, or all were asked for. */
  next: z.string().nullable().default(null),
});

export type AccountKind = (typeof ACCOUNT_KINDS)[number];
export type AccountView = z.infer<typeof accountView>;
export type KeyListQuery = z.infer<typeof keyListQuery>;
export type CreateKeyBody = z.input<typeof createKeyBody>;
export type RotateKeyBody = z.input<typeof rotateKeyBody>;
export type KeyState = z.infer<typeof keyState>;
export type KeyView = z.infer<typeof keyView>;
export type CreatedKeyView = z.infer<typeof createdKeyView>;
