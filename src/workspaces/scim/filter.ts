import { ok, refuse, type Result } from '../../base/result.ts';
import type { ScimRefusal } from './answer.ts';

/** What a list is narrowed to. */
export interface UserFilter {
  readonly by: 'id' | 'email' | 'external_id';
  readonly value: string;
}

const FILTER_CHARS_MAX = 1_024;
const COLUMNS: Readonly<Record<string, UserFilter['by']>> = {
  id: 'id',
  username: 'email',
  externalid: 'external_id',
  'emails.value': 'email',
  'emails[type eq "work"].value': 'email',
};

/**
 * Reads `userName eq "..."` and its like (RFC 7644, 3.4.2.2): one comparison for equality, which is what directories ask
 * before they make or change somebody. Names of attributes and operators in any case; addresses are kept in small letters.
 */
export function readFilter(text: string | null): Result<UserFilter | null, ScimRefusal> {
  if (text === null) return ok(null);
  const match =
    text.length > FILTER_CHARS_MAX ? null : /^\s*(emails\[type eq "work"\]\.value|\S+)\s+eq\s+(".*")\s*$/i.exec(text);
  const attribute = (match?.[1] ?? '').toLowerCase().replace(/^urn:ietf:params:scim:schemas:core:2\.0:user:/, '');
  const by = Object.hasOwn(COLUMNS, attribute) ? COLUMNS[attribute] : undefined;
  const value = textOf(match?.[2] ?? '');
  if (by === undefined || value === null) return refuse(UNSUPPORTED);
  return ok({ by, value: by === 'email' ? value.toLowerCase() : value });
}

function textOf(quoted: string): string | null {
  try {
    const value: unknown = JSON.parse(quoted);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

const UNSUPPORTED: ScimRefusal = {
  status: 400,
  scimType: 'invalidFilter',
  detail: 'filters are of the form attribute eq "value" with userName, externalId, id or emails.value',
};
