import { expect, test } from 'bun:test';
import { formatGreeting } from './greeting.ts';

const FACTS = {
  url: 'http://127.0.0.1:8700',
  console: 'http://127.0.0.1:8701',
  portal: null,
  setup_token: null,
  data: '/srv/candor-data',
  usualDataDir: '/srv/candor-data',
  configFile: null,
  models: ['demo'],
  recovered: 0,
  hasKeys: false,
};

test('the command for the first key names the data folder only where it would not be found', () => {
  expect(formatGreeting(FACTS)).toContain('    npx candor key create --app my-first-app\n');
  const elsewhere = (data: string) => formatGreeting({ ...FACTS, data });
  expect(elsewhere('/var/x')).toContain('key create --app my-first-app --data /var/x\n');
  expect(elsewhere("/var/it's mine")).toContain(String.raw`--data '/var/it'\''s mine'` + '\n');
  expect(formatGreeting({ ...FACTS, hasKeys: true })).not.toContain('key create');
});

test('what the last process left open is counted in words that fit', () => {
  expect(formatGreeting({ ...FACTS, recovered: 1 })).toContain('closed  1 request that');
  expect(formatGreeting({ ...FACTS, recovered: 2 })).toContain('closed  2 requests that');
  expect(formatGreeting(FACTS)).not.toContain('closed');
});

test('the first owner is shown the way in, where there is a console and nobody owns it', () => {
  const told = formatGreeting({ ...FACTS, setup_token: 'a-token' });
  expect(told).toContain('    http://127.0.0.1:8701/setup#a-token\n');
  expect(formatGreeting(FACTS)).not.toContain('/setup');
  expect(formatGreeting({ ...FACTS, console: null, setup_token: 'a-token' })).not.toContain('a-token');
});

test('where people sign up is told, where they can', () => {
  expect(formatGreeting({ ...FACTS, portal: 'https://candor.example.com' })).toContain(
    '  portal  https://candor.example.com\n',
  );
  expect(formatGreeting(FACTS)).not.toContain('portal');
});
