import { isJsonObject, type Json, type JsonObject } from '../base/json.ts';
import { type Refusal, refusal } from './refusal.ts';

/**
 * Reads fields of a caller's body and remembers the first thing wrong with them.
 *
 * A parser reads everything through one `Fields`, goes on after a problem with `undefined` or a neutral value, and
 * looks at `problem` once, at its end. `at` is the path of the object that is read, with its dot
 * (`'messages[2].'`, `''` for the body itself), so that a refusal names the exact field. JSON null counts as absent
 * everywhere, because the official clients send it for "not set".
 */
export class Fields {
  #problem: Refusal | undefined;
  readonly #where: string;

  /** `where` names the endpoint in refusals of fields it does not support: `/v1/responses`. */
  constructor(where: string) {
    this.#where = where;
  }

  get problem(): Refusal | undefined {
    return this.#problem;
  }

  /** Says no to the field at `path`; `en` and `zh` finish the sentence "the field ...". */
  invalid(path: string, en: string, zh: string): undefined {
    this.#problem ??= refusal('invalid_field', { param: path, detail: en, detail_zh: zh }, { param: path });
  }

  missing(path: string): undefined {
    this.#problem ??= refusal('missing_field', { param: path }, { param: path });
  }

  unsupported(path: string): undefined {
    this.#problem ??= refusal('unsupported_field', { param: path, where: this.#where }, { param: path });
  }

  string(from: JsonObject, key: string, at: string, charsMax = Number.POSITIVE_INFINITY): string | undefined {
    const value = from[key];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') return this.invalid(at + key, 'must be a string', '必须是字符串');
    if (value.length > charsMax) {
      return this.invalid(at + key, `must be at most ${charsMax} characters long`, `不能超过 ${charsMax} 个字符`);
    }
    return value;
  }

  /** A string that must be there and must not be empty; `''` after a problem. */
  requiredString(from: JsonObject, key: string, at: string, charsMax?: number): string {
    const value = this.string(from, key, at, charsMax);
    if (value === undefined) this.missing(at + key);
    else if (value === '') this.invalid(at + key, 'must not be empty', '不能为空');
    return value ?? '';
  }

  boolean(from: JsonObject, key: string, at: string): boolean | undefined {
    const value = from[key];
    if (value === undefined || value === null) return undefined;
    return typeof value === 'boolean' ? value : this.invalid(at + key, 'must be true or false', '必须是 true 或 false');
  }

  number(from: JsonObject, key: string, at: string, min: number, max: number): number | undefined {
    const value = from[key];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'number' && value >= min && value <= max) return value;
    return this.invalid(at + key, `must be a number from ${min} to ${max}`, `必须是 ${min} 到 ${max} 之间的数`);
  }

  integer(from: JsonObject, key: string, at: string, min: number, max: number): number | undefined {
    const value = from[key];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    return this.invalid(at + key, `must be a whole number from ${min} to ${max}`, `必须是 ${min} 到 ${max} 之间的整数`);
  }

  oneOf<Word extends string>(from: JsonObject, key: string, at: string, words: readonly Word[]): Word | undefined {
    const value = from[key];
    if (value === undefined || value === null) return undefined;
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    const list = words.map((word) => `"${word}"`);
    return this.invalid(at + key, `must be one of ${list.join(', ')}`, `必须是 ${list.join('、')} 之一`);
  }

  object(from: JsonObject, key: string, at: string): JsonObject | undefined {
    const value = from[key];
    if (value === undefined || value === null) return undefined;
    return this.asObject(value, at + key);
  }

  /** The value itself, which stands at `path`, as an object. */
  asObject(value: Json | undefined, path: string): JsonObject | undefined {
    return isJsonObject(value) ? value : this.invalid(path, 'must be an object', '必须是对象');
  }

  list(from: JsonObject, key: string, at: string, countMax: number): readonly Json[] | undefined {
    const value = from[key];
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value)) return this.invalid(at + key, 'must be a list', '必须是数组');
    if (value.length > countMax) {
      return this.invalid(at + key, `must have at most ${countMax} entries`, `最多包含 ${countMax} 项`);
    }
    return value as readonly Json[];
  }

  strings(from: JsonObject, key: string, at: string, countMax: number, charsMax: number): string[] | undefined {
    const list = this.list(from, key, at, countMax);
    if (list === undefined) return undefined;
    const texts: string[] = [];
    for (const [index, value] of list.entries()) {
      if (typeof value === 'string' && value.length <= charsMax) texts.push(value);
      else {
        const path = `${at}${key}[${index}]`;
        return this.invalid(
          path,
          `must be a string of at most ${charsMax} characters`,
          `必须是不超过 ${charsMax} 个字符的字符串`,
        );
      }
    }
    return texts;
  }
}

/** Fields whose value may be undefined, as optional ones that are absent instead. */
type Present<Whole> = { [Key in keyof Whole as undefined extends Whole[Key] ? never : Key]: Whole[Key] } & {
  [Key in keyof Whole as undefined extends Whole[Key] ? Key : never]?: Exclude<Whole[Key], undefined>;
};

/** A copy without the fields that are undefined. */
export function present<Whole extends object>(whole: Whole): Present<Whole> {
  const kept: Record<string, unknown> = {};
  for (const key in whole) {
    if (whole[key] !== undefined) kept[key] = whole[key];
  }
  return kept as Present<Whole>;
}

/** The fields of a body that are not in `known`. */
export function unknownFields(body: JsonObject, known: ReadonlySet<string>): JsonObject {
  const unknown: Record<string, Json> = {};
  for (const key in body) {
    const value = body[key];
    if (!known.has(key) && value !== undefined) unknown[key] = value;
  }
  return unknown;
}

/** A caller's word in a sentence: quoted, and short. */
export function quoted(value: Json | undefined): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

/** A model's name: at most 256 characters, and none that would break a log line or a header. */
export function readModel(fields: Fields, body: JsonObject): string {
  const model = fields.requiredString(body, 'model', '', 256);
  for (let at = 0; at < model.length; at++) {
    const code = model.charCodeAt(at);
    if (code < 32 || code === 127) {
      fields.invalid('model', 'must not hold control characters', '不能包含控制字符');
      break;
    }
  }
  return model;
}
