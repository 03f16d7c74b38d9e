/** `bun-proxy.ts PORT UPSTREAM_PORT`: what a proxy costs on this runtime before it does anything of its own. */
const [port, upstreamPort] = process.argv.slice(2).map(Number);

Bun.serve({
  hostname: '127.0.0.1',
  port: port ?? 0,
  development: false,
  idleTimeout: 0,
  async fetch(request) {
    const path = request.url.slice(request.url.indexOf('/', 8));
    const url = `http://127.0.0.1:${upstreamPort}${path}`;
    if (request.method !== 'POST') return fetch(url);
    const body = await request.text();
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body, signal: request.signal });
    return new Response(answer.body, { status: answer.status, headers: answer.headers });
  },
});
