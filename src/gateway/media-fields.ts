import type { Json, JsonObject } from '../base/json.ts';
import type { FilePart, ImagePart } from '../providers/index.ts';
import { type Fields, quoted } from './fields.ts';

const urlCharsMax = 8192;

/** A `data:` URL taken apart, or undefined when it is not `data:<type>;base64,<data>`. */
function parseDataUrl(url: string): { readonly mediaType: string; readonly data: string } | undefined {
  const comma = url.indexOf(',');
  if (!url.startsWith('data:') || comma === -1 || comma > 200) return undefined;
  const [mediaType = '', ...parameters] = url.slice('data:'.length, comma).toLowerCase().split(';');
  if (parameters.at(-1) !== 'base64' || !/^[a-z]+\/[a-z0-9.+-]+$/.test(mediaType)) return undefined;
  const data = url.slice(comma + 1);
  return isBase64(data) ? { mediaType, data } : undefined;
}

export function isBase64(data: string): boolean {
  return data !== '' && /^[A-Za-z0-9+/]+={0,2}$/.test(data);
}

/** An image as the formats of OpenAI send it: an http(s) URL for the upstream to fetch, or a `data:` URL. */
export function readImageUrl(fields: Fields, url: string, path: string): ImagePart['source'] | undefined {
  if (!url.startsWith('data:')) return readWebUrl(fields, url, path) ? { kind: 'url', url } : undefined;
  const inline = parseDataUrl(url);
  if (inline?.mediaType.startsWith('image/')) return { kind: 'base64', ...inline };
  return fields.invalid(
    path,
    'must hold an image as "data:image/...;base64,..."',
    '必须是 “data:image/...;base64,...” 形式的图片',
  );
}

/** Whether the text is an http(s) URL of a sane length; it is never fetched here. */
export function readWebUrl(fields: Fields, url: string, path: string): boolean {
  const scheme = url.slice(0, 8).toLowerCase();
  if (!scheme.startsWith('http://') && !scheme.startsWith('https://')) {
    fields.invalid(path, 'must be an http, https or data URL', '必须是 http、https 或 data URL');
    return false;
  }
  if (url.length > urlCharsMax || !URL.canParse(url)) {
    fields.invalid(
      path,
      `must be a URL of at most ${urlCharsMax} characters`,
      `必须是不超过 ${urlCharsMax} 个字符的 URL`,
    );
    return false;
  }
  return true;
}

/** A file as the formats of OpenAI send it: `file_data` (base64, bare or in a `data:` URL), `file_id` or `file_url`. */
export function readFile(fields: Fields, from: JsonObject, at: string): FilePart | undefined {
  const filename = fields.string(from, 'filename', at, 512);
  const name = filename === undefined ? {} : { filename };
  const data = fields.string(from, 'file_data', at);
  if (data !== undefined) {
    const inline = data.startsWith('data:') ? parseDataUrl(data) : { data };
    if (inline === undefined || !isBase64(inline.data)) {
      return fields.invalid(`${at}file_data`, 'must be base64', '必须是 base64');
    }
    const media = 'mediaType' in inline ? { mediaType: inline.mediaType } : {};
    return { type: 'file', ...media, ...name, source: { kind: 'base64', data: inline.data } };
  }
  const id = fields.string(from, 'file_id', at, 512);
  if (id !== undefined) return { type: 'file', ...name, source: { kind: 'id', id } };
  const url = fields.string(from, 'file_url', at);
  if (url === undefined) return fields.missing(`${at}file_data`);
  return readWebUrl(fields, url, `${at}file_url`) ? { type: 'file', ...name, source: { kind: 'url', url } } : undefined;
}

/** OpenAI's `detail` of an image. `original` is the newest word for high. */
export function readDetail(fields: Fields, from: JsonObject, at: string): { detail?: 'auto' | 'low' | 'high' } {
  const detail = fields.oneOf(from, 'detail', at, ['auto', 'low', 'high', 'original']);
  if (detail === undefined) return {};
  return { detail: detail === 'original' ? 'high' : detail };
}

/** Says no to a part, item or tool of a type that is not offered, naming it. */
export function refuseType(
  fields: Fields,
  type: Json | undefined,
  path: string,
  offered: readonly string[],
): undefined {
  if (type === undefined) return fields.missing(path);
  const list = offered.map((word) => `"${word}"`);
  return fields.invalid(
    path,
    `must be ${list.join(' or ')}; ${quoted(type)} is not offered here`,
    `必须是 ${list.join('、')}，这里不提供 ${quoted(type)}`,
  );
}
