import { basename } from 'node:path';
import { checkConsoleImports } from './console-imports.ts';
import { checkImports, isKnownFolder } from './imports.ts';
import type { Source } from './source.ts';

export interface Rule {
  readonly name: string;
  /** Why the rule is worth a failing build. */
  readonly reason: string;
  /** What is wrong with this file; empty when nothing is. */
  check(source: Source): readonly string[];
}

const FILE_LINES_MAX = 500;
const MAY_READ_ENVIRONMENT = /^(?:src\/(?:config\/|main\.ts$)|(?:console|portal)\/vite\.config\.ts$)/;

/** Files that may be longer, with the reason; the list may only shrink, and so may each number. */
const LONG_FILES: Readonly<Record<string, { readonly linesMax: number; readonly reason: string }>> = {};

/** Where an address goes that no person enters: providers and collectors that are configured, our own sockets, the demo. */
const MAY_FETCH: ReadonlySet<string> = new Set([
  'src/runtime/upstream.ts',
  'src/runtime/socket-listener.ts',
  'src/telemetry/otlp/client.ts',
  'src/app/demo/live.ts',
]);

/** Where the pages speak to the service: their clients, and the one stream that goes on. */
const MAY_CALL = /^(?:console|portal)\/api\/|^console\/pages\/live\/live-link\.ts$/;

export const RULES: readonly Rule[] = [
  {
    name: 'imports',
    reason: 'Imports that run downward, through doors, are what lets one domain change without reading the others.',
    check: checkImports,
  },
  {
    name: 'console imports',
    reason: 'Pages that know the wire alone can be served by any version of the service that speaks it.',
    check: checkConsoleImports,
  },
  {
    name: 'folders',
    reason: 'A folder without a place in the import table would be a folder without a rule.',
    check: ({ path }) =>
      path.startsWith('src/') && !isKnownFolder(path) ? ['its folder is not in the table of test/tidy/imports.ts'] : [],
  },
  {
    name: 'file endings',
    reason: 'A relative import that names its file reads the same to every tool, without a search.',
    check: ({ imports }) =>
      imports
        .filter((name) => name.startsWith('.') && !/\.(tsx?|mjs|json|css)$/.test(name))
        .map((name) => `'${name}' names no file`),
  },
  {
    name: 'runtime apis',
    reason: 'The runtime can be replaced only as long as one folder names its own APIs.',
    check: ({ path, code, imports }) =>
      !/^(src|console|portal)\//.test(path) || path.startsWith('src/runtime/') || isTest(path)
        ? []
        : [
            ...imports.filter((name) => /^bun(:|$)/.test(name)).map((name) => `imports '${name}'`),
            ...linesMatching(code, /(?<![.\w])Bun\b|import\.meta\.(dir|main|path)\b/, 'names an API of the runtime'),
          ],
  },
  {
    name: 'environment',
    reason: 'A setting read in passing is a setting nobody can find; the environment enters through src/config only.',
    check: ({ path, code }) =>
      /^(src|console|portal)\//.test(path) && !MAY_READ_ENVIRONMENT.test(path) && !isTest(path)
        ? linesMatching(code, /\bprocess\.env\b/, 'reads the environment')
        : [],
  },
  {
    name: 'outbound calls',
    reason: 'An address somebody chose, fetched past the one checked door, reaches whatever the machine can reach.',
    check: ({ path, code }) =>
      path.startsWith('src/') && !MAY_FETCH.has(path) && !isTest(path)
        ? linesMatching(code, /(?<![.\w])fetch\((?!request: Request\))/, 'calls fetch')
        : [],
  },
  {
    name: 'console calls',
    reason:
      'One client adds the time limit, the token of the session and the reading of refusals; a call past it has none.',
    check: ({ path, code }) =>
      /^(console|portal)\//.test(path) && !MAY_CALL.test(path) && !isTest(path)
        ? linesMatching(
            code,
            /(?<![.\w])(?:fetch\(|(?:EventSource|XMLHttpRequest|WebSocket)\b)/,
            'calls past its api folder',
          )
        : [],
  },
  {
    name: 'file size',
    reason: 'A file nobody can hold in mind is changed by guessing.',
    check: ({ path, text }) => {
      const lines = text.split('\n').length - 1;
      const linesMax = LONG_FILES[path]?.linesMax ?? FILE_LINES_MAX;
      return lines > linesMax ? [`${lines} lines, ${linesMax} at most`] : [];
    },
  },
  {
    name: 'any',
    reason: '`any` switches the compiler off for everything it touches; `unknown` makes the reader look.',
    check: ({ code }) => linesMatching(code, /(?:[:<|,&(=]|\bas|\bextends)\s*any\b(?!\s*[(:.=])/, 'uses `any`'),
  },
  {
    name: 'reasons',
    reason: 'A check switched off without a reason stays off when the reason is gone.',
    check: ({ path, text }) => {
      if (path.startsWith('test/tidy')) return [];
      const bare = /@ts-(?:ignore|nocheck)|(?:(?:oxlint|eslint)-disable|@ts-expect-error)(?!.*--\s*\S+\s+\S+)/;
      return linesMatching(text, bare, 'switches a check off without `-- reason`');
    },
  },
  {
    name: 'doors',
    reason: 'A barrel inside a domain hides where things live and loads what nobody asked for.',
    check: ({ path, code }) => {
      if (!/^(src|console|portal)\//.test(path) || /^src\/[^/]+\/index\.ts$/.test(path)) return [];
      if (/^index\.tsx?$/.test(basename(path))) return ['only src/<domain>/index.ts is a door'];
      return linesMatching(code, /^export\s+(?:type\s+)?(?:\*|\{[^}]*\})[^;]*\bfrom\b/, 're-exports another file');
    },
  },
  {
    name: 'default exports',
    reason: 'A default export has as many names as importers.',
    // The one file whose tool reads nothing else.
    check: ({ path, code }) =>
      /^(console|portal)\/vite\.config\.ts$/.test(path)
        ? []
        : linesMatching(code, /\bexport\s+default\b|\bas\s+default\b(?=[^;]*\})/, 'default export'),
  },
  {
    name: 'names',
    reason:
      'kebab-case throughout, and a file is named after what it holds: a drawer for the rest fills with the rest.',
    check: ({ path }) => {
      const parts = path.split('/');
      const odd = parts.filter((part) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/.test(part));
      const drawers = parts.filter((part) => /^(.*-)?(utils?|helpers?|common|misc|shared|stuff)(\.|$)/.test(part));
      return [...odd.map((part) => `'${part}' is not kebab-case`), ...drawers.map((part) => `'${part}' names nothing`)];
    },
  },
  {
    name: 'tests expect',
    reason: 'A test that expects nothing passes whatever the code does.',
    check: ({ path, code }) => (isTest(path) && !/\bexpect\s*(\(|\.)/.test(code) ? ['holds no `expect`'] : []),
  },
  {
    name: 'tests run',
    reason: 'A focused test switches off its neighbours; a skipped one passes without running.',
    check: ({ path, code }) =>
      isTest(path) ? linesMatching(code, /\b(?:test|it|describe)\.(?:only|skip|todo)\b/, 'is focused or skipped') : [],
  },
  {
    name: 'finished',
    reason: 'What is unfinished is absent, not promised in a comment.',
    check: ({ path, text }) =>
      path.startsWith('test/tidy') ? [] : linesMatching(text, /\b(?:TODO|FIXME|XXX|HACK)\b/, 'promises work'),
  },
  {
    name: 'plain comments',
    reason: 'A banner tells nothing that the name of a file or a function does not tell.',
    check: ({ text }) => linesMatching(text, /^\s*(?:\/\/|\/?\*)\s*[-=*#~]{4,}/, 'is a banner'),
  },
];

function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path);
}

function linesMatching(text: string, pattern: RegExp, what: string): string[] {
  return text.split('\n').flatMap((line, at) => (pattern.test(line) ? [`line ${at + 1}: ${what}`] : []));
}

/** Exceptions that no longer are one: the file is gone or has become short enough. */
export function staleExceptions(sources: readonly Source[]): string[] {
  return Object.keys(LONG_FILES).filter((path) => {
    const source = sources.find((one) => one.path === path);
    return source === undefined || source.text.split('\n').length - 1 <= FILE_LINES_MAX;
  });
}
