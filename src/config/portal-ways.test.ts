import { expect, test } from 'bun:test';
import { loadConfig } from './load.ts';
import { formatProblems } from './problem.ts';

function load(lines: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const text = ['portal:', ...lines.map((line) => `  ${line}`)].join('\n');
  const disk = {
    read: (path: string) => (path === '/c/candor.yaml' ? Buffer.from(`${text}\n`) : null),
    isFile: (path: string) => path === '/c/candor.yaml',
  };
  const loaded = loadConfig({ env, cwd: '/c', disk });
  return loaded.ok
    ? { portal: loaded.value.portal, wrong: '' }
    : { portal: null, wrong: formatProblems(loaded.refusal) };
}

const ACME = 'label: Acme, client_id: candor';

test('a service is named by its issuer, or by its endpoints, with a secret from the environment', () => {
  const hub = 'authorization_endpoint: https://h.example/a, token_endpoint: https://h.example/t';
  const { portal, wrong } = load(
    [
      'oauth:',
      `  acme: { ${ACME}, issuer: "https://id.example.com", client_secret_env: ACME_SECRET }`,
      `  hub: { ${ACME}, ${hub}, userinfo_endpoint: https://h.example/u, scopes: email }`,
    ],
    { ACME_SECRET: 'hush' },
  );
  expect(wrong).toBe('');
  expect(portal?.oauth).toMatchObject([
    { id: 'acme', at: { issuer: 'https://id.example.com' }, clientSecret: 'hush', scopes: 'openid email profile' },
    { id: 'hub', at: { tokenUrl: 'https://h.example/t', emailsUrl: null }, clientSecret: null, scopes: 'email' },
  ]);
});

test.each([
  [[`oauth: { acme: { ${ACME} } }`], 'portal.oauth.acme.issuer: must be there'],
  [
    [`oauth: { acme: { ${ACME}, issuer: "https://id.example.com", token_endpoint: "https://id.example.com/t" } }`],
    'portal.oauth.acme.issuer: must be there',
  ],
  [
    [`oauth: { acme: { ${ACME}, issuer: "https://id.example.com", client_secret_env: ACME_SECRET } }`],
    'ACME_SECRET is not set',
  ],
  [[`oauth: { "../x": { ${ACME}, issuer: "https://id.example.com" } }`], 'portal.oauth'],
  [['phone: { url: "https://sms.example.com", secret_env: SMS }'], 'SMS is not set'],
])('%p is refused', (lines, told) => {
  expect(load(lines).wrong).toContain(told);
});
