import { afterAll, describe, expect, test } from 'bun:test';
import { createServer as createPlain, type Server } from 'node:http';
import { createServer as createTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { AUTHORITY, LEAF_KEY, LEAVES } from '../../test/attacks/certificates.ts';
import { isGlobalAddress } from './global-address.ts';
import { createOutbound, type OutboundOptions } from './outbound.ts';

const servers: { close(): unknown }[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

async function listen<Listener extends Server | ReturnType<typeof createTls>>(server: Listener): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const loopback = () => Promise.resolve(['127.0.0.1']);
const hello = { headers: { 'content-type': 'application/json' }, body: '{"hello":1}' };

function post(url: string, options: Partial<OutboundOptions> = {}) {
  return createOutbound({ internalHosts: [], timeoutMs: 2_000, ...options }).post({ url, ...hello });
}

async function reasonOf(url: string, options: Partial<OutboundOptions> = {}): Promise<string> {
  const sent = await post(url, options);
  return sent.ok ? `sent: ${sent.value.status}` : sent.refusal.reason;
}

describe('addresses that are not public', () => {
  const closed = [
    '0.0.0.0 10.1.2.3 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 168.63.129.16 169.254.169.254',
    '172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.51.100.1 203.0.113.1',
    '224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:7f00:1::1 2002:808:808::1',
    '3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 2606:4700::1%eth0 ff02::1 localhost 1.2.3 1',
  ].flatMap((line) => line.split(' '));
  test.each(closed)('%s', (address) => expect(isGlobalAddress(address)).toBe(false));
  test.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '2a00:1450::1'])(
    '%s is',
    (address) => expect(isGlobalAddress(address)).toBe(true),
  );
});

describe('nothing is sent', () => {
  test.each([
    'https://127.1/',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://017700000001/',
    'https://0x7f.0.0.1/',
    'https://127.0.0.1.:8443/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::]/',
    'https://[::1]/',
    'https://0/',
    'https://169.254.169.254/latest/meta-data',
    'https://[fd00:ec2::254]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://１２７.0.0.1/'.normalize('NFKC'),
  ])('to %s', async (url) => {
    expect(createOutbound({ internalHosts: [] }).check(url)).toMatchObject({
      ok: false,
      refusal: { reason: 'address_not_allowed' },
    });
    expect(await reasonOf(url)).toBe('address_not_allowed');
  });

  test.each([
    ['localhost', ['127.0.0.1', '::1']],
    ['localhost.', ['127.0.0.1']],
    ['127.0.0.1.nip.example', ['127.0.0.1']],
    ['half.example', ['8.8.8.8', '10.0.0.1']],
    ['mapped.example', ['::ffff:8.8.8.8']],
    ['metadata.example', ['169.254.169.254']],
  ])('to %s, which resolves to %p', async (name, addresses) => {
    expect(await reasonOf(`https://${name}/`, { resolve: () => Promise.resolve(addresses) })).toBe(
      'address_not_allowed',
    );
  });

  test.each([
    ['http://hooks.example/', 'not_https'],
    ['ftp://hooks.example/', 'not_https'],
    ['file:///etc/passwd', 'not_https'],
    ['https://user@hooks.example/', 'credentials_in_url'],
    ['https://user:word@hooks.example/', 'credentials_in_url'],
    ['http://a@127.0.0.1\\@b', 'not_a_url'],
    ['https://hooks.example\\@127.0.0.1/', 'not_a_url'],
    ['https://hooks.example\r\nx: y/', 'not_a_url'],
    ['https://hooks.exa mple/', 'not_a_url'],
    ['//hooks.example/', 'not_a_url'],
    [`https://hooks.example/${'a'.repeat(2_048)}`, 'not_a_url'],
    ['', 'not_a_url'],
  ])('to %p: %s', async (url, reason) => expect(await reasonOf(url, { resolve: loopback })).toBe(reason));

  test('to the metadata of a cloud, even under a name of the own network', async () => {
    const options = { internalHosts: ['hooks.internal'], resolve: () => Promise.resolve(['169.254.169.254']) };
    expect(await reasonOf('http://hooks.internal/', options)).toBe('address_not_allowed');
  });

  test('where a name has no address', async () => {
    const options = { resolve: () => Promise.reject(new Error('ENOTFOUND')) };
    expect(await reasonOf('https://nobody.example/', options)).toBe('name_unknown');
  });
});

describe('what is sent', () => {
  test('goes to the very address that was looked at, once, under the name that was asked for', async () => {
    let asked = 0;
    const port = await listen(createPlain((request, answer) => answer.end(`${request.headers.host}`)));
    // A second look-up would lead to an address where nobody listens.
    const resolve = () => Promise.resolve([asked++ === 0 ? '127.0.0.1' : '127.0.0.9']);
    const sent = await post(`http://hooks.internal:${port}/x`, { internalHosts: ['hooks.internal'], resolve });
    expect(sent).toEqual({ ok: true, value: { status: 200, contentType: null, body: `hooks.internal:${port}` } });
    expect(asked).toBe(1);
  });

  test('asks with GET, without a body, by the same rules', async () => {
    const port = await listen(
      createPlain((request, answer) => {
        const sent = [request.method, request.headers['accept'], request.headers['content-length'] ?? 'no length'];
        answer.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(sent.join(' '));
      }),
    );
    const outbound = createOutbound({ internalHosts: ['hooks.internal'], resolve: loopback });
    const headers = { accept: 'text/plain' };
    expect(await outbound.get({ url: `http://hooks.internal:${port}/`, headers })).toEqual({
      ok: true,
      value: { status: 200, contentType: 'text/plain; charset=utf-8', body: 'GET text/plain no length' },
    });
    const refused = await outbound.get({ url: `https://other.internal:${port}/`, headers });
    expect(refused).toMatchObject({ ok: false, refusal: { reason: 'address_not_allowed' } });
  });

  test('follows no redirect', async () => {
    let reached = 0;
    const port = await listen(
      createPlain((request, answer) => {
        if (request.url === '/inside') reached++;
        answer.writeHead(302, { location: '/inside' }).end();
      }),
    );
    const options = { internalHosts: ['hooks.internal'], resolve: loopback };
    expect(await reasonOf(`http://hooks.internal:${port}/`, options)).toBe('sent: 302');
    expect(reached).toBe(0);
  });

  test('is given up when the answer is too long or does not end', async () => {
    const port = await listen(
      createPlain((request, answer) => {
        answer.write('x'.repeat(2_000));
        if (request.url === '/long') answer.end();
      }),
    );
    const options = { internalHosts: ['hooks.internal'], resolve: loopback };
    const long = { ...options, answerBytesMax: 1_000 };
    expect(await reasonOf(`http://hooks.internal:${port}/long`, long)).toBe('answer_too_large');
    expect(await reasonOf(`http://hooks.internal:${port}/slow`, { ...options, timeoutMs: 200 })).toBe('too_slow');
  });
});

describe('a certificate', () => {
  const options = { internalHosts: ['localhost'], resolve: loopback, authorities: AUTHORITY };
  const tls = (cert: string) => listen(createTls({ key: LEAF_KEY, cert }, (_, answer) => answer.end('ok')));

  test('for the name is taken, though the address is what is connected to', async () => {
    expect(await reasonOf(`https://localhost:${await tls(LEAVES.right)}/`, options)).toBe('sent: 200');
  });

  test.each([
    ['wrongName', { authorities: AUTHORITY }],
    ['expired', { authorities: AUTHORITY }],
  ] as const)('%s is refused', async (leaf, own) => {
    const port = await tls(LEAVES[leaf]);
    expect(await reasonOf(`https://localhost:${port}/`, { ...options, ...own })).toBe('certificate_refused');
  });

  test('of an authority nobody knows is refused', async () => {
    const port = await tls(LEAVES.right);
    const { authorities: _, ...unknown } = options;
    expect(await reasonOf(`https://localhost:${port}/`, unknown)).toBe('certificate_refused');
  });
});
