import { posix } from 'node:path';
import type { Source } from './source.ts';

/** Folders everything above may import by file: they know no word of the business. Each may import those before it. */
const GROUND = [
  'base',
  'config',
  'telemetry',
  'runtime',
  'credentials',
  'mail',
  'sketch',
  'storage',
  'outbox',
  'audit',
  'http',
] as const;

/** What a domain may import besides ground, through the other's `index.ts`. News travels up as facts in the outbox. */
const DOMAINS: Readonly<Record<string, readonly string[]>> = {
  accounts: [],
  providers: [],
  staff: [],
  ledger: ['accounts', 'providers'],
  metering: ['accounts', 'providers'],
  capacity: ['accounts', 'providers'],
  moderation: ['providers'],
  fraud: ['accounts', 'ledger'],
  people: ['accounts'],
  workspaces: ['accounts', 'people'],
  portal: ['accounts', 'people', 'workspaces', 'ledger', 'metering', 'fraud', 'moderation', 'providers', 'enforcement'],
  assistants: ['accounts', 'ledger', 'moderation'],
  releases: ['providers', 'metering'],
  enforcement: ['accounts', 'ledger', 'metering', 'moderation', 'fraud'],
  alerts: ['accounts', 'ledger', 'metering'],
  governance: ['enforcement', 'releases'],
  gateway: [
    'accounts',
    'providers',
    'capacity',
    'ledger',
    'metering',
    'moderation',
    'fraud',
    'assistants',
    'releases',
    'enforcement',
  ],
};

/** Checks one file of `src/` against the table; tests may reach anywhere, because they prove parts together. */
export function checkImports(source: Source): string[] {
  if (!source.path.startsWith('src/') || source.path.endsWith('.test.ts')) return [];
  const from = folderOf(source.path);
  return source.imports
    .filter((name) => name.startsWith('.'))
    .map((name) => posix.normalize(posix.join(posix.dirname(source.path), name)))
    .flatMap((target) => {
      const problem = isContract(source.path) && isContract(target) ? judgeContract(from, target) : judge(from, target);
      return problem === null ? [] : [problem];
    });
}

function judge(from: string, target: string): string | null {
  if (!target.startsWith('src/')) return `imports ${target}, which is not part of the service`;
  const to = folderOf(target);
  if (to === from) return null;
  if (from === 'cli') return judgeCli(to, target);
  if (!mayImport(from, to)) return `${from} may not import ${to}`;
  if (isGround(to) || to === 'cli' || to === 'app') return null;
  return target === `src/${to}/index.ts` ? null : `imports ${target} past the door src/${to}/index.ts`;
}

/** The wire of one domain may use words of another's: the console takes contracts, and must not get a whole domain with them. */
function judgeContract(from: string, target: string): string | null {
  const to = folderOf(target);
  return to === from || mayImport(from, to) ? null : `${from} may not import ${to}`;
}

function isContract(path: string): boolean {
  return path.endsWith('/contract.ts');
}

function judgeCli(to: string, target: string): string | null {
  const allowed =
    to === 'base' || to === 'config' || (target.startsWith(`src/${to}/`) && target.endsWith('/contract.ts'));
  return allowed ? null : `cli may import only base, config and contract.ts of a domain, not ${target}`;
}

function mayImport(from: string, to: string): boolean {
  if (from === 'main') return true;
  if (from === 'app') return to !== 'main' && to !== 'cli';
  const fromGround = groundRank(from);
  if (isGround(to)) return fromGround === -1 || groundRank(to) < fromGround;
  return DOMAINS[from]?.includes(to) ?? false;
}

function isGround(folder: string): boolean {
  return groundRank(folder) !== -1;
}

function groundRank(folder: string): number {
  return (GROUND as readonly string[]).indexOf(folder);
}

/** `main` for `src/main.ts`, else the folder under `src/`. */
function folderOf(path: string): string {
  return (path.split('/')[1] ?? '').replace(/\.ts$/, '');
}

/** A folder of `src/` the table does not know would otherwise escape it. */
export function isKnownFolder(path: string): boolean {
  const folder = folderOf(path);
  return isGround(folder) || folder in DOMAINS || ['app', 'cli', 'main'].includes(folder);
}
