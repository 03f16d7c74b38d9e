import type { Json, JsonObject } from '../../../base/json.ts';
import type { TextPart, UserPart } from '../../../providers/index.ts';
import type { Fields } from '../../fields.ts';
import { isBase64, readDetail, readFile, readImageUrl, refuseType } from '../../media-fields.ts';
import { limits } from '../settings.ts';

/** Content of a message that may hold text only: a string, or text parts. */
export function readTextContent(fields: Fields, message: JsonObject, at: string): TextPart[] {
  return readContent(fields, message, at, (part, partAt) => {
    if (part.type !== 'text') return refuseType(fields, part.type, `${partAt}type`, ['text']);
    return readText(fields, part, partAt);
  });
}

/** Content of a user or tool message: a string, or parts of text, image, audio and file. */
export function readUserContent(fields: Fields, message: JsonObject, at: string): UserPart[] {
  return readContent<UserPart>(fields, message, at, (part, partAt) => readUserPart(fields, part, partAt));
}

/** An assistant's content may hold refusal parts beside text; they are joined apart. */
export function readAssistantContent(
  fields: Fields,
  message: JsonObject,
  at: string,
): { readonly content: TextPart[]; readonly refusal: string | undefined } {
  if (message.content === undefined || message.content === null) return { content: [], refusal: undefined };
  let refusal: string | undefined;
  const content = readContent(fields, message, at, (part, partAt) => {
    if (part.type === 'text') return readText(fields, part, partAt);
    if (part.type !== 'refusal') return refuseType(fields, part.type, `${partAt}type`, ['text', 'refusal']);
    refusal = (refusal ?? '') + fields.requiredString(part, 'refusal', partAt);
    return undefined;
  });
  return { content, refusal };
}

function readContent<Part>(
  fields: Fields,
  message: JsonObject,
  at: string,
  readPart: (part: JsonObject, partAt: string) => Part | undefined,
): (Part | TextPart)[] {
  const content = message.content;
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (content === undefined || content === null) {
    fields.missing(`${at}content`);
    return [];
  }
  if (!Array.isArray(content)) {
    fields.invalid(`${at}content`, 'must be a string or a list of parts', '必须是字符串或内容数组');
    return [];
  }
  const list = fields.list(message, 'content', at, limits.partsPerMessage) ?? [];
  if (list.length === 0) fields.invalid(`${at}content`, 'must not be empty', '不能为空');
  const parts: Part[] = [];
  for (const [index, value] of list.entries()) {
    const path = `${at}content[${index}]`;
    const part = fields.asObject(value, path);
    const read = part === undefined ? undefined : readPart(part, `${path}.`);
    if (read !== undefined) parts.push(read);
  }
  return parts;
}

function readText(fields: Fields, part: JsonObject, at: string): TextPart {
  const text = fields.string(part, 'text', at);
  if (text === undefined) fields.missing(`${at}text`);
  const cache = fields.object(part, 'cache_control', at);
  return { type: 'text', text: text ?? '', ...(cache !== undefined && { cache }) };
}

function readUserPart(fields: Fields, part: JsonObject, at: string): UserPart | undefined {
  switch (part.type) {
    case 'text':
      return readText(fields, part, at);
    case 'image_url':
      return readImage(fields, part, at);
    case 'input_audio':
      return readAudio(fields, part, at);
    case 'file': {
      const file = nested(fields, part, 'file', at);
      return file && readFile(fields, file, `${at}file.`);
    }
    default:
      return refuseType(fields, part.type, `${at}type`, ['text', 'image_url', 'input_audio', 'file']);
  }
}

function readImage(fields: Fields, part: JsonObject, at: string): UserPart | undefined {
  const image = nested(fields, part, 'image_url', at);
  if (image === undefined) return undefined;
  const url = fields.requiredString(image, 'url', `${at}image_url.`);
  const source = readImageUrl(fields, url, `${at}image_url.url`);
  const cache = fields.object(part, 'cache_control', at);
  if (source === undefined) return undefined;
  return {
    type: 'image',
    source,
    ...readDetail(fields, image, `${at}image_url.`),
    ...(cache !== undefined && { cache }),
  };
}

function readAudio(fields: Fields, part: JsonObject, at: string): UserPart | undefined {
  const audio = nested(fields, part, 'input_audio', at);
  if (audio === undefined) return undefined;
  const data = fields.requiredString(audio, 'data', `${at}input_audio.`);
  const format = fields.requiredString(audio, 'format', `${at}input_audio.`, 32);
  if (!isBase64(data)) fields.invalid(`${at}input_audio.data`, 'must be base64', '必须是 base64');
  return { type: 'audio', format, data };
}

/** The object under `key`, which must be there. */
function nested(fields: Fields, part: JsonObject, key: string, at: string): JsonObject | undefined {
  const value: Json | undefined = part[key];
  return value === undefined || value === null ? fields.missing(at + key) : fields.asObject(value, at + key);
}
