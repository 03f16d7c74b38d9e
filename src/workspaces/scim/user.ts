import { z } from 'zod';
import { toIso } from '../../base/calendar.ts';
import { ONE_LINE } from '../../base/one-line.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import { firstProblem } from '../../http/body.ts';
import type { GivenRole } from '../contract.ts';
import type { Member } from '../members/member.ts';
import type { ScimRefusal } from './answer.ts';
import { USER_SCHEMA } from './discovery.ts';

/** What a directory says of somebody; whatever else it sends is not kept. */
export interface UserFacts {
  /** In small letters. */
  readonly email: string;
  readonly externalId: string | null;
  readonly displayName: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  /** Null where nothing is said. */
  readonly active: boolean | null;
  readonly role: GivenRole | null;
}

const text = z.string().trim().max(256);
const shown = text.regex(ONE_LINE).nullish().catch(null);
/** Some directories send words. */
const flag = z.union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })], 'must be true or false');
const email = text
  .max(254)
  .toLowerCase()
  .regex(/^[^\s@\p{Cc}]{1,64}@[^\s@\p{Cc}]+\.[^\s@\p{Cc}]+$/u, 'must be a mail address');
const role = z.object({ value: z.enum(['admin', 'developer', 'billing', 'viewer']) });

const userBody = z.object({
  schemas: z.array(z.string().max(256)).max(20).optional(),
  userName: email,
  externalId: text.nullish(),
  displayName: shown,
  name: z.object({ formatted: shown, givenName: shown, familyName: shown }).nullish().catch(null),
  active: flag.nullish(),
  roles: z.array(z.unknown()).max(20).nullish().catch(null),
});

/** Reads a whole user, as they are made and replaced. */
export function readUser(body: unknown): Result<UserFacts, ScimRefusal> {
  const parsed = userBody.safeParse(body);
  if (!parsed.success) return refuse({ status: 400, scimType: 'invalidValue', detail: firstProblem(parsed.error) });
  const { userName, externalId, displayName, name, active, roles } = parsed.data;
  return ok({
    email: userName,
    externalId: externalId ?? null,
    displayName: displayName ?? name?.formatted ?? null,
    givenName: name?.givenName ?? null,
    familyName: name?.familyName ?? null,
    active: active ?? null,
    role: roleOf(roles ?? []),
  });
}

/** The facts of somebody who is there, for a change of some of them. */
export function factsOf(member: Member): UserFacts {
  return {
    email: member.email ?? '',
    externalId: member.externalId,
    displayName: member.name,
    givenName: member.givenName,
    familyName: member.familyName,
    active: null,
    role: null,
  };
}

/** What somebody is called where a directory says it in one of its ways. */
export function nameOf({ displayName, givenName, familyName, email: address }: UserFacts): string {
  const parts = [givenName, familyName].filter((part) => part !== null).join(' ');
  const whole = displayName ?? (parts === '' ? (address.split('@')[0] ?? address) : parts);
  return whole.slice(0, 128);
}

function roleOf(roles: readonly unknown[]): GivenRole | null {
  for (const one of roles) {
    const parsed = role.safeParse(one);
    if (parsed.success) return parsed.data.value;
  }
  return null;
}

/** A member as a directory sees them. */
export function toResource(member: Member, active: boolean, base: string): unknown {
  const { givenName, familyName } = member;
  return {
    schemas: [USER_SCHEMA],
    id: member.id,
    ...(member.externalId !== null && { externalId: member.externalId }),
    userName: member.email,
    displayName: member.name,
    name: {
      formatted: member.name,
      ...(givenName !== null && { givenName }),
      ...(familyName !== null && { familyName }),
    },
    emails: [{ value: member.email, type: 'work', primary: true }],
    active,
    roles: [{ value: member.role, primary: true }],
    meta: {
      resourceType: 'User',
      created: toIso(member.createdAtMs),
      lastModified: toIso(member.changedAtMs),
      location: `${base}/Users/${member.id}`,
    },
  };
}
