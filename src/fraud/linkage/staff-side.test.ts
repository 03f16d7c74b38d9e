import { expect, test } from 'bun:test';
import { crowd, FIRST_MS, SCRIPT, signUp } from '../../../test/world/sign-ups.ts';
import { createLinkage } from './create-linkage.ts';

test('a cluster tells what holds it together: its links, their bits, and what most of them agree in', () => {
  const linkage = createLinkage({ secret: new Uint8Array(32).fill(5), nowMs: () => FIRST_MS });
  crowd(linkage, 50);
  for (let nth = 0; nth < 6; nth++) {
    const facts = { email: `otter${100 + nth}@bright-otter.example`, ip: '203.0.113.80', headers: SCRIPT };
    linkage.signedUp(signUp({ ...facts, atMs: FIRST_MS + nth * 60_000 }));
  }
  const [cluster] = linkage.clusters(10, null);
  expect(cluster).toMatchObject({ accounts: 6, sanctioned: 0 });
  expect(cluster?.links).toBeGreaterThanOrEqual(5);
  expect(cluster?.bits).toBeGreaterThanOrEqual(20);
  expect(cluster?.why.map(({ family }) => family)).toContain('mail');
  for (const { links } of cluster?.why ?? []) expect(links).toBeLessThanOrEqual(cluster?.links ?? 0);
});
