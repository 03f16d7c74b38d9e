import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { createKeySharingWatch, type KeyUse } from './key-sharing.ts';
import { distance, entropy } from './mix.ts';

const HOUR_MS = 3_600_000;
const NOON_MS = Date.UTC(2030, 0, 1, 12);

function use(keyId: string, facts: Partial<KeyUse> = {}): KeyUse {
  return {
    keyId,
    accountId: `acct_${keyId}`,
    atMs: NOON_MS,
    clientClass: 'openai-node',
    networkPrefix: '192.0.2.0/24',
    country: 'DE',
    endUser: null,
    template: 'fam_1',
    ...facts,
  };
}

test('a key behind which many people ask different things around the clock is a suspect, and says why', () => {
  const watch = createKeySharingWatch();
  for (let hour = 0; hour < 24; hour++) {
    for (let nth = 0; nth < 10; nth++) {
      const who = hour * 10 + nth;
      watch.saw(
        use('resold', {
          atMs: NOON_MS + hour * HOUR_MS,
          networkPrefix: `10.${who}.0.0/24`,
          country: ['DE', 'FR', 'US', 'BR', 'IN'][who % 5] ?? 'DE',
          template: `fam_${who}`,
        }),
      );
      watch.saw(use('own', { atMs: NOON_MS + (hour % 8) * HOUR_MS }));
    }
  }
  const [suspect, ...others] = watch.suspects(NOON_MS + 23 * HOUR_MS, 10);
  expect(others).toEqual([]);
  expect(suspect).toMatchObject({ keyId: 'resold', requests: 240, networks: 64, countries: 5, mixDistance: 1 });
  expect(suspect?.reasons).toEqual(['many_networks', 'many_countries', 'changing_mix', 'no_night']);
});

test('what was longer ago than a day counts no more', () => {
  const watch = createKeySharingWatch();
  for (let nth = 0; nth < 100; nth++) {
    watch.saw(use('once', { networkPrefix: `10.${nth}.0.0/24`, country: `C${nth % 9}` }));
  }
  expect(watch.suspects(NOON_MS, 10)).toHaveLength(1);
  expect(watch.suspects(NOON_MS + 24 * HOUR_MS, 10)).toEqual([]);
});

test('one content behind many keys is told as well', () => {
  const watch = createKeySharingWatch();
  for (let nth = 0; nth < 30; nth++) watch.saw(use(`key${nth}`, { template: nth < 25 ? 'fam_farm' : `fam_${nth}` }));
  expect(watch.spread(NOON_MS, 10)).toEqual([{ template: 'fam_farm', keys: 25, requests: 25 }]);
});

test('keys it has no room for are forgotten, those used longest ago first', () => {
  const watch = createKeySharingWatch(2);
  for (const key of ['a', 'b', 'a', 'c']) watch.saw(use(key));
  expect(watch.spread(NOON_MS, 10)).toEqual([{ template: 'fam_1', keys: 2, requests: 3 }]);
});

const mix = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 50 })), { minLength: 1 })
  .map((entries) => new Map(entries));

test('the distance of mixes is a distance from 0 to 1', () => {
  fc.assert(
    fc.property(mix, mix, mix, (a, b, c) => {
      expect(distance(a, a)).toBeCloseTo(0, 6);
      expect(distance(a, b)).toBeCloseTo(distance(b, a), 9);
      expect(distance(a, b)).toBeLessThanOrEqual(1 + 1e-9);
      expect(distance(a, c)).toBeLessThanOrEqual(distance(a, b) + distance(b, c) + 1e-9);
      expect(entropy(a)).toBeLessThanOrEqual(Math.log2(a.size) + 1e-9);
    }),
  );
});
