import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';

/** Reads what an upstream sent without believing its shape: what is not of the asked type is as if it were absent. */
export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A text that says something; upstreams write `""` where they mean nothing. */
export function filledText(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A count or a position: a whole number from 0 up. */
export function countOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** More than any model reads or writes for one answer; a larger count is a mistake of the upstream's. */
const TOKENS_MAX = 100_000_000;

/**
 * A count of tokens that can be true. One that cannot would be charged to the caller's limits for years, so it is as if
 * the upstream had not counted.
 */
export function tokensOf(value: Json | undefined): number | undefined {
  const count = countOf(value);
  return count !== undefined && count <= TOKENS_MAX ? count : undefined;
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

export function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : EMPTY;
}

/** The members of a list that are objects. */
export function objectsOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

const EMPTY: JsonObject = Object.freeze({});
