import type { JsonObject } from '../../base/json.ts';
import type { Attempt } from '../provider.ts';

export function mayPass(field: string, passFields: Attempt['passFields']): boolean {
  return passFields === '*' || passFields.has(field);
}

/**
 * The unknown fields a target accepts. Spread them first: a field that we do know is never overwritten by one that
 * only looks like it.
 */
export function allowedUnknown(unknownFields: JsonObject, passFields: Attempt['passFields']): JsonObject {
  if (passFields === '*') return unknownFields;
  const out: Record<string, JsonObject[string]> = {};
  for (const field of passFields) {
    if (Object.hasOwn(unknownFields, field)) out[field] = unknownFields[field];
  }
  return out;
}
