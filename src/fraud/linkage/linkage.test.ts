import { beforeEach, describe, expect, test } from 'bun:test';
import { crowd, FIRST_MS, SCRIPT, signUp } from '../../../test/world/sign-ups.ts';
import { createLinkage, type StaffedLinkage } from './create-linkage.ts';

const DAY_MS = 86_400_000;

let linkage: StaffedLinkage;
let nowMs = FIRST_MS;

beforeEach(() => {
  linkage = createLinkage({ secret: new Uint8Array(32).fill(5), nowMs: () => nowMs });
  crowd(linkage, 600);
  nowMs = FIRST_MS + DAY_MS * 60;
});

/** Names counted up at a domain of its own, each from another home, a minute apart. */
function farm(size: number, facts: Parameters<typeof signUp>[0] = {}): string[] {
  return Array.from({ length: size }, (_, nth) => {
    const email = `otter${100 + nth}@bright-otter.example`;
    const ip = `100.${64 + nth}.7.9`;
    return linkage.signedUp(signUp({ email, ip, headers: SCRIPT, atMs: nowMs + nth * 60_000, ...facts })).operator.id;
  });
}

function hardLinks(ids: readonly string[]): number {
  return ids.flatMap((id) => linkage.linksOf(id).filter(({ strength }) => strength === 'hard')).length;
}

test('a farm that counts its names up at a domain of its own is one operator', () => {
  const [first = ''] = farm(12);
  expect(linkage.operatorOf(first).accounts).toHaveLength(12);
});

test('a household on one device and line is linked softly and stays two people', () => {
  const home = { ip: '203.0.113.7', device: 'the-family-laptop' };
  const a = signUp({ ...home, email: 'anna.bell@gmail.com', atMs: nowMs });
  const b = signUp({ ...home, email: 'tom.bell@outlook.com', atMs: nowMs + 600_000, headers: a.headers });
  linkage.signedUp(a);
  const { operator, links } = linkage.signedUp(b);
  expect(links.map(({ strength }) => strength)).toEqual(['soft']);
  expect(operator.accounts).toEqual([b.accountId]);
});

test('a venue with two hundred people in two hours is two hundred people', () => {
  const ids = Array.from({ length: 200 }, (_, nth) => {
    const one = signUp({ ip: '198.51.100.20', atMs: nowMs + nth * 36_000 });
    linkage.signedUp(one);
    const sketch = new Uint32Array(128).fill(77);
    linkage.learnt(one.accountId, { kind: 'template', sketch, wording: new Uint32Array() }, nowMs + nth * 36_000);
    return one.accountId;
  });
  expect(hardLinks(ids)).toBe(0);
  expect(linkage.egressOf('198.51.100.0/24')).toMatchObject({ shared: true });
});

test('colleagues with one mail domain and one way out are no farm', () => {
  const names = 'anna.bell tom.hill wei.chen sara.lund omar.aziz lena.roth juan.diaz mika.sato'.split(' ');
  const ids = names.map((name, nth) => {
    const one = signUp({
      email: `${name}@acme.example`,
      ip: '192.0.2.9',
      atMs: nowMs + nth * 300_000,
      headers: SCRIPT,
    });
    return linkage.signedUp(one).operator.id;
  });
  expect(hardLinks(ids)).toBe(0);
});

test('one mailbox under several spellings is one operator, once a third thing agrees', () => {
  const facts = { ip: '203.0.113.80', headers: SCRIPT };
  const a = signUp({ ...facts, email: 'j.doe@gmail.com', atMs: nowMs });
  const b = signUp({ ...facts, email: 'jdoe+2@googlemail.com', atMs: nowMs + 60_000 });
  linkage.signedUp(a);
  expect(linkage.signedUp(b).operator).toMatchObject({ id: a.accountId, accounts: [a.accountId, b.accountId] });
});

test('a card on many accounts links them, on two it may be a couple', () => {
  const made = Array.from({ length: 6 }, (_, nth) => signUp({ atMs: nowMs + nth * 60_000, headers: SCRIPT }));
  for (const facts of made) linkage.signedUp(facts);
  const pay = (nth: number) =>
    linkage.learnt(
      made[nth]?.accountId ?? '',
      { kind: 'card', fingerprint: 'card-1', prepaid: false },
      nowMs + 900_000,
    );
  pay(0);
  expect(pay(1)?.links.map(({ strength }) => strength)).toEqual(['soft']);
  for (const nth of [2, 3, 4, 5]) pay(nth);
  expect(linkage.operatorOf(made[0]?.accountId ?? '').accounts).toHaveLength(6);
});

describe('links fall', () => {
  test('a cut link lets what it held apart, and tells whose operator is another now', () => {
    const facts = { ip: '203.0.113.80', headers: SCRIPT };
    const a = signUp({ ...facts, email: 'j.doe@gmail.com', atMs: nowMs });
    const b = signUp({ ...facts, email: 'jdoe+2@gmail.com', atMs: nowMs + 60_000 });
    linkage.signedUp(a);
    const told: unknown[] = [];
    linkage.onChange((change) => told.push(change));
    const [link] = linkage.signedUp(b).links;
    expect(linkage.cut(link?.id ?? '', 'two people, by their papers')).toBe(true);
    expect(linkage.cut(link?.id ?? '', 'again')).toBe(false);
    expect(linkage.operatorOf(b.accountId).id).toBe(b.accountId);
    expect(told).toEqual([
      { kind: 'merged', accounts: [b.accountId] },
      { kind: 'split', accounts: [b.accountId] },
    ]);
    expect(linkage.linksOf(b.accountId)).toEqual([]);
    expect(linkage.linksOf(b.accountId, { fallen: true })[0]?.fell).toMatchObject({
      reason: 'two people, by their papers',
    });
  });

  test('after its time a link falls by itself', () => {
    const [first = ''] = farm(8);
    expect(linkage.expire(nowMs + 179 * DAY_MS)).toBe(0);
    expect(linkage.expire(nowMs + 181 * DAY_MS)).toBeGreaterThan(0);
    expect(linkage.operatorOf(first).accounts).toEqual([first]);
  });

  test('what rested on a network falls when somebody says that many share it', () => {
    const facts = { headers: SCRIPT, ip: '203.0.113.80' };
    const a = signUp({ ...facts, email: 'maria.garcia@gmail.com', atMs: nowMs });
    const b = signUp({ ...facts, email: 'maria.garcia7@outlook.com', atMs: nowMs + DAY_MS });
    linkage.signedUp(a);
    linkage.signedUp(b);
    const before = linkage.operatorOf(b.accountId).accounts.length;
    expect(linkage.markNetwork('203.0.113.0/24', true)).toBe(true);
    expect(linkage.egressOf('203.0.113.0/24').shared).toBe(true);
    expect(linkage.operatorOf(b.accountId).accounts.length).toBeLessThanOrEqual(before);
    expect(linkage.markNetwork('203.0.114.0/24', true)).toBe(false);
  });

  test('an account that is erased leaves nothing to be found by', () => {
    const [first = ''] = farm(6);
    linkage.erase(first);
    expect(linkage.evidenceOf(first)).toEqual([]);
    expect(linkage.linksOf(first)).toEqual([]);
  });

  test('values are forgotten when their time is over', () => {
    const one = signUp({ atMs: nowMs });
    linkage.signedUp(one);
    linkage.forget(nowMs + 120 * DAY_MS, 10_000);
    const left = linkage.evidenceOf(one.accountId)?.map(({ field }) => field);
    expect(left).toContain('device');
    expect(left).not.toContain('ip');
  });
});

test('who comes back after a sanction is marked', () => {
  const facts = { headers: SCRIPT, device: 'the-same' };
  const a = signUp({ ...facts, email: 'bad.actor@gmail.com', atMs: nowMs });
  const b = signUp({ ...facts, email: 'bad.actor9@outlook.com', atMs: nowMs + 60_000 });
  linkage.signedUp(a);
  linkage.sanctioned(a.accountId, true);
  const told: string[] = [];
  linkage.onEvasion(({ accountId, tier }) => told.push(`${accountId} ${tier}`));
  expect(linkage.signedUp(b).evasion).toMatchObject([{ sanctionedId: a.accountId, tier: 'likely' }]);
  expect(told).toEqual([`${b.accountId} likely`]);
  linkage.sanctioned(a.accountId, false);
  expect(linkage.evasionOf(b.accountId, nowMs)).toEqual([]);
});

test('who comes back under another name is marked when they say again what they said before', () => {
  const a = signUp({ email: 'bad.actor@gmail.com', ip: '203.0.113.7', device: 'one', atMs: nowMs });
  const b = signUp({
    email: 'someone.else@outlook.com',
    ip: '198.51.100.8',
    device: 'other',
    headers: a.headers,
    atMs: nowMs + DAY_MS,
  });
  const neighbour = signUp({
    email: 'next.door@outlook.com',
    ip: '203.0.113.7',
    device: 'third',
    atMs: nowMs + DAY_MS,
  });
  const sketch = (salt: number) => Uint32Array.from({ length: 128 }, (_, at) => at * 7_919 + salt);
  const prompt = (salt: number, first: number) =>
    ({
      kind: 'template',
      sketch: sketch(salt),
      wording: Uint32Array.from({ length: 16 }, (_, at) => first + at),
    }) as const;
  linkage.signedUp(a);
  linkage.learnt(a.accountId, prompt(1, 100), nowMs);
  linkage.sanctioned(a.accountId, true);
  expect(linkage.signedUp(b).evasion).toEqual([]);
  expect(linkage.learnt(b.accountId, prompt(2, 500), nowMs + DAY_MS)?.evasion).toEqual([]);
  const matched = linkage.learnt(b.accountId, prompt(3, 108), nowMs + DAY_MS)?.evasion;
  expect(matched?.[0]?.agreements.map(({ field }) => field)).toContain('wording');
  expect(linkage.linksOf(b.accountId)).toEqual([]);
  for (const match of linkage.signedUp(neighbour).evasion) expect(match.tier).toBe('possible');
});

test('a sign-up told twice is one account', () => {
  const one = signUp();
  linkage.signedUp(one);
  expect(linkage.signedUp(one)).toMatchObject({ operator: { id: one.accountId }, links: [] });
});
