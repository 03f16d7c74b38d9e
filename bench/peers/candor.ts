import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { environment, freePort, launch, ROOT, untilAnswers } from '../processes.ts';
import type { CandorTier, Peer, Site } from './peer.ts';

const LABELS: Readonly<Record<CandorTier, string>> = {
  t0: 'Candor as a bare proxy: request read and written anew, routed; no key, no limits, no record',
  t1: 'Candor with keys, limits and telemetry; no record',
  t2: 'Candor without moderation, which no peer here does: keys, limits, telemetry, and every request durable on disk before and after',
  t3: 'The same for a paying account: priced, credit held before and settled after, on disk both times',
};

/** What else a Candor is started with. */
export interface CandorOptions {
  /** Of its folder, where several of a tier run side by side. */
  readonly folder?: string;
  /** Sections of its configuration. */
  readonly sections?: object;
  /** Whose `x-forwarded-for` is believed. */
  readonly trustedProxies?: readonly string[];
}

/** `models` are the names the mock knows; nothing else passes. */
export function candorStarter(
  tier: CandorTier,
  models: readonly string[],
  options: CandorOptions = {},
): (site: Site) => Promise<Peer> {
  return (site) => startCandor(tier, models, site, options);
}

async function startCandor(
  tier: CandorTier,
  models: readonly string[],
  site: Site,
  { folder: folderName, sections, trustedProxies = [] }: CandorOptions,
): Promise<Peer> {
  const name = `candor-${tier}` as const;
  const folder = `${site.workDir}/${folderName ?? name}`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const config = configOf(site, folderName ?? name);
  const plain = configuration(port, `${folder}/data`, models, site.upstreamPort);
  const unmoderated = { products: { api: { moderation: 'off' } } };
  const described = {
    ...plain,
    server: { ...plain.server, trusted_proxies: trustedProxies },
    ...unmoderated,
    ...sections,
  };
  // YAML reads JSON.
  writeFileSync(config, JSON.stringify(described, null, 2));
  const shipped = tier === 't2' || tier === 't3';
  const server = launch({
    place: 'server',
    command: `${ROOT}bin/candor`,
    args: shipped ? ['serve', '--config', config] : [`${ROOT}bench/candor-tier.ts`, tier, config],
    env: { CANDOR_CONSOLE_PORT: '0', ...(!shipped && { CANDOR_RUN: 'bun' }) },
    logPath: `${site.workDir}/logs/${folderName ?? name}.log`,
  });
  try {
    await untilAnswers(server, port, '/readyz', `Candor (${tier})`);
    const owner = tier === 't3' ? createPayer(config, models) : [];
    const headers: Record<string, string> =
      tier === 't0' ? {} : { authorization: `Bearer ${createKey(config, owner)}` };
    const { version } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { version: string };
    return { name, label: LABELS[tier], version, pid: server.pid, port, headers, stop: server.stop };
  } catch (fault) {
    await server.stop();
    throw fault;
  }
}

function createKey(config: string, owner: readonly string[]): string {
  return ask<{ key: string }>(config, ['key', 'create', '--app', 'bench', ...owner]).key;
}

/** Prices the models and makes an account with credit that no run uses up; returns the options that name its owner. */
function createPayer(config: string, models: readonly string[]): string[] {
  for (const model of models) ask(config, ['price', 'set', model, '--input', '2.5', '--output', '10']);
  const { id } = ask<{ id: string }>(config, ['account', 'create', '--name', 'bench']);
  ask(config, ['credit', 'grant', '--account', id, '--usd', '1000000', '--reason', 'bench']);
  return ['--account', id];
}

function ask<Answer>(config: string, words: readonly string[]): Answer {
  const told = candor([...words, '--json', '--config', config]);
  if (told.status !== 0) throw new Error(`candor ${words.join(' ')} failed: ${told.stdout}${told.stderr}`);
  return JSON.parse(told.stdout) as Answer;
}

/** Runs a verb of the command line to its end. */
export function candor(args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(`${ROOT}bin/candor`, args, { env: environment(), encoding: 'utf8' });
}

/** The file of the last Candor started in that folder, which is named after its tier where nothing else is said. */
export function configOf(site: Pick<Site, 'workDir'>, folder: string): string {
  return `${site.workDir}/${folder}/candor.yaml`;
}

/** Limits so high that they are checked and never met. */
function configuration(port: number, dataDir: string, models: readonly string[], upstreamPort: number) {
  const high = { requests_per_minute: 1_000_000_000, tokens_per_minute: 1_000_000_000_000, concurrency: 100_000 };
  const timeouts = { stall_ms: 120_000, total_ms: 3_600_000 };
  const model = (upstream_model: string): object => ({
    targets: [{ provider: 'mock', upstream_model, concurrency_max: 100_000, timeouts }],
    limits: high,
  });
  return {
    server: { port, data_dir: dataDir, in_flight_max: 100_000 },
    providers: { mock: { kind: 'openai', base_url: `http://127.0.0.1:${upstreamPort}/v1` } },
    models: Object.fromEntries(models.map((name) => [name, model(name)])),
    limits: { key: high, app: high, account: high },
  };
}
