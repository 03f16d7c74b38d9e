import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { freePort, launch, untilAnswers } from '../processes.ts';
import type { Peer, Site } from './peer.ts';

const VERSION = '1.15.2';
/** The newest with which this Portkey streams: later ones answer 500 to every stream (Portkey-AI/gateway issue 1389). */
const NODE_SERVER_VERSION = '1.14.1';

/** Portkey's open gateway as npm ships it: no keys, no limits, no store; its console is off. */
export async function startPortkey(site: Site): Promise<Peer> {
  const folder = `${site.workDir}/portkey`;
  const script = `${folder}/node_modules/@portkey-ai/gateway/build/start-server.js`;
  if (!existsSync(script)) install(folder);
  const port = await freePort();
  const server = launch({
    place: 'server',
    command: 'node',
    args: [script, `--port=${port}`, '--headless'],
    env: { NODE_ENV: 'production' },
    logPath: `${site.workDir}/logs/portkey.log`,
  });
  await untilAnswers(server, port, '/', 'Portkey');
  const headers = {
    authorization: 'Bearer none',
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `http://127.0.0.1:${site.upstreamPort}/v1`,
  };
  const label = "Portkey's gateway (Node), bare proxy";
  return { name: 'portkey', label, version: VERSION, pid: server.pid, port, headers, stop: server.stop };
}

/** Into the bench's own folder, so that a peer never becomes a dependency of the product. */
function install(folder: string): void {
  console.log(`bench: installing @portkey-ai/gateway@${VERSION} from npm into bench/.work/portkey (this once)`);
  mkdirSync(folder, { recursive: true });
  const manifest = {
    private: true,
    dependencies: { '@portkey-ai/gateway': VERSION },
    overrides: { '@hono/node-server': NODE_SERVER_VERSION },
  };
  writeFileSync(`${folder}/package.json`, JSON.stringify(manifest, null, 2));
  const args = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'];
  const done = spawnSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (done.status !== 0) throw new Error(`npm could not install @portkey-ai/gateway@${VERSION}`);
}
