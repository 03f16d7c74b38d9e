import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { garbage } from './fault.ts';

/** Parses an upstream's JSON; anything but an object is `garbage`. */
export function parseObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may be a reply.
    throw garbage('the upstream sent something that is not JSON');
  }
  if (!isJsonObject(value)) throw garbage('the upstream sent JSON that is not an object');
  return value;
}
