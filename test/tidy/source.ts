import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** One source file as the rules see it. */
export interface Source {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
  /** The text with comments, and the insides of strings and regular expressions, blanked; lines and columns stay. */
  readonly code: string;
  /** Every module this file names in `import` or `export ... from`, also `import()`. */
  readonly imports: readonly string[];
}

const FOLDERS = ['src', 'console', 'portal', 'test', 'bench', 'scripts', 'training', 'eval'];
const SKIPPED = new Set(['node_modules', 'dist', '.work', 'results', 'fixtures']);

export function readSources(root: string): Source[] {
  const paths: string[] = [];
  for (const folder of FOLDERS) collect(join(root, folder), paths);
  return paths.toSorted().map((path) => createSource(relative(root, path), readFileSync(path, 'utf8')));
}

function collect(folder: string, paths: string[]): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) collect(path, paths);
    else if (entry.isFile() && /\.(tsx?|mjs)$/.test(entry.name)) paths.push(path);
  }
}

export function createSource(path: string, text: string): Source {
  return { path, text, code: blankOut(text, 'all'), imports: importsOf(text) };
}

function importsOf(text: string): string[] {
  const code = blankOut(text, 'comments');
  const named = code.matchAll(/(?:^|[\s;}])(?:import|export)\b[^'"`;()]*?\bfrom\s*['"]([^'"\n]+)['"]/g);
  const bare = code.matchAll(/(?:^|[^.\w$])import\s*\(?\s*['"]([^'"\n]+)['"]/g);
  return [...named, ...bare].map((match) => match[1] ?? '');
}

/**
 * A token is a comment, a string, a template without its `${}` parts, or a regular expression; whatever stands between
 * is code. A slash opens a regular expression where a value may begin, which is what the look-behind says.
 */
const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`|(?<=(?:^|[=(,:[!&|?{};+\n]|=>|return)[ \t]*)\/(?![/*])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g;

function blankOut(text: string, what: 'all' | 'comments'): string {
  return text.replace(TOKEN, (token) => {
    const comment = token.startsWith('//') || token.startsWith('/*');
    if (comment) return blank(token);
    if (what === 'comments') return token;
    if (token.startsWith('`')) return blankTemplate(token);
    return token.charAt(0) + blank(token.slice(1, -1)) + token.charAt(token.length - 1);
  });
}

/** Keeps the code inside `${}` of a template, one level deep. */
function blankTemplate(token: string): string {
  let at = 1;
  let made = '`';
  for (const match of token.matchAll(/\$\{([^{}]*)\}/g)) {
    made += blank(token.slice(at, match.index)) + match[0];
    at = match.index + match[0].length;
  }
  return `${made}${blank(token.slice(at, -1))}\``;
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
