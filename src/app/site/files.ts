import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** One file of a built site. */
export interface SiteFile {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Null where it would not be smaller. */
  readonly gzip: Uint8Array<ArrayBuffer> | null;
  /** Its name holds a hash of what is in it. */
  readonly immutable: boolean;
}

/** A built site. What is not listed here cannot be asked for, whatever a path says. */
export interface SiteFiles {
  /** The page every address of the site begins with; null until it is built. */
  index(): string | null;
  /** By path, such as `/assets/index-a1b2c3.js`. */
  get(path: string): SiteFile | null;
}

const INDEX = 'index.html';
const ASSETS = '/assets/';
const FILES_MAX = 5_000;
const GZIP_BYTES_MIN = 1_024;

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const SMALLER_GZIPPED: ReadonlySet<string> = new Set(['.css', '.js', '.json', '.svg', '.txt', '.wasm']);

/** Reads the folder again when its index has changed: a build that ends while the service runs is served at once. */
export function openSiteFiles(folder: string): SiteFiles {
  let listed = new Map<string, string>();
  let read = new Map<string, SiteFile>();
  let index: string | null = null;
  let seen = '';

  function look(): void {
    const stat = statSync(join(folder, INDEX), { throwIfNoEntry: false });
    const now = stat === undefined ? '' : `${stat.ino}-${stat.mtimeMs}-${stat.size}`;
    if (now === seen) return;
    seen = now;
    read = new Map();
    listed = stat === undefined ? new Map() : listFiles(folder);
    index = stat === undefined ? null : readFileSync(join(folder, INDEX), 'utf8');
  }

  return {
    index() {
      look();
      return index;
    },
    get(path) {
      const known = read.get(path);
      if (known !== undefined) return known;
      look();
      const place = listed.get(path);
      if (place === undefined) return null;
      const file = readSiteFile(place, path);
      read.set(path, file);
      return file;
    },
  };
}

/** Path on the wire -> place on the disk. Dot files, source maps, links and unknown kinds of file are left out. */
function listFiles(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || found.size >= FILES_MAX) continue;
    const place = join(entry.parentPath, entry.name);
    const path = place.slice(folder.length).replaceAll('\\', '/');
    const hidden = path.split('/').some((part) => part.startsWith('.'));
    if (!hidden && extname(path) in TYPES) found.set(path, place);
  }
  return found;
}

function readSiteFile(place: string, path: string): SiteFile {
  const bytes = new Uint8Array(readFileSync(place));
  const extension = extname(path);
  const small = SMALLER_GZIPPED.has(extension) && bytes.byteLength >= GZIP_BYTES_MIN;
  return {
    type: TYPES[extension] ?? 'application/octet-stream',
    bytes,
    gzip: small ? new Uint8Array(gzipSync(bytes)) : null,
    immutable: path.startsWith(ASSETS),
  };
}
