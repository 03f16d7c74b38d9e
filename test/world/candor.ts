import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IssuedKey } from '../../src/accounts/index.ts';
import type { CreateKeyBody } from '../../src/accounts/contract.ts';
import { type App, compose } from '../../src/app/compose.ts';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { PathEnforcement, Reports, UpstreamNotice } from '../../src/enforcement/index.ts';
import type { Moderation, Redress } from '../../src/gateway/index.ts';
import { formatProblems } from '../../src/config/problem.ts';
import { listen } from '../../src/runtime/listener.ts';
import type { SqlValue } from '../../src/storage/sql/writer.ts';

/** A whole Candor in this process, on a port of its own and a data folder that vanishes with it. */
export interface World {
  /** Without a path: `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly app: App;
  readonly dataDir: string;
  /** A key that may do everything. */
  readonly key: string;
  createKey(input?: CreateKeyBody): Promise<IssuedKey>;
  /** Usage events as they stand in the database, oldest first. */
  events(): Promise<Record<string, SqlValue>[]>;
  /** Waits until the record holds `count` events; fails after 5 s. */
  eventsOnce(count: number): Promise<Record<string, SqlValue>[]>;
  /** Generations still in progress after a moment for those whose record has just been made. */
  leftLive(): Promise<number>;
  /** What the process logged so far. */
  log(): string;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** Candor's YAML; the demo when absent. */
  readonly yaml?: string;
  readonly env?: Record<string, string>;
  /** Who looks at prompts and replies, in place of the models that ship. */
  readonly moderation?: Moderation;
  /** Who holds people to the rules, and where they contest it. */
  readonly enforcement?: PathEnforcement;
  readonly redress?: Redress;
  readonly reports?: Pick<Reports, 'file'>;
  readonly upstreamNotice?: (notice: UpstreamNotice) => void;
  /** Has the models that ship look where the YAML has them look; nobody does in a world about something else. */
  readonly moderated?: boolean;
}

const POLL_MS = 10;
const POLLS_MAX = 500;

export async function startCandor(options: WorldOptions = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'candor-'));
  const dataDir = join(folder, 'data');
  const file = join(folder, 'candor.yaml');
  if (options.yaml !== undefined) writeFileSync(file, options.yaml);
  const loaded = loadConfig({
    ...(options.yaml === undefined ? {} : { configFile: file }),
    env: { ...options.env, CANDOR_DATA: dataDir },
    cwd: folder,
  });
  if (!loaded.ok) throw new Error(formatProblems(loaded.refusal));
  let log = '';
  const app = await compose({
    config: options.moderated === true ? loaded.value : unmoderated(loaded.value),
    clock: systemClock,
    random: systemRandom,
    version: 'test',
    writeLog: (line) => {
      log += line;
    },
    readableLogs: false,
    ...(options.moderation && { moderation: options.moderation }),
    ...(options.enforcement && { enforcement: options.enforcement }),
    ...(options.redress && { redress: options.redress }),
    ...(options.reports && { reports: options.reports }),
    ...(options.upstreamNotice && { upstreamNotice: options.upstreamNotice }),
    onFatal: (fault) => {
      throw fault;
    },
  });
  const listener = listen({
    hostname: '127.0.0.1',
    port: 0,
    handle: app.publicFetch,
    onError: () => new Response(null, { status: 500 }),
  });
  async function createKey(input: CreateKeyBody = {}): Promise<IssuedKey> {
    const created = await app.keys.create(input);
    if (!created.ok) throw new Error(created.refusal.message);
    return created.value;
  }
  const events = () => readEvents(app);
  return {
    url: `http://127.0.0.1:${listener.port}`,
    app,
    dataDir,
    key: (await createKey({ app: 'test' })).text,
    createKey,
    events,
    async eventsOnce(count) {
      for (let poll = 0; poll < POLLS_MAX; poll++) {
        const found = await events();
        if (found.length >= count) return found;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
      throw new Error(`expected ${count} usage events, found ${JSON.stringify(await events())}`);
    },
    async leftLive() {
      for (let poll = 0; poll < POLLS_MAX && app.gateway.liveCount() > 0; poll++) await Bun.sleep(POLL_MS);
      return app.gateway.liveCount();
    },
    log: () => log,
    async close() {
      await app.gateway.drain(0);
      await listener.stop(true);
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Tables = { usage_event: Record<string, SqlValue> & { id: string } };

function unmoderated(config: Config): Config {
  const products = Object.entries(config.products).map(([name, product]) => [name, { ...product, moderated: false }]);
  return { ...config, products: Object.fromEntries(products) as Config['products'] };
}

function readEvents(app: App): Promise<Record<string, SqlValue>[]> {
  return app.storage.reader.withTables<Tables>().selectFrom('usage_event').selectAll().orderBy('id').execute();
}
