import { freePort, launch, ROOT, untilAnswers } from '../processes.ts';
import type { Peer } from './peer.ts';

/** The mock by itself: what the others are compared with. */
export async function startUpstream(workDir: string): Promise<Peer> {
  const port = await freePort();
  const server = launch({
    place: 'driver',
    command: process.execPath,
    args: [`${ROOT}bench/upstream.ts`, `--port=${port}`],
    logPath: `${workDir}/logs/upstream.log`,
  });
  await untilAnswers(server, port, '/stats', 'the mock upstream');
  const label = 'the mock upstream, asked directly';
  return { name: 'direct', label, version: Bun.version, pid: server.pid, port, headers: {}, stop: server.stop };
}
