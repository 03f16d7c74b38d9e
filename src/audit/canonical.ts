/** A value of which one text is made, and the same one everywhere. */
export type Canonical = string | number | boolean | null | readonly Canonical[] | { readonly [key: string]: Canonical };

/**
 * JSON with the keys of objects in the order of their UTF-16 units and no white space: equal values give equal bytes.
 * Throws for what JSON cannot hold or two programs may write differently: numbers that are not finite, halves of
 * surrogate pairs, undefined. Source: RFC 8785 (JSON Canonicalization Scheme).
 */
export function canonicalJson(value: Canonical): string {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no place in JSON`);
    return JSON.stringify(value);
  }
  if (typeof value === 'boolean' || value === null) return String(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object') throw new TypeError(`${typeof value} has no place in JSON`);
  const keys = Object.keys(value).sort((a, b) => (a < b ? -1 : 1));
  const members = keys.map((key) => {
    const member = value[key];
    if (member === undefined) throw new TypeError(`${key} is undefined, which has no place in JSON`);
    return `${text(key)}:${canonicalJson(member)}`;
  });
  return `{${members.join(',')}}`;
}

function text(value: string): string {
  if (!value.isWellFormed()) throw new TypeError('half of a surrogate pair has no place in JSON');
  return JSON.stringify(value);
}

function isList(value: Canonical): value is readonly Canonical[] {
  return Array.isArray(value);
}
