import { z } from 'zod';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { ScimRefusal } from './answer.ts';
import { PATCH_SCHEMA } from './answer.ts';
import { readUser, type UserFacts } from './user.ts';

const OPERATIONS_MAX = 100;

const patchBody = z.object({
  schemas: z.array(z.string()).refine((all) => all.includes(PATCH_SCHEMA)),
  Operations: z
    .array(
      z.object({
        op: z
          .string()
          .max(16)
          .toLowerCase()
          .pipe(z.enum(['add', 'replace', 'remove'])),
        path: z.string().max(512).optional(),
        value: z.unknown().optional(),
      }),
    )
    .min(1)
    .max(OPERATIONS_MAX),
});

/** Where a path of a patch puts a value in a user; small letters. */
const PLACES: Readonly<Record<string, readonly [string, string?]>> = {
  username: ['userName'],
  externalid: ['externalId'],
  displayname: ['displayName'],
  active: ['active'],
  roles: ['roles'],
  'roles[primary eq "true"].value': ['roles', 'value'],
  name: ['name'],
  'name.formatted': ['displayName'],
  'name.givenname': ['name', 'givenName'],
  'name.familyname': ['name', 'familyName'],
};

/** Attributes of users that directories send by habit and that are not kept here (RFC 7643, 4.1 and 4.3). */
const NOT_KEPT =
  /^(?:urn:ietf:params:scim:schemas:extension:.*|emails|phonenumbers|addresses|photos|ims|entitlements|groups|x509certificates|title|usertype|nickname|profileurl|preferredlanguage|locale|timezone|password|name\.middlename|name\.honorificprefix|name\.honorificsuffix|schemas|id|meta)(?:[.[].*)?$/;

const CORE = /^urn:ietf:params:scim:schemas:core:2\.0:user:/;

/**
 * The facts after a patch (RFC 7644, 3.5.2), in the shapes directories send: with a path, and without one, where the value
 * is a part of a user or an object whose keys are paths; words for `active`; names of operations and attributes in any case.
 */
export function applyPatch(body: unknown, before: UserFacts): Result<UserFacts, ScimRefusal> {
  const parsed = patchBody.safeParse(body);
  if (!parsed.success) return refuse(NO_PATCH);
  let user = asBody(before);
  for (const { op, path, value } of parsed.data.Operations) {
    const steps = path === undefined ? stepsOf(value) : [[path, value] as const];
    if (steps === null) return refuse(NO_PATCH);
    for (const [where, what] of steps) {
      const next = put(user, where, op === 'remove' ? null : what);
      if (!next.ok) return next;
      user = next.value;
    }
  }
  return readUser(user);
}

type Body = Readonly<Record<string, unknown>>;

function put(user: Body, path: string, value: unknown): Result<Body, ScimRefusal> {
  const name = path.toLowerCase().replace(CORE, '');
  const place = Object.hasOwn(PLACES, name) ? PLACES[name] : undefined;
  if (place === undefined) return NOT_KEPT.test(name) ? ok(user) : refuse(noPath(path));
  const [attribute, part] = place;
  if (attribute === 'roles') return ok({ ...user, roles: part === undefined ? value : [{ value }] });
  if (attribute === 'name') {
    const parts = part === undefined ? Object(value ?? {}) : { [part]: value };
    const { formatted } = parts as { formatted?: unknown };
    return ok({
      ...user,
      ...(formatted !== undefined && { displayName: formatted }),
      name: { ...(user['name'] as object), ...(parts as object) },
    });
  }
  return ok({ ...user, [attribute]: value });
}

function stepsOf(value: unknown): readonly (readonly [string, unknown])[] | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : null;
}

function asBody({ email, externalId, displayName, givenName, familyName, active }: UserFacts): Body {
  return { userName: email, externalId, displayName, name: { givenName, familyName }, active };
}

function noPath(path: string): ScimRefusal {
  return { status: 400, scimType: 'invalidPath', detail: `there is no attribute ${path.slice(0, 128)} of a user` };
}

const NO_PATCH: ScimRefusal = {
  status: 400,
  scimType: 'invalidSyntax',
  detail: `the body must be a ${PATCH_SCHEMA} with Operations of add, replace or remove`,
};
