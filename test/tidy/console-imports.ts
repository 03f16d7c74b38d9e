import { posix } from 'node:path';
import type { Source } from './source.ts';

/** Packages that only what stands above `ui/` may know: a part of the look works without router, forms and queries. */
const ABOVE_UI = /^@tanstack\/react-(router|query)$|^@mantine\/form$/;

/** What each part of a site may import of the others, besides itself. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  locales: [],
  api: ['locales'],
  ui: ['locales'],
  components: ['locales', 'api', 'ui'],
  pages: ['locales', 'api', 'ui', 'components'],
};

/** Parts of the console that the portal is made of, too; what knows of staff is none of them. */
const LENT = ['locales', 'api', 'ui', 'components'] as const;
const STAFF_ALONE =
  /^console\/(?:api\/session\.tsx|components\/(?:page-frame|entrance|account-link|usage-export|content-panel|firing|shell\/(?!brand|look-menus)))/;

/** Checks one file of `console/` or `portal/`: of the service it sees the wire alone, and its own parts import downward. */
export function checkConsoleImports(source: Source): string[] {
  if (!/^(console|portal)\//.test(source.path) || /\.test\.tsx?$/.test(source.path)) return [];
  return source.imports.flatMap((name) => {
    const problem = name.startsWith('.') ? judgeFile(source.path, name) : judgePackage(source.path, name);
    return problem === null ? [] : [problem];
  });
}

function judgePackage(path: string, name: string): string | null {
  if (path.startsWith('console/ui/') && ABOVE_UI.test(name)) return `ui may not import ${name}`;
  const isTool = /^(console|portal)\/vite\.config\.ts$/.test(path);
  return !isTool && /^(node|bun):/.test(name) ? `imports ${name}, which no browser has` : null;
}

function judgeFile(path: string, name: string): string | null {
  const target = posix.normalize(posix.join(posix.dirname(path), name));
  if (!/^(console|portal)\//.test(target)) {
    return /^src\/(base\/.+|.+\/contract)\.ts$/.test(target)
      ? null
      : `pages may import only base and contract.ts of the service, not ${target}`;
  }
  if (siteOf(path) !== siteOf(target)) return judgeLoan(path, target);
  const [from, to] = [partOf(path), partOf(target)];
  if (from === null || to === from) return judgePages(path, target);
  return to !== null && (PARTS[from] ?? []).includes(to) ? null : `${from} may not import ${target}`;
}

/** The portal takes parts of the console, and never the other way round. */
function judgeLoan(path: string, target: string): string | null {
  const [from, to] = [partOf(path), partOf(target)];
  const lent = siteOf(path) === 'portal' && LENT.some((part) => part === to) && !STAFF_ALONE.test(target);
  const isBelow = from === null || to === null || from === to || (PARTS[from] ?? []).includes(to);
  return lent && isBelow ? null : `${path} may not import ${target}`;
}

function siteOf(path: string): string {
  return path.slice(0, path.indexOf('/'));
}

/** Two pages of different domains share through `components/`. */
function judgePages(path: string, target: string): string | null {
  const [from, to] = [domainOf(path), domainOf(target)];
  return from === null || to === null || from === to ? null : `the pages of ${from} may not import those of ${to}`;
}

/** Null for the files of the folder itself, which put the parts together. */
function partOf(path: string): string | null {
  return /^(?:console|portal)\/([^/]+)\//.exec(path)?.[1] ?? null;
}

function domainOf(path: string): string | null {
  return /^(?:console|portal)\/pages\/([^/]+)\//.exec(path)?.[1] ?? null;
}

/**
 * Everything the files of a site load, files of the service included, runs in a browser: what one of them imports
 * comes into the bundle with all that imports in turn. Types leave nothing behind.
 */
export function checkBrowser(sources: readonly Source[]): string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const found: string[] = [];
  const seen = new Set(sources.map(({ path }) => path).filter(isLoaded));
  for (const path of seen) {
    const source = byPath.get(path);
    for (const name of source === undefined ? [] : valueImports(source)) {
      if (/^(node|bun)(:|$)/.test(name)) found.push(`${path} imports ${name}, which no browser has`);
      else if (name.startsWith('.')) seen.add(posix.normalize(posix.join(posix.dirname(path), name)));
    }
  }
  return found;
}

function isLoaded(path: string): boolean {
  return /^(console|portal)\//.test(path) && !/\.test\.tsx?$|\/vite\.config\.ts$/.test(path);
}

function valueImports({ text, imports }: Source): string[] {
  const erased = [...text.matchAll(/^(?:import|export)\s+type\b[^'"]*\bfrom\s*['"]([^'"\n]+)['"]/gm)].map(
    ([, name]) => name,
  );
  const values = [...text.matchAll(/^(?:import|export)\s+(?!type\b)[^'"]*?['"]([^'"\n]+)['"]/gm)].map(
    ([, name]) => name,
  );
  return imports.filter((name) => values.includes(name) || !erased.includes(name));
}
