import { expect, setDefaultTimeout, test } from 'bun:test';
import { scryptSync } from 'node:crypto';
import { scrypt } from '@noble/hashes/scrypt.js';
import fc from 'fast-check';
import { systemRandom } from '../../base/random.ts';
import { createAttempts } from '../../credentials/attempts.ts';
import { createSurge, FACTOR_MAX } from './surge.ts';
import { createProofOfWork } from './work.ts';

// A search is over when it is over, and a busy machine takes its time.
setDefaultTimeout(60_000);

const ADA = { email: 'Ada@Example.com ', networkPrefix: '192.0.2.0/24' };
const HOUR_MS = 3_600_000;

function held() {
  const time = { ms: 1_000_000 };
  const clock = { wallMs: () => time.ms, monoMs: () => time.ms };
  const surge = createSurge(clock);
  const proofs = createProofOfWork({ clock, random: systemRandom, surge, attempts: createAttempts(clock) });
  return { time, surge, proofs };
}

/** What a browser does, by what this machine has for it. */
function solve({ nonce, scrypt: { n, r, p }, below }: ReturnType<typeof asked>, email: string): string {
  for (let at = 0; ; at++) {
    if (scryptSync(`${email}\n${at}`, nonce, 32, { N: n, r, p }).readUInt32BE(0) < below) return String(at);
  }
}

const asked = ({ proofs }: Pick<ReturnType<typeof held>, 'proofs'>) => proofs.challenge(ADA.networkPrefix);

test('a solution for the mail address counts, once', async () => {
  const world = held();
  const challenge = asked(world);
  const proof = { nonce: challenge.nonce, solution: solve(challenge, 'ada@example.com') };
  expect(await world.proofs.verify(proof, ADA)).toEqual({ ok: true, value: { rung: 'proof_of_work' } });
  expect(await world.proofs.verify(proof, ADA)).toMatchObject({ refusal: { reason: 'stale' } });
});

test('the library browsers solve with works out the same', () => {
  const { nonce, scrypt: cost } = asked(held());
  const inBrowser = scrypt('ada@example.com\n7', nonce, { N: cost.n, r: cost.r, p: cost.p, dkLen: 32 });
  const here = scryptSync('ada@example.com\n7', nonce, 32, { N: cost.n, r: cost.r, p: cost.p });
  expect(Buffer.from(inBrowser).equals(here)).toBe(true);
});

test('of many sent at once with one solution, one counts', async () => {
  const world = held();
  const challenge = asked(world);
  const proof = { nonce: challenge.nonce, solution: solve(challenge, 'ada@example.com') };
  const answers = await Promise.all(Array.from({ length: 20 }, () => world.proofs.verify(proof, ADA)));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
});

test('a solution for one address is none for another', async () => {
  const world = held();
  const verdicts = await Promise.all(
    Array.from({ length: 3 }, () => {
      const challenge = asked(world);
      const solution = solve(challenge, 'ada@example.com');
      return world.proofs.verify({ nonce: challenge.nonce, solution }, { ...ADA, email: 'bob@example.com' });
    }),
  );
  // By luck one may do: once in 32 times.
  expect(verdicts.filter(({ ok }) => ok).length).toBeLessThan(3);
});

test('a wrong solution uses the challenge up, a made-up one costs no hash, an old one is void', async () => {
  const world = held();
  const { nonce } = asked(world);
  const wrong = Array.from({ length: 40 }, () => asked(world).nonce);
  const answers = await Promise.all(wrong.map((one) => world.proofs.verify({ nonce: one, solution: '' }, ADA)));
  expect(answers.some((answer) => !answer.ok && answer.refusal.reason === 'wrong')).toBe(true);
  for (const one of wrong) {
    expect(await world.proofs.verify({ nonce: one, solution: '' }, ADA)).toMatchObject({
      refusal: { reason: 'stale' },
    });
  }
  expect(await world.proofs.verify({ nonce: 'AAAA', solution: '1' }, ADA)).toMatchObject({
    refusal: { reason: 'stale' },
  });
  world.time.ms += 600_000;
  expect(await world.proofs.verify({ nonce, solution: '1' }, ADA)).toMatchObject({ refusal: { reason: 'stale' } });
});

test('whoever waits is let in without a rung, from the same network, and only so many', async () => {
  const world = held();
  const { wait } = asked(world);
  const proof = { nonce: wait.nonce, solution: '' };
  expect(await world.proofs.verify(proof, ADA)).toMatchObject({ refusal: { reason: 'early', retryAfterMs: 60_000 } });
  world.time.ms += 60_000;
  const elsewhere = { ...ADA, networkPrefix: '198.51.100.0/24' };
  expect(await world.proofs.verify(proof, elsewhere)).toMatchObject({ refusal: { reason: 'stale' } });
  expect(await world.proofs.verify(proof, ADA)).toEqual({ ok: true, value: { rung: null } });
  expect(await world.proofs.verify(proof, ADA)).toMatchObject({ refusal: { reason: 'stale' } });
  const more = Array.from({ length: 6 }, () => asked(world).wait.nonce);
  world.time.ms += 60_000;
  const answers = await Promise.all(more.map((nonce) => world.proofs.verify({ nonce, solution: '' }, ADA)));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(4);
});

test('a rush makes it harder for those who crowd in, and it passes', () => {
  const world = held();
  const quiet = asked(world);
  for (let at = 0; at < 100; at++) world.surge.came('192.0.2.0/24');
  const crowded = asked(world);
  expect(crowded.tries).toBeGreaterThan(2 * quiet.tries);
  expect(Date.parse(crowded.wait.ready_at)).toBeGreaterThan(Date.parse(quiet.wait.ready_at));
  world.time.ms += 48 * HOUR_MS;
  expect(asked(world).tries).toBe(quiet.tries);
});

test('everybody who brings a solution counts, whatever it is worth', async () => {
  const world = held();
  const quiet = asked(world).tries;
  const nonces = Array.from({ length: 60 }, () => asked(world).nonce);
  for (const nonce of nonces) await world.proofs.verify({ nonce, solution: '' }, ADA);
  expect(asked(world).tries).toBeGreaterThan(quiet);
});

test('the factor lies between 1 and its most, grows with those who come and never with time', () => {
  const step = fc.record({ waitMs: fc.nat({ max: 3_600_000 }), crowd: fc.nat({ max: 300 }), network: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const time = { ms: 0 };
      const surge = createSurge({ wallMs: () => 0, monoMs: () => time.ms });
      for (const { waitMs, crowd, network } of steps) {
        const name = `net ${network}`;
        const before = surge.factor(name);
        for (let at = 0; at < crowd; at++) surge.came(name);
        const after = surge.factor(name);
        time.ms += waitMs;
        const later = surge.factor(name);
        if (after < before || later > after || later < 1 || after > FACTOR_MAX) throw new Error('out of bounds');
      }
    }),
    { numRuns: 200 },
  );
});

test('while free credit burns faster than is usual, everybody computes more', () => {
  const clock = { wallMs: () => 0, monoMs: () => 0 };
  let burning = false;
  const surge = createSurge(clock, () => burning);
  expect(surge.factor(null)).toBe(1);
  burning = true;
  expect(surge.factor(null)).toBe(4);
});
