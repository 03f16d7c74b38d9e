import type { LimitSet } from '../config/config.ts';

/** What a key may be used for. `inference` covers every endpoint that reaches a model. */
export type KeyScope = 'inference' | 'models.read' | 'responses.read' | 'credit.read' | 'credit.redeem';

/** An API key as the service knows it; the secret itself is never kept, only its digest. */
export interface ApiKey {
  /** The public part: `<id>` of `cd_live_<id>_<secret>_<checksum>`, 8 base-62 characters. */
  readonly id: string;
  readonly accountId: string;
  /** Which product the traffic belongs to; a name from `products` in the config, `api` unless said. */
  readonly product: string;
  /** The app its owner declares; null when the key is shared between apps. */
  readonly app: string | null;
  /** Which member of a workspace it was given to; null when nobody said. */
  readonly member: string | null;
  /** The first key of its line of rotations; its own id when it was made in place of none. */
  readonly originId: string;
  readonly name: string | null;
  readonly scopes: readonly KeyScope[];
  /** Model aliases it may use; null for all. */
  readonly models: readonly string[] | null;
  /** CIDR blocks it may be used from; null for anywhere. */
  readonly networks: readonly string[] | null;
  /** Own limits, over the defaults of the config. */
  readonly limits: LimitSet | null;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  readonly revokedAtMs: number | null;
  readonly lastUsedAtMs: number | null;
}

/** Why a credential does not open anything. A key that is known but no good any more is named, for the record. */
export type KeyRefusal =
  | { readonly reason: 'missing_key' | 'invalid_key'; readonly key: null }
  | { readonly reason: FallenKey; readonly key: ApiKey };

/** Why a key that was good is not any more. */
export type FallenKey = 'key_revoked' | 'key_expired' | 'access_stopped';
