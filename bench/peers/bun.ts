import { freePort, launch, ROOT, untilAnswers } from '../processes.ts';
import type { Peer, Site } from './peer.ts';

/** The runtime's own server handing requests to its own client: the floor under everything that runs on it. */
export async function startBun(site: Site): Promise<Peer> {
  const port = await freePort();
  const server = launch({
    place: 'server',
    command: process.execPath,
    args: [`${ROOT}bench/peers/bun-proxy.ts`, String(port), String(site.upstreamPort)],
    env: { BUN_CONFIG_MAX_HTTP_REQUESTS: '65336', NODE_ENV: 'production' },
    logPath: `${site.workDir}/logs/bun.log`,
  });
  await untilAnswers(server, port, '/v1/models', 'the bare Bun proxy');
  const label = 'Bun.serve handing on to fetch, nothing else';
  return { name: 'bun', label, version: Bun.version, pid: server.pid, port, headers: {}, stop: server.stop };
}
