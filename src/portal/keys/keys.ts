import type { ApiKey, IssuedKey } from '../../accounts/index.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import { type Asker, managesAll, seesAll } from '../belonging.ts';
import { absent, type PortalRefusal } from '../refusals.ts';
import { checkAllowed } from './check.ts';
import type { KeyTermsView, ReadPortalKeyBody } from './contract.ts';
import { explained, type PortalKeysDeps } from './deps.ts';
import { createPlaces } from './places.ts';
import { playgroundKey } from './playground.ts';
import { toTermsView } from './terms.ts';

/** The keys of an account, as far as who asks may reach them. */
export interface PortalKeys {
  /** Those they may see, the newest first. */
  list(asker: Asker): readonly ApiKey[];
  /** Null for one that is not theirs to know of. */
  find(asker: Asker, keyId: string): ApiKey | null;
  terms(asker: Asker): Promise<KeyTermsView>;
  create(asker: Asker, body: ReadPortalKeyBody): Promise<Result<IssuedKey, PortalRefusal>>;
  rotate(asker: Asker, keyId: string, graceMs: number): Promise<Result<IssuedKey, PortalRefusal>>;
  revoke(asker: Asker, keyId: string): Promise<Result<ApiKey, PortalRefusal>>;
  playground(asker: Asker): Promise<Result<IssuedKey, PortalRefusal>>;
}

export function createPortalKeys(deps: PortalKeysDeps): PortalKeys {
  const { keys, belonging, bounds, standing } = deps;
  const places = createPlaces(deps);
  const { list, find, findOwn } = createFinding(deps);
  const kindOf = (accountId: string) => deps.accounts.get(accountId)?.kind ?? 'person';

  async function create(asker: Asker, body: ReadPortalKeyBody): Promise<Result<IssuedKey, PortalRefusal>> {
    const { accountId } = asker;
    const allowed = await checkAllowed(asker, body, { belonging, bounds, kind: kindOf(accountId) });
    if (!allowed.ok) return allowed;
    const place = places.take(accountId, allowed.value.member);
    if (!place.ok) return place;
    try {
      const { name, networks, limits, expires_at } = body;
      const models = allowed.value.models && [...allowed.value.models];
      return explained(
        await keys.create({ ...allowed.value, models, name, networks, limits, expires_at, account_id: accountId }),
      );
    } finally {
      place.value();
    }
  }

  async function rotate(asker: Asker, keyId: string, graceMs: number): Promise<Result<IssuedKey, PortalRefusal>> {
    const found = findOwn(asker, keyId);
    if (!found.ok) return found;
    // The new one has another id, and whoever was stopped would go on with it.
    if (standing.stopOf(found.value) !== null) return refuse(STOPPED);
    // While the old one goes on working there are two.
    const place = graceMs === 0 ? ok(() => undefined) : places.take(asker.accountId, found.value.member);
    if (!place.ok) return place;
    try {
      return explained(await keys.rotate(keyId, graceMs));
    } finally {
      place.value();
    }
  }

  async function revoke(asker: Asker, keyId: string): Promise<Result<ApiKey, PortalRefusal>> {
    const found = findOwn(asker, keyId);
    return found.ok ? explained(await keys.revoke(keyId)) : found;
  }

  return {
    list,
    find,
    async terms(asker) {
      const { accountId, membership } = asker;
      return toTermsView(asker, {
        belonging,
        bounds,
        members: managesAll(membership) ? await belonging.members(accountId) : [],
        apps: await belonging.apps(accountId),
        kind: kindOf(accountId),
        keys: keys.ofAccount(accountId),
        active: places.count(accountId),
      });
    },
    create,
    rotate,
    revoke,
    playground: (asker) => playgroundKey(deps, asker),
  };
}

const STOPPED: PortalRefusal = {
  status: 409,
  reason: 'key_stopped',
  message: 'this key is stopped, and so would be what takes its place; lift the stop first, or revoke the key',
};

/** Keys as far as somebody may know of them or change them. */
function createFinding({ keys }: PortalKeysDeps) {
  function list({ accountId, membership }: Asker): readonly ApiKey[] {
    const all = seesAll(membership);
    return keys
      .ofAccount(accountId)
      .filter((key) => all || key.member === membership.member)
      .reverse();
  }

  const find = (asker: Asker, keyId: string) => list(asker).find(({ id }) => id === keyId) ?? null;

  /** One they may change. */
  function findOwn(asker: Asker, keyId: string): Result<ApiKey, PortalRefusal> {
    const key = find(asker, keyId);
    if (key === null) return refuse(absent('key'));
    if (managesAll(asker.membership) || key.member === asker.membership.member) return ok(key);
    return refuse({ status: 403, reason: 'not_permitted', message: 'your role changes your own keys alone' });
  }

  return { list, find, findOwn };
}
