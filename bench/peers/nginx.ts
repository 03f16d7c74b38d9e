import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { freePort, launch, untilAnswers } from '../processes.ts';
import type { Peer, Site } from './peer.ts';

/** One worker that proxies to the mock and does nothing else; the floor that a proxy in C sets. */
export async function startNginx(site: Site): Promise<Peer> {
  const binary = existsSync('/usr/sbin/nginx') ? '/usr/sbin/nginx' : 'nginx';
  const version = spawnSync(binary, ['-v'], { encoding: 'utf8' }).stderr?.trim().split('/').at(-1);
  if (version === undefined) throw new Error('nginx is not installed; scripts/install-packages.sh bench installs it');
  const folder = `${site.workDir}/nginx`;
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  writeFileSync(`${folder}/nginx.conf`, configuration(folder, port, site.upstreamPort));
  execFileSync(binary, ['-t', '-q', '-p', folder, '-c', `${folder}/nginx.conf`], { stdio: 'inherit' });
  const server = launch({
    place: 'server',
    command: binary,
    args: ['-p', folder, '-c', `${folder}/nginx.conf`],
    logPath: `${site.workDir}/logs/nginx.log`,
  });
  await untilAnswers(server, port, '/v1/models', 'nginx');
  const label = 'nginx, one worker, bare reverse proxy';
  return { name: 'nginx', label, version, pid: server.pid, port, headers: {}, stop: server.stop };
}

function configuration(folder: string, port: number, upstreamPort: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
worker_rlimit_nofile 65536;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 16384; }
http {
  access_log off;
  keepalive_requests 100000000;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  upstream mock {
    server 127.0.0.1:${upstreamPort};
    keepalive 256;
    keepalive_requests 100000000;
  }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://mock;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_read_timeout 300s;
    }
  }
}
`;
}
