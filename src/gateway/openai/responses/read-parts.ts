import type { JsonObject } from '../../../base/json.ts';
import type { TextPart, UserPart } from '../../../providers/index.ts';
import type { Fields } from '../../fields.ts';
import { readDetail, readFile, readImageUrl, refuseType } from '../../media-fields.ts';
import { limits } from '../settings.ts';

/** What an assistant said: text, and what it refused to say. */
interface Said {
  readonly content: TextPart[];
  readonly refusal: string | undefined;
}

/** The parts of a user's message or of a tool's output, under `key`: a string, or text, images and files. */
export function readUserParts(fields: Fields, item: JsonObject, key: string, at: string): UserPart[] {
  return readParts<UserPart>(fields, item, key, at, (part, partAt) => {
    if (part.type === 'input_text') return readText(fields, part, partAt);
    if (part.type === 'input_image') return readImage(fields, part, partAt);
    if (part.type === 'input_file') return readFile(fields, part, partAt);
    return refuseType(fields, part.type, `${partAt}type`, ['input_text', 'input_image', 'input_file']);
  });
}

export function readSystemParts(fields: Fields, item: JsonObject, at: string): TextPart[] {
  return readParts<TextPart>(fields, item, 'content', at, (part, partAt) => {
    if (part.type === 'input_text') return readText(fields, part, partAt);
    return refuseType(fields, part.type, `${partAt}type`, ['input_text']);
  });
}

export function readAssistantParts(fields: Fields, item: JsonObject, at: string): Said {
  let refusal: string | undefined;
  const content = readParts<TextPart>(fields, item, 'content', at, (part, partAt) => {
    if (part.type === 'output_text' || part.type === 'input_text') return readText(fields, part, partAt);
    if (part.type !== 'refusal') return refuseType(fields, part.type, `${partAt}type`, ['output_text', 'refusal']);
    refusal = (refusal ?? '') + (fields.string(part, 'refusal', partAt) ?? '');
    return undefined;
  });
  return { content, refusal };
}

function readParts<Part>(
  fields: Fields,
  item: JsonObject,
  key: string,
  at: string,
  readPart: (part: JsonObject, partAt: string) => Part | undefined,
): (Part | TextPart)[] {
  const value = item[key];
  if (typeof value === 'string') return [{ type: 'text', text: value }];
  if (value === undefined || value === null) {
    fields.missing(at + key);
    return [];
  }
  if (!Array.isArray(value)) {
    fields.invalid(at + key, 'must be a string or a list of parts', '必须是字符串或内容数组');
    return [];
  }
  const parts: Part[] = [];
  for (const [index, element] of (fields.list(item, key, at, limits.partsPerMessage) ?? []).entries()) {
    const path = `${at}${key}[${index}]`;
    const part = fields.asObject(element, path);
    const read = part === undefined ? undefined : readPart(part, `${path}.`);
    if (read !== undefined) parts.push(read);
  }
  return parts;
}

function readText(fields: Fields, part: JsonObject, at: string): TextPart {
  const text = fields.string(part, 'text', at);
  if (text === undefined) fields.missing(`${at}text`);
  return { type: 'text', text: text ?? '' };
}

function readImage(fields: Fields, part: JsonObject, at: string): UserPart | undefined {
  if (part.file_id !== undefined && part.file_id !== null) return fields.unsupported(`${at}file_id`);
  const url = fields.requiredString(part, 'image_url', at);
  const source = url === '' ? undefined : readImageUrl(fields, url, `${at}image_url`);
  return source && { type: 'image', source, ...readDetail(fields, part, at) };
}
