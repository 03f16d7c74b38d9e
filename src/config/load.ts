import { readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { type Result, ok, refuse } from '../base/result.ts';
import { assemble, type Surroundings } from './assemble.ts';
import { checkHost, short } from './checks.ts';
import type { Config } from './config.ts';
import { parseYamlFile, type YamlFile } from './document.ts';
import { ENV_NAMES, type Environment, readVariable } from './env.ts';
import { explainIssues } from './explain.ts';
import { absolutePath, checkPath } from './paths.ts';
import { checkOutbox, isThisMachine, portalToTry } from './portal.ts';
import type { ConfigProblem, Finding } from './problem.ts';
import { checkGuards, checkReferences } from './references.ts';
import { type ConfigFile, configFile } from './schema.ts';
import { overridden, type Setting } from './settings.ts';

/** Names the file may have in the working folder, the usual one first. */
const DEFAULT_FILES = ['candor.yaml', 'candor.yml'] as const;
const METRICS_TOKEN_LENGTH_MIN = 16;
const DATA_DIR = configFile.parse({}).server.data_dir;
const dataFolder = z.object({ server: z.object({ data_dir: z.string().min(1) }) });

/** What serves when nothing is configured: a first start needs no account anywhere. */
const DEMO: Partial<Pick<ConfigFile, 'providers' | 'models'>> = configFile.parse({
  providers: { demo: { kind: 'demo' } },
  models: {
    demo: { targets: [{ provider: 'demo', upstream_model: 'demo' }] },
    'demo-embedding': { targets: [{ provider: 'demo', upstream_model: 'demo-embedding' }] },
  },
});

export interface LoadOptions {
  /** `--config`; goes before CANDOR_CONFIG, which goes before `candor.yaml` or `candor.yml` in the working folder. */
  readonly configFile?: string | undefined;
  readonly env: Environment;
  /** The working folder, absolute. */
  readonly cwd: string;
  /** Serve the demo beside what the file configures; without a file, also a portal to try, where this machine alone reaches it. */
  readonly withDemo?: boolean;
  readonly disk?: Disk;
}

/** What loading reads from disk. */
export interface Disk {
  /** Null when there is no such file. Throws when there is one and it cannot be read. */
  read(path: string): Uint8Array | null;
  isFile(path: string): boolean;
}

export const systemDisk: Disk = {
  read(path) {
    try {
      return readFileSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  },
  isFile: (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false,
};

/** The file that configures the service, absolute; null when there is none and the demo is served. */
export function findConfigFile(options: LoadOptions): string | null {
  const named = options.configFile ?? readVariable(options.env, ENV_NAMES.config);
  if (named !== null) return resolve(options.cwd, named);
  return usualFiles(options)[0] ?? null;
}

function usualFiles(options: LoadOptions): string[] {
  const disk = options.disk ?? systemDisk;
  return DEFAULT_FILES.map((name) => join(options.cwd, name)).filter((path) => disk.isFile(path));
}

/** The file to read; refused when nobody named one and both usual names exist. */
function chooseFile(options: LoadOptions): Result<string | null, readonly ConfigProblem[]> {
  const path = findConfigFile(options);
  const named = options.configFile ?? readVariable(options.env, ENV_NAMES.config);
  if (named !== null || usualFiles(options).length < 2) return ok(path);
  const [usual, other] = DEFAULT_FILES;
  const message = `${usual} and ${other} are both here, and only one can be the configuration`;
  const fix = `Remove ${usual} or ${other}, or name one with --config.`;
  return refuse([{ place: { file: other, line: 1, column: 1 }, key: '', message, fix }]);
}

/** Reads, checks and completes the configuration. Tells every problem it can see, not only the first. */
export function loadConfig(options: LoadOptions): Result<Config, readonly ConfigProblem[]> {
  const disk = options.disk ?? systemDisk;
  const chosen = chooseFile(options);
  if (!chosen.ok) return chosen;
  const path = chosen.value;
  const fromFile = path === null ? loadDefaults(options, disk) : loadFile(path, options, disk);
  const problems: ConfigProblem[] = [];
  const overrides = readOverrides(options, problems);
  if (!fromFile.ok) return refuse([...fromFile.refusal.toSorted(byPlace), ...problems]);
  if (problems.length > 0) return refuse(problems);
  const config = fromFile.value;
  const exposed = checkOutbox(config.portal, overrides.server.host);
  if (exposed.length > 0) return refuse(exposed);
  const server = { ...config.server, ...overrides.server };
  const isTried = path === null && options.withDemo === true && isThisMachine(server.host);
  return ok({
    ...config,
    server,
    portal: isTried ? portalToTry(config.portal) : config.portal,
    console: { ...config.console, ...overrides.console },
    telemetry: { ...config.telemetry, metricsToken: overrides.metricsToken },
    settings: settingsWith(isTried ? config.settings.map(tried) : config.settings, overrides),
  });
}

/** As it stands where the portal is there to be tried. */
function tried(setting: Setting): Setting {
  return setting.key === 'portal.enabled' || setting.key === 'portal.mail_outbox'
    ? { ...setting, value: true }
    : setting;
}

/**
 * The data folder alone, for verbs that talk to a running service: they need neither its secrets nor the rest of a
 * valid file. A file that cannot be read at all leaves the default.
 */
export function findDataDir(options: LoadOptions): string {
  const fromEnv = readVariable(options.env, ENV_NAMES.data);
  if (fromEnv !== null) return absolutePath(fromEnv, options.cwd, options.env);
  const path = findConfigFile(options);
  const bytes = path === null ? null : readBytes(path, path, options.disk ?? systemDisk);
  const yaml = bytes?.ok ? parseYamlFile(bytes.value, '') : null;
  const written = dataFolder.safeParse(yaml?.ok ? yaml.value.data : null);
  const folder = path === null ? options.cwd : dirname(path);
  return absolutePath(written.success ? written.data.server.data_dir : DATA_DIR, folder, options.env);
}

function byPlace(one: ConfigProblem, other: ConfigProblem): number {
  return (one.place?.line ?? 0) - (other.place?.line ?? 0) || (one.place?.column ?? 0) - (other.place?.column ?? 0);
}

function loadDefaults(options: LoadOptions, disk: Disk): Result<Config, readonly ConfigProblem[]> {
  const surroundings = { env: options.env, folder: options.cwd, written: {}, isFile: disk.isFile };
  return ok(assemble({ ...configFile.parse({}), ...DEMO }, surroundings, []));
}

function loadFile(path: string, options: LoadOptions, disk: Disk): Result<Config, readonly ConfigProblem[]> {
  const name = nameOf(path, options.cwd);
  const bytes = readBytes(path, name, disk);
  if (!bytes.ok) return bytes;
  const yaml = parseYamlFile(bytes.value, name);
  if (!yaml.ok) return yaml;
  const folder = dirname(path);
  const surroundings = { env: options.env, folder, written: yaml.value.data, isFile: disk.isFile };
  return checkData(yaml.value, surroundings, options.withDemo ?? false);
}

function checkData(
  yaml: YamlFile,
  surroundings: Surroundings,
  withDemo: boolean,
): Result<Config, readonly ConfigProblem[]> {
  const data = withoutEmptyBlocks(yaml.data);
  const parsed = configFile.safeParse(data);
  if (!parsed.success) return refuse(explainIssues(parsed.error.issues, data).map(yaml.place));
  const { providers, models } = parsed.data;
  const demo = withDemo || (providers === undefined && models === undefined) ? DEMO : {};
  const file = {
    ...parsed.data,
    providers: { ...demo.providers, ...providers },
    models: { ...demo.models, ...models },
  };
  const found: Finding[] = [
    ...checkReferences(file.providers, file.models),
    ...checkGuards(file.moderation.guards, file.providers),
  ];
  const config = assemble(file, surroundings, found);
  return found.length > 0 ? refuse(found.map(yaml.place)) : ok(config);
}

/** A block whose lines are all commented out reads as `null`; it is meant as "the defaults". */
function withoutEmptyBlocks(data: unknown): unknown {
  if (data === null || data === undefined) return {};
  if (typeof data !== 'object' || Array.isArray(data)) return data;
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null));
}

function readBytes(path: string, name: string, disk: Disk): Result<Uint8Array, readonly ConfigProblem[]> {
  const place = { file: name, line: 1, column: 1 };
  try {
    const bytes = disk.read(path);
    if (bytes !== null) return ok(bytes);
    const fix = `Create it (candor.example.yaml is a start), or correct --config or ${ENV_NAMES.config}.`;
    return refuse([{ place, key: '', message: 'there is no such file', fix }]);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const fix = 'Check that it is a file and that this user may read it.';
    return refuse([{ place, key: '', message: `cannot be read (${code})`, fix }]);
  }
}

interface Place {
  host?: string;
  port?: number;
}

interface Overrides {
  readonly server: Place & { dataDir?: string };
  readonly console: Place;
  readonly metricsToken: string | null;
}

function readOverrides(options: LoadOptions, problems: ConfigProblem[]): Overrides {
  const server: Overrides['server'] = readPlace(options.env, ENV_NAMES.host, ENV_NAMES.port, problems);
  const console = readPlace(options.env, ENV_NAMES.consoleHost, ENV_NAMES.consolePort, problems);
  const data = readVariable(options.env, ENV_NAMES.data);
  if (data !== null) {
    const wrong = checkPath(data);
    if (wrong !== null) problems.push({ place: null, key: ENV_NAMES.data, ...wrong });
    server.dataDir = absolutePath(data, options.cwd, options.env);
  }
  return { server, console, metricsToken: readMetricsToken(options.env, problems) };
}

function settingsWith(settings: readonly Setting[], { server, console }: Overrides): readonly Setting[] {
  const given = [
    ['server.host', server.host],
    ['server.port', server.port],
    ['server.data_dir', server.dataDir],
    ['console.host', console.host],
    ['console.port', console.port],
  ] as const;
  return given.reduce((all, [key, value]) => (value === undefined ? all : overridden(all, key, value)), settings);
}

function readPlace(env: Environment, hostName: string, portName: string, problems: ConfigProblem[]): Place {
  const place: Place = {};
  const host = readVariable(env, hostName);
  if (host !== null) {
    const wrong = checkHost(host);
    if (wrong !== null) problems.push({ place: null, key: hostName, ...wrong });
    place.host = host;
  }
  const port = readVariable(env, portName);
  if (port !== null) {
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
      const message = `'${short(port)}' is not a port`;
      problems.push({ place: null, key: portName, message, fix: 'Set a whole number from 0 to 65535.' });
    }
    place.port = Number(port);
  }
  return place;
}

function readMetricsToken(env: Environment, problems: ConfigProblem[]): string | null {
  const token = readVariable(env, ENV_NAMES.metricsToken);
  if (token !== null && !/^[\x21-\x7e]+$/.test(token)) {
    const fix = 'Set a token of printable ASCII characters without spaces.';
    problems.push({ place: null, key: ENV_NAMES.metricsToken, message: 'cannot be sent as a bearer token', fix });
  } else if (token !== null && token.length < METRICS_TOKEN_LENGTH_MIN) {
    const message = `is shorter than ${METRICS_TOKEN_LENGTH_MIN} characters`;
    problems.push({ place: null, key: ENV_NAMES.metricsToken, message, fix: 'Make one with: openssl rand -hex 24' });
  }
  return token;
}

/** How people call the file: relative to where they stand when it is below, absolute otherwise. */
function nameOf(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return near.startsWith('..') || near === '' ? path : near;
}
