import type { ApiKey } from '../../accounts/index.ts';
import type { LimitSet } from '../../config/config.ts';
import { type Asker, type Belonging, seesAll } from '../belonging.ts';
import type { KeyBounds } from '../keys/terms.ts';
import { toLimitsView } from '../keys/terms.ts';
import type { PortalKeys } from '../keys/keys.ts';
import type { LimitsView } from './contract.ts';

type Kind = LimitsView['data'][number]['kind'];

interface Left {
  readonly limit: number;
  readonly remaining: number;
}

/** What somebody has left of limits, as the gateway counts; asked of each, it takes nothing. */
export type LimitsNow = (subject: { readonly kind: Kind; readonly id: string; readonly limits: LimitSet }) => {
  readonly requests: Left | null;
  readonly tokens: Left | null;
  readonly inFlight: number;
};

export interface LimitsParts {
  readonly portalKeys: Pick<PortalKeys, 'list'>;
  readonly belonging: Belonging;
  readonly bounds: KeyBounds & { readonly appLimits: LimitSet };
  readonly limitsNow: LimitsNow;
  readonly isAlive: (key: ApiKey) => boolean;
}

/** Of keys; the account and its apps come besides. */
const KEYS_SHOWN_MAX = 500;

/** The limits of an account, of its apps and of its keys, and what of them is used now. */
export async function limitsNowOf(asker: Asker, parts: LimitsParts): Promise<LimitsView> {
  const { accountId, membership } = asker;
  const { bounds, belonging } = parts;
  const keys = parts.portalKeys.list(asker).filter(parts.isAlive);
  const names = new Map((await belonging.apps(accountId)).map(({ app, name }) => [app, name]));
  const apps = [...new Set(keys.flatMap(({ app }) => app ?? []))].sort();
  const show = (kind: Kind, id: string, name: string | null, limits: LimitSet, gauge = id) =>
    toRow({ kind, id, name, limits }, parts.limitsNow({ kind, id: gauge, limits }));
  return {
    data: [
      ...(seesAll(membership) ? [show('account', accountId, null, bounds.accountLimits(accountId))] : []),
      ...apps.map((app) => show('app', app, names.get(app) ?? null, bounds.appLimits, `${accountId}/${app}`)),
      ...keys
        .slice(0, KEYS_SHOWN_MAX)
        .map((key) => show('key', key.id, key.name, { ...bounds.keyLimits, ...key.limits })),
    ],
    key_default: toLimitsView(bounds.keyLimits),
  };
}

function toRow(
  { kind, id, name, limits }: { kind: Kind; id: string; name: string | null; limits: LimitSet },
  { requests, tokens, inFlight }: ReturnType<LimitsNow>,
): LimitsView['data'][number] {
  const used = (left: Left | null) => left && { limit: left.limit, used: left.limit - left.remaining };
  const { concurrency } = limits;
  return {
    kind,
    id,
    name,
    requests_per_minute: used(requests),
    tokens_per_minute: used(tokens),
    concurrency: concurrency === undefined ? null : { limit: concurrency, used: inFlight },
    in_flight: inFlight,
  };
}
