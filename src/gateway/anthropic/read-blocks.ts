import type { Json, JsonObject } from '../../base/json.ts';
import type { FilePart, ImagePart, TextPart, UserPart } from '../../providers/index.ts';
import type { Fields } from '../fields.ts';
import { isBase64, readWebUrl, refuseType } from '../media-fields.ts';

const blocksPerMessage = 1_000;

/** Content given as a string or as blocks; `''` strings stay, as the format allows them. */
export function blocksOf(fields: Fields, from: JsonObject, key: string, at: string): JsonObject[] {
  const value = from[key];
  if (typeof value === 'string') return [{ type: 'text', text: value }];
  if (value === undefined || value === null) {
    fields.missing(at + key);
    return [];
  }
  if (!Array.isArray(value)) {
    fields.invalid(at + key, 'must be a string or a list of blocks', '必须是字符串或内容块数组');
    return [];
  }
  const list = fields.list(from, key, at, blocksPerMessage) ?? [];
  return list.map((block, index) => fields.asObject(block, `${at}${key}[${index}]`) ?? {});
}

/** Blocks that must be text, as in `system`. */
export function readTextBlocks(fields: Fields, from: JsonObject, key: string, at: string): TextPart[] {
  const parts: TextPart[] = [];
  for (const [index, block] of blocksOf(fields, from, key, at).entries()) {
    const path = `${at}${key}[${index}].`;
    if (block.type === 'text') parts.push(readText(fields, block, path));
    else refuseType(fields, block.type, `${path}type`, ['text']);
  }
  return parts;
}

/** Blocks of text, images and documents. */
export function readUserBlocks(fields: Fields, from: JsonObject, key: string, at: string): UserPart[] {
  return blocksOf(fields, from, key, at).flatMap((block, index) =>
    readUserBlock(fields, block, `${at}${key}[${index}].`),
  );
}

/** One block of a user's content; a document of several blocks becomes several parts. */
export function readUserBlock(fields: Fields, block: JsonObject, at: string): UserPart[] {
  switch (block.type) {
    case 'text':
      return [readText(fields, block, at)];
    case 'image':
      return readImage(fields, block, at);
    case 'document':
      return readDocument(fields, block, at);
    default:
      refuseType(fields, block.type, `${at}type`, ['text', 'image', 'document', 'tool_result']);
      return [];
  }
}

export function readText(fields: Fields, block: JsonObject, at: string): TextPart {
  const text = fields.string(block, 'text', at);
  if (text === undefined) fields.missing(`${at}text`);
  return { type: 'text', text: text ?? '', ...readCache(fields, block, at) };
}

/** The caller's mark that the prompt up to this block may be cached. */
export function readCache(fields: Fields, from: JsonObject, at: string): { cache?: JsonObject } {
  const cache = fields.object(from, 'cache_control', at);
  return cache === undefined ? {} : { cache };
}

function readImage(fields: Fields, block: JsonObject, at: string): ImagePart[] {
  const source = sourceOf(fields, block, at);
  const cache = readCache(fields, block, at);
  const path = `${at}source.`;
  if (source.type === 'base64') {
    const mediaType = fields.requiredString(source, 'media_type', path, 64);
    if (!/^image\/[a-z0-9.+-]+$/.test(mediaType))
      fields.invalid(`${path}media_type`, 'must name an image type', '必须是图片类型');
    return [{ type: 'image', source: { kind: 'base64', mediaType, data: readData(fields, source, path) }, ...cache }];
  }
  if (source.type === 'url') {
    const url = fields.requiredString(source, 'url', path);
    return readWebUrl(fields, url, `${path}url`) ? [{ type: 'image', source: { kind: 'url', url }, ...cache }] : [];
  }
  refuseType(fields, source.type, `${path}type`, ['base64', 'url']);
  return [];
}

function readDocument(fields: Fields, block: JsonObject, at: string): UserPart[] {
  const source = sourceOf(fields, block, at);
  const citations = fields.object(block, 'citations', at);
  if (citations?.enabled === true) fields.unsupported(`${at}citations`);
  const cache = readCache(fields, block, at);
  const filename = fields.string(block, 'title', at, 512);
  const path = `${at}source.`;
  switch (source.type) {
    case 'text':
      return [documentText(filename, fields.string(source, 'data', path) ?? '', cache)];
    case 'content':
      return readUserBlocks(fields, source, 'content', path);
    default: {
      const file = readFileSource(fields, source, path);
      return file === undefined
        ? []
        : [{ type: 'file', ...file, ...(filename !== undefined && { filename }), ...cache }];
    }
  }
}

/** A document of plain text is text to every upstream; its title goes before it. */
function documentText(title: string | undefined, data: string, cache: { cache?: JsonObject }): TextPart {
  return { type: 'text', text: title === undefined ? data : `${title}\n\n${data}`, ...cache };
}

function readFileSource(
  fields: Fields,
  source: JsonObject,
  at: string,
): Pick<FilePart, 'source' | 'mediaType'> | undefined {
  switch (source.type) {
    case 'base64': {
      const mediaType = fields.requiredString(source, 'media_type', at, 128);
      return { mediaType, source: { kind: 'base64', data: readData(fields, source, at) } };
    }
    case 'url': {
      const url = fields.requiredString(source, 'url', at);
      return readWebUrl(fields, url, `${at}url`) ? { source: { kind: 'url', url } } : undefined;
    }
    case 'file':
      return { source: { kind: 'id', id: fields.requiredString(source, 'file_id', at, 512) } };
    default:
      return refuseType(fields, source.type, `${at}type`, ['base64', 'url', 'file', 'text', 'content']);
  }
}

function sourceOf(fields: Fields, block: JsonObject, at: string): JsonObject {
  const source: Json | undefined = block.source;
  if (source === undefined || source === null) fields.missing(`${at}source`);
  return fields.asObject(source, `${at}source`) ?? {};
}

function readData(fields: Fields, source: JsonObject, at: string): string {
  const data = fields.requiredString(source, 'data', at);
  if (!isBase64(data)) fields.invalid(`${at}data`, 'must be base64', '必须是 base64');
  return data;
}
