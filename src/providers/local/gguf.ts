import { closeSync, openSync, readSync } from 'node:fs';

/** What the head of a model file says, as far as Candor needs it before the model is loaded. */
export interface GgufHead {
  readonly architecture: string;
  /** Set in models that were made to give embeddings. */
  readonly hasPooling: boolean;
}

/** The fields wanted come before the vocabulary in every file the usual tools write. */
const HEAD_BYTES_MAX = 262_144;
const STRING_BYTES_MAX = 65_536;

/** Bytes of the fixed-size value types 0 to 12 of the format; 8 is a string and 9 an array. */
const VALUE_BYTES = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];
const STRING = 8;
const ARRAY = 9;

/**
 * Reads the key-value head of a GGUF file, versions 2 and 3.
 * Throws with a plain sentence when the file is missing or is not one.
 * Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export function readGgufHead(path: string): GgufHead {
  return parseGgufHead(readBeginning(path), path);
}

function readBeginning(path: string): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES_MAX);
  try {
    const file = openSync(path, 'r');
    try {
      return bytes.subarray(0, readSync(file, bytes, 0, HEAD_BYTES_MAX, 0));
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new Error(`the model file ${path} cannot be read`, { cause });
  }
}

export function parseGgufHead(bytes: Uint8Array, path: string): GgufHead {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isGguf = bytes.length >= 24 && new TextDecoder().decode(bytes.subarray(0, 4)) === 'GGUF';
  const version = isGguf ? view.getUint32(4, true) : 0;
  if (version !== 2 && version !== 3) throw new Error(`the model file ${path} is not a GGUF file of version 2 or 3`);
  const cursor = { view, at: 24 };
  let architecture = '';
  let hasPooling = false;
  let fieldsLeft = Number(view.getBigUint64(16, true));
  try {
    for (; fieldsLeft > 0; fieldsLeft--) {
      const key = readString(cursor);
      const value = readValue(cursor);
      if (key === 'general.architecture' && typeof value === 'string') architecture = value;
      if (key.endsWith('.pooling_type')) hasPooling = true;
    }
  } catch (cause) {
    // The vocabulary runs past the bytes that were read; what is wanted comes before it.
    if (!(cause instanceof RangeError)) throw cause;
  }
  if (architecture === '') throw new Error(`the model file ${path} does not name its architecture`);
  return { architecture, hasPooling };
}

interface Cursor {
  readonly view: DataView;
  at: number;
}

function readString(cursor: Cursor): string {
  const length = Number(cursor.view.getBigUint64(cursor.at, true));
  const from = cursor.at + 8;
  if (length > STRING_BYTES_MAX || from + length > cursor.view.byteLength) throw new RangeError('string past the head');
  cursor.at = from + length;
  return new TextDecoder().decode(new Uint8Array(cursor.view.buffer, cursor.view.byteOffset + from, length));
}

/** The value if it is a string, and undefined once any other value is passed over. */
function readValue(cursor: Cursor): string | undefined {
  const type = cursor.view.getUint32(cursor.at, true);
  cursor.at += 4;
  if (type === STRING) return readString(cursor);
  if (type === ARRAY) skipArray(cursor);
  else cursor.at += VALUE_BYTES[type] ?? Number.POSITIVE_INFINITY;
  return undefined;
}

function skipArray(cursor: Cursor): void {
  const type = cursor.view.getUint32(cursor.at, true);
  const count = Number(cursor.view.getBigUint64(cursor.at + 4, true));
  cursor.at += 12;
  if (type === STRING) for (let item = 0; item < count; item++) readString(cursor);
  else
    cursor.at += count * (type === ARRAY ? Number.POSITIVE_INFINITY : (VALUE_BYTES[type] ?? Number.POSITIVE_INFINITY));
}
