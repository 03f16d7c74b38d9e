import type { ApiKey, KeyScope } from '../../accounts/index.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import { type Asker, type Belonging, managesAll } from '../belonging.ts';
import type { PortalRefusal } from '../refusals.ts';
import { PLAYGROUND_APP, type ReadPortalKeyBody } from './contract.ts';
import { type KeyBounds, limitsMax, narrowedModels, scopesFor, toLimitsView } from './terms.ts';

/** What a key is made with, checked against role, workspace and service. */
export interface AllowedKey extends Pick<ApiKey, 'app' | 'member' | 'models'> {
  readonly scopes: KeyScope[];
}

export interface CheckParts {
  readonly belonging: Belonging;
  readonly bounds: KeyBounds;
  readonly kind: 'person' | 'workspace';
}

/** Whoever makes a key may narrow what they have and never widen it. The refusal names the field. */
export async function checkAllowed(
  asker: Asker,
  body: ReadPortalKeyBody,
  parts: CheckParts,
): Promise<Result<AllowedKey, PortalRefusal>> {
  const member = await ownerOf(asker, body.member, parts);
  if (!member.ok) return member;
  const { app } = body;
  const unfit = (await findUnfitApp(app, asker, parts)) ?? findTooMuch(body.limits, asker, parts);
  if (unfit !== null) return refuse(unfit);
  const models = modelsOf(asker, { app, member: member.value }, body.models, parts);
  if (!models.ok) return models;
  const scopes = scopesFor(asker.membership);
  const lacking = body.scopes?.find((scope) => !scopes.includes(scope));
  if (lacking !== undefined) return refuse(forbidden(`scopes: your role may not give a key ${lacking}`));
  return ok({ app, member: member.value, models: models.value, scopes: body.scopes ?? scopes });
}

async function ownerOf(
  { accountId, membership }: Asker,
  wanted: string | null | undefined,
  { belonging, kind }: CheckParts,
): Promise<Result<string | null, PortalRefusal>> {
  if (wanted === undefined) return ok(membership.member);
  if (!managesAll(membership)) {
    if (wanted === null || wanted === membership.member) return ok(membership.member);
    return refuse(forbidden('member: your role makes keys for yourself alone'));
  }
  if (wanted === null) return ok(null);
  if (kind === 'person') return refuse(invalid('member: an account of one person has no members; leave it out'));
  if ((await belonging.member(accountId, wanted)) !== null) return ok(wanted);
  return refuse(invalid(`member: there is no member ${wanted} here`));
}

async function findUnfitApp(
  app: string | null,
  { accountId }: Asker,
  { belonging }: CheckParts,
): Promise<PortalRefusal | null> {
  if (app === PLAYGROUND_APP) return invalid(`app: ${app} is how usage of the playground is called; choose another`);
  const archived = (await belonging.apps(accountId)).some((one) => one.app === app && one.archived);
  return archived ? invalid(`app: ${app} is archived and gets no new keys; take it out of the archive first`) : null;
}

function findTooMuch(limits: ReadPortalKeyBody['limits'], { accountId }: Asker, { bounds }: CheckParts) {
  const most = toLimitsView(limitsMax(bounds, accountId));
  for (const name of ['requests_per_minute', 'tokens_per_minute', 'concurrency'] as const) {
    const max = most[name];
    if (max !== undefined && (limits?.[name] ?? 0) > max) return invalid(`limits.${name}: must be at most ${max} here`);
  }
  return null;
}

/** A list that is narrowed elsewhere is written down, so that the key never has more than was allowed when it was made. */
function modelsOf(
  { accountId }: Asker,
  of: Pick<ApiKey, 'app' | 'member'>,
  wanted: readonly string[] | null,
  { belonging, bounds }: CheckParts,
): Result<readonly string[] | null, PortalRefusal> {
  const narrowed = narrowedModels(belonging, accountId, of, bounds);
  const allowed = narrowed ?? bounds.models;
  const stranger = wanted?.find((model) => !allowed.includes(model));
  if (stranger !== undefined) {
    return refuse(invalid(`models: ${stranger} is not a model this key may have; it may have ${listed(allowed)}`));
  }
  if (wanted !== null || narrowed === null) return ok(wanted);
  if (narrowed.length > 0) return ok(narrowed);
  return refuse(forbidden('models: no model is allowed here; ask whoever looks after this workspace'));
}

const NAMES_SHOWN_MAX = 20;

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const more = names.length - NAMES_SHOWN_MAX;
  return names.slice(0, NAMES_SHOWN_MAX).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function invalid(message: string): PortalRefusal {
  return { status: 400, reason: 'invalid_field', message };
}

function forbidden(message: string): PortalRefusal {
  return { status: 403, reason: 'not_permitted', message };
}
