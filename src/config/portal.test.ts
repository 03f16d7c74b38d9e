import { expect, test } from 'bun:test';
import { loadConfig } from './load.ts';
import { formatProblems } from './problem.ts';

/** What is wrong with a file of these lines, or nothing; and the section as the service gets it. */
function load(lines: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const disk = {
    read: (path: string) => (path === '/c/candor.yaml' ? Buffer.from(`${lines.join('\n')}\n`) : null),
    isFile: (path: string) => path === '/c/candor.yaml',
  };
  const loaded = loadConfig({ env, cwd: '/c', disk });
  return loaded.ok
    ? { portal: loaded.value.portal, wrong: '' }
    : { portal: null, wrong: formatProblems(loaded.refusal) };
}

const MAIL = 'mail: { host: smtp.example.com, from: candor@example.com }';

test('nobody can sign up unless it is said', () => {
  expect(load([MAIL]).portal).toMatchObject({ enabled: false, publicUrl: null, mailOutbox: false });
});

test('with mail and an address, or with the outbox on this machine, people can', () => {
  const served = load([MAIL, 'portal: { enabled: true, public_url: "https://candor.example.com" }']);
  expect([served.wrong, served.portal?.publicUrl]).toEqual(['', 'https://candor.example.com']);
  const tried = load(['portal: { enabled: true, mail_outbox: true }']);
  expect([tried.wrong, tried.portal?.mailOutbox]).toEqual(['', true]);
});

test.each([
  [['portal: { enabled: true }'], 'needs mail'],
  [[MAIL, 'portal: { enabled: true }'], 'needs portal.public_url'],
  [[MAIL, 'portal: { mail_outbox: true }'], 'where there is no mail'],
  [['server: { host: 0.0.0.0 }', 'portal: { enabled: true, mail_outbox: true }'], 'would show the mails'],
  [['portal: { public_url: "https://candor.example.com/portal" }'], 'not the address'],
])('%j is refused', (lines, words) => {
  expect(load(lines).wrong).toContain(words);
});

test('an outbox is refused where the environment opens the port to others', () => {
  const lines = ['portal: { enabled: true, mail_outbox: true }'];
  expect(load(lines, { CANDOR_HOST: '0.0.0.0' }).wrong).toContain('would show the mails');
  expect(load(lines, { CANDOR_HOST: '127.0.0.1' }).wrong).toBe('');
});
