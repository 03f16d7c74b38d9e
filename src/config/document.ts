import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  parseDocument,
} from 'yaml';
import { type Result, ok, refuse } from '../base/result.ts';
import { short } from './checks.ts';
import type { ConfigProblem, Finding } from './problem.ts';
import { pathText } from './problem.ts';
import { explainSyntax, plain } from './syntax.ts';

const FILE_BYTES_MAX = 1_048_576;
/** How often anchors may be repeated in all; more is a file made to fill memory. */
const ALIASES_MAX = 100;
const DEPTH_MAX = 32;

/** A parsed file that still knows where everything stands. */
export interface YamlFile {
  readonly data: unknown;
  /** The finding with its place: the key or value at its path, or the nearest thing around it that the file holds. */
  place(finding: Finding): ConfigProblem;
}

/** Parses one YAML 1.2 document. `name` is how the file is called in problems. */
export function parseYamlFile(bytes: Uint8Array, name: string): Result<YamlFile, readonly ConfigProblem[]> {
  const start = (message: string, fix: string): ConfigProblem => ({
    place: { file: name, line: 1, column: 1 },
    key: '',
    message,
    fix,
  });
  if (bytes.length > FILE_BYTES_MAX) return refuse([start('is larger than 1 MiB', 'A configuration is much smaller.')]);
  const text = decode(bytes);
  if (text === null) return refuse([start('is not UTF-8 text', 'Save the file as UTF-8.')]);

  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    logLevel: 'error',
  });
  const placeAt = (offset: number) => {
    const { line, col } = lines.linePos(Math.min(Math.max(0, offset), text.length));
    return { file: name, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const rows = text.split(/\r?\n/);
  const broken = [...document.errors, ...document.warnings].map((error) => {
    const place = placeAt(error.pos[0]);
    return { place, key: '', ...explainSyntax(error.code, error.message, rows[place.line - 1] ?? '') };
  });
  if (broken.length > 0) return refuse(firstOfEachLine(broken));

  const place = (finding: Finding): ConfigProblem => ({
    place: placeAt(offsetOf(document, finding)),
    key: short(pathText(finding.path)),
    message: finding.message,
    fix: finding.fix,
  });
  const odd = oddKeys(document.contents, [], 0);
  if (odd.length > 0) return refuse(odd.map(place));
  try {
    return ok({ data: document.toJS({ maxAliasCount: ALIASES_MAX }), place });
  } catch (error) {
    return refuse([
      start(
        `cannot be read: ${plain(error instanceof Error ? error.message : String(error))}`,
        'Write repeated parts out instead of using anchors.',
      ),
    ]);
  }
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** One problem for one line: what the parser says next about it mostly follows from the first slip. */
function firstOfEachLine(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const seen = new Set<number>();
  return problems.filter(({ place }) => {
    const line = place?.line ?? 0;
    return seen.size !== seen.add(line).size;
  });
}

/** Keys that a plain object cannot carry faithfully, and nesting no configuration has. */
function oddKeys(node: unknown, path: readonly (string | number)[], depth: number): Finding[] {
  if (depth > DEPTH_MAX) {
    return [
      { path, at: 'value', message: 'is nested too deeply', fix: 'No part of the configuration goes this deep.' },
    ];
  }
  if (isMap(node)) {
    return node.items.flatMap((pair) => {
      if (!isScalar(pair.key) || pair.key.value === null || typeof pair.key.value === 'object') {
        return [
          { path, at: 'value' as const, message: 'has a key that is not text', fix: 'Write every key as plain text.' },
        ];
      }
      const key = keyOf(pair.key);
      if (key === '__proto__') {
        return [
          { path: [...path, key], at: 'key' as const, message: 'is no key of the configuration', fix: 'Remove it.' },
        ];
      }
      return oddKeys(pair.value, [...path, key], depth + 1);
    });
  }
  if (isCollection(node)) return node.items.flatMap((item, at) => oddKeys(item, [...path, at], depth + 1));
  return [];
}

/** Where in the text the finding points: its own node, or the last one on the way that exists. */
function offsetOf(document: Document, finding: Finding): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [at, part] of finding.path.entries()) {
    node = isAlias(node) ? node.resolve(document) : node;
    if (!isCollection(node)) return offset;
    const item: unknown = isMap(node)
      ? node.items.find((pair) => keyOf(pair.key) === String(part))
      : node.items[Number(part)];
    if (item === undefined) return offset;
    const last = at === finding.path.length - 1;
    const value = isPair(item) ? item.value : item;
    const keyOffset = isPair(item) ? startOf(item.key) : undefined;
    // A missing key is shown at the name of the block it is missing from.
    const wanted = last && finding.at === 'value' ? (startOf(value) ?? keyOffset) : (keyOffset ?? startOf(value));
    offset = wanted ?? offset;
    node = value;
  }
  return offset;
}

/** The name the key has in plain data. */
function keyOf(key: unknown): string {
  return isScalar(key) ? `${key.value as string | number | boolean}` : '';
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
