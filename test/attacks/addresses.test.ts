import { describe, expect, test } from 'bun:test';
import { reasonIn, useAttackWorld } from './attack-world.ts';
import { requestHead, sendRaw } from './raw-http.ts';

const OURS = 'ours.example';

const attack = useAttackWorld({
  yaml: () => `
server: { allowed_hosts: [localhost, 127.0.0.1, ${OURS}], trusted_proxies: [127.0.0.2/32] }
providers: { quick: { kind: demo, tokens_per_second: 1000000 } }
models: { demo: { targets: [{ provider: quick, upstream_model: demo }] } }
`,
});

function get(target: string, ...lines: readonly string[]) {
  return sendRaw(attack.port, [requestHead('GET', target, ...lines)]);
}

describe('where a request says it goes', () => {
  test('case 13: a Host that is not ours, not one or not well-formed is refused before the key is looked at', async () => {
    const hosts = [
      'victim/admin?',
      'a/#',
      'a/v1?',
      `${OURS}@evil.example`,
      `${OURS}:99999`,
      `${OURS}:0`,
      `${OURS}.evil.example`,
      'evil.example',
      `${OURS}, evil.example`,
      `${OURS}\\.evil.example`,
      '[::ffff]',
      '%6furs.example',
      'a b',
      '-',
      '.',
    ];
    const events = await attack.eventsOf(hosts.length, async () => {
      for (const host of hosts) {
        const answer = await get('/v1/models', `Host: ${host}`, attack.bearer);
        expect([host, answer.status, reasonIn(answer.body)]).toEqual([host, 400, 'host_invalid']);
        expect(answer.headers['x-request-id']).toMatch(/^req_/);
      }
    });
    for (const event of events) expect(event).toMatchObject({ key_id: null, reason: 'host_invalid', status: 400 });
    for (const good of [OURS, `${OURS}:443`, 'LOCALHOST', '127.0.0.1:8700']) {
      expect((await get('/v1/models', `Host: ${good}`, attack.bearer)).status).toBe(200);
    }
  });

  test('case 13: two Hosts, and none, are refused whichever of them is ours', async () => {
    for (const lines of [[`Host: ${OURS}`, 'Host: evil.example'], ['Host: evil.example', `Host: ${OURS}`], []]) {
      expect((await get('/v1/models', ...lines, attack.bearer)).status).toBe(400);
    }
  });

  test('case 13: an absolute target gives its path alone; the Host that counts is the header', async () => {
    const path = '/v1/models/demo';
    const ours = await get(`http://evil.example${path}`, `Host: ${OURS}`, attack.bearer);
    expect([ours.status, JSON.parse(ours.body).id]).toEqual([200, 'demo']);
    expect((await get(`http://${OURS}${path}`, 'Host: evil.example', attack.bearer)).status).toBe(400);
    const elsewhere = await get(`http://${OURS}/admin?x=${path}`, `Host: ${OURS}`, attack.bearer);
    expect([elsewhere.status, reasonIn(elsewhere.body)]).toEqual([404, 'path_unknown']);
    const user = await get(`http://${OURS}${path}@evil.example/`, `Host: ${OURS}`, attack.bearer);
    expect(user.status).toBe(404);
  });

  test('case 14: a path in disguise is no path', async () => {
    const paths = [
      '/v1/%6dodels',
      '/%76%31/models',
      '/v1%2fmodels',
      '/v1/..%2fmetrics',
      '/v1/%2e%2e%2fmetrics',
      '//v1/models',
      '/v1//models',
      '/v1;x/models',
      '/v1/models;x',
      '/v1/models.',
      '/v1/models/',
      '/V1/models',
      '/v1/Models',
      '/v1/models%00',
      '/v1/models%20',
      '/v1/models%23',
      '/v1/models%3f',
      '/v1/models#x',
      '/v1/models\u00e9',
      '/candor/v1/models',
    ];
    for (const path of paths) {
      const answer = await get(path, `Host: ${OURS}`, attack.bearer);
      expect([path, answer.status, reasonIn(answer.body)]).toEqual([path, 404, 'path_unknown']);
      expect(answer.headers['x-request-id']).toMatch(/^req_/);
    }
  });

  test('case 14: dots and backslashes are resolved before anything is routed, so that what is guarded stays so', async () => {
    for (const path of ['/v1/../metrics', '/v1/%2e%2e/metrics', '/v1/models/../../metrics', '/v1/..\\metrics']) {
      expect([path, (await get(path, `Host: ${OURS}`, attack.bearer)).status]).toEqual([path, 401]);
    }
    for (const path of ['/healthz/../v1/models', '/v1/./models', '/v1\\models', '/metrics/../v1/models']) {
      expect([path, (await get(path, `Host: ${OURS}`)).status]).toEqual([path, 401]);
      expect([path, (await get(path, 'Host: evil.example', attack.bearer)).status]).toEqual([path, 400]);
    }
  });

  test('case 14: a model or a response is found by its exact name, and its name never leaves its place', async () => {
    for (const name of ['..%2f..%2fmetrics', 'demo%00', 'demo%2f..%2fdemo', 'DEMO', '%64emo%20', "'%20or%201=1"]) {
      const answer = await get(`/v1/models/${name}`, `Host: ${OURS}`, attack.bearer);
      expect([name, answer.status, reasonIn(answer.body)]).toEqual([name, 404, 'model_not_found']);
    }
    for (const id of ['resp_%2e%2e', "resp_'%20or%20'1'='1", '..%2fx', 'a'.repeat(129)]) {
      const answer = await get(`/v1/responses/${id}`, `Host: ${OURS}`, attack.bearer);
      expect([id, answer.status, reasonIn(answer.body)]).toEqual([id, 404, 'path_unknown']);
    }
  });

  test('case 14: a method nobody knows reaches no endpoint', async () => {
    for (const method of ['TRACE', 'CONNECT', 'PUT', 'PATCH', 'HEAD', 'OPTIONS', 'PROPFIND']) {
      const target = method === 'CONNECT' ? `${OURS}:443` : '/v1/models';
      const answer = await sendRaw(attack.port, [requestHead(method, target, `Host: ${OURS}`, attack.bearer)]);
      expect([method, answer.status]).toEqual([method, method === 'CONNECT' ? 404 : 405]);
    }
    for (const method of ['FOO', 'get', 'G'.repeat(5_000)]) {
      const answer = await sendRaw(attack.port, [requestHead(method, '/v1/models', `Host: ${OURS}`, attack.bearer)]);
      expect(answer.status).not.toBe(200);
    }
  });
});

describe('where a request says it comes from', () => {
  test('case 15: headers of an untrusted peer move nobody into a network', async () => {
    const { text } = await attack.createKey({ networks: ['10.0.0.0/8', '::1/128', 'fd00::/8'] });
    const bearer = `Authorization: Bearer ${text}`;
    const lies = [
      'X-Forwarded-For: 10.0.0.1',
      'X-Forwarded-For: ::1',
      'X-Forwarded-For: ::ffff:10.0.0.1',
      'X-Forwarded-For: [fd00::1]:443',
      `X-Forwarded-For: ${Array.from({ length: 50 }, (_, at) => `10.0.0.${at}`).join(', ')}`,
      'X-Real-IP: 10.0.0.1',
      'Forwarded: for=10.0.0.1',
      'CF-Connecting-IP: 10.0.0.1',
      'True-Client-IP: 10.0.0.1',
      'X-Client-IP: 10.0.0.1',
    ];
    const events = await attack.eventsOf(lies.length, async () => {
      for (const lie of lies) {
        const answer = await get('/v1/models', `Host: ${OURS}`, bearer, lie, 'X-Forwarded-For: 10.0.0.2');
        expect([lie, answer.status, reasonIn(answer.body)]).toEqual([lie, 403, 'key_network']);
      }
    });
    for (const event of events) expect(event).toMatchObject({ network_prefix: '127.0.0.0/24', status: 403 });
  });
});

describe('behind a trusted proxy', () => {
  const proxied = useAttackWorld({
    yaml: () => `
server: { trusted_proxies: [127.0.0.0/8, 192.0.2.0/24] }
providers: { quick: { kind: demo, tokens_per_second: 1000000 } }
models: { demo: { targets: [{ provider: quick, upstream_model: demo }] } }
`,
  });

  test('case 15: only what the proxies themselves wrote counts, from the right', async () => {
    const { text } = await proxied.createKey({ networks: ['10.0.0.0/8'] });
    const cases: readonly (readonly [forwardedFor: string, status: number])[] = [
      ['10.0.0.1', 200],
      ['203.0.113.9, 10.0.0.1', 200],
      ['203.0.113.9, 10.0.0.1, 192.0.2.7', 200],
      ['::ffff:10.0.0.1', 200],
      ['10.0.0.1, 203.0.113.9', 403],
      ['10.0.0.1, 203.0.113.9, 192.0.2.7', 403],
      ['10.0.0.1, unknown', 403],
      ['10.0.0.1,', 403],
      ['10.0.0.1 203.0.113.9', 403],
      ['010.0.0.1', 403],
      ['0x0a000001', 403],
      ['10.1', 403],
      ['167772161', 403],
      ["10.0.0.1' or 1=1", 403],
    ];
    for (const [forwardedFor, status] of cases) {
      const answer = await proxied.ask('/v1/models', undefined, {
        authorization: `Bearer ${text}`,
        'x-forwarded-for': forwardedFor,
      });
      expect([forwardedFor, answer.status]).toEqual([forwardedFor, status]);
    }
  });
});
