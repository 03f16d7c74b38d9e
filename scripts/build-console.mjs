/**
 * `npm run build`, and before `npm start` and `npm run dev`: makes `console/dist` and `portal/dist` where they are missing
 * or older than what they are made of. A service starts without its pages sooner than not at all, so that nothing here
 * ends the start; with `--must` a build that cannot be made is a failure.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const VITE = join(ROOT, 'node_modules/vite/bin/vite.js');
/** Each with what its pages are made of; of the service, only what the contracts say and what those are made of. */
const SITES = {
  console: ['console', 'src', 'package-lock.json'],
  portal: ['portal', 'console', 'src', 'package-lock.json'],
};

/** The newest moment anything below `path` was written, in milliseconds. */
function newestIn(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return isSource(path) ? stat.mtimeMs : 0;
  let newest = 0;
  for (const name of readdirSync(path)) {
    if (name === 'dist' || name === 'node_modules') continue;
    newest = Math.max(newest, newestIn(join(path, name)));
  }
  return newest;
}

function isSource(path) {
  if (/\.test\.tsx?$/.test(path)) return false;
  const inService = path.startsWith(join(ROOT, 'src/'));
  return !inService || /\/src\/base\/|\/contract\.ts$/.test(path);
}

function isFresh(site) {
  const built = join(ROOT, site, 'dist/index.html');
  if (!existsSync(built)) return false;
  const builtMs = statSync(built).mtimeMs;
  return SITES[site].every((name) => newestIn(join(ROOT, name)) <= builtMs);
}

function build(site) {
  if (!existsSync(VITE)) {
    console.error(`candor: the ${site} cannot be built without its packages; run \`npm ci\` first`);
    return false;
  }
  console.error(`candor: building the ${site}, which takes some seconds`);
  const { status } = spawnSync(process.execPath, [VITE, 'build', '--logLevel', 'warn', join(ROOT, site)], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) console.error(`candor: the ${site} could not be built`);
  return status === 0;
}

const made = Object.keys(SITES).map((site) => isFresh(site) || build(site));
if (made.includes(false) && process.argv.includes('--must')) process.exitCode = 1;
