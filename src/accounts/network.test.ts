import { expect, test } from 'bun:test';
import { keyAllowsNetwork } from './network.ts';

test('a key is held to its networks, in both families', () => {
  const key = { networks: ['192.0.2.0/24', '2001:db8::/32'] };
  for (const inside of ['192.0.2.1', '192.0.2.255', '::ffff:192.0.2.7', '2001:db8:1::2']) {
    expect(keyAllowsNetwork(key, inside)).toBe(true);
  }
  for (const outside of ['192.0.3.1', '2001:db9::1', '::1', 'not an address', '', null]) {
    expect(keyAllowsNetwork(key, outside)).toBe(false);
  }
});

test('a key without networks may be used from anywhere', () => {
  expect(keyAllowsNetwork({ networks: null }, null)).toBe(true);
});
