/** The real parts: evidence, linkage and vesting of `src/fraud`, the surge and the limits of the door, in virtual time. */
import { networkPrefix } from '../../../../src/base/address.ts';
import type { Clock } from '../../../../src/base/clock.ts';
import { NANO_PER_USD, type Nano, smaller } from '../../../../src/base/money.ts';
import type { ProofKind } from '../../../../src/config/vesting.ts';
import { createAttempts } from '../../../../src/credentials/attempts.ts';
import { mailFactsOf } from '../../../../src/fraud/evidence/mail.ts';
import type { NetworkLookup } from '../../../../src/fraud/evidence/network-lookup.ts';
import { createLinkage, type StaffedLinkage } from '../../../../src/fraud/linkage/create-linkage.ts';
import type { Linkage, Linked } from '../../../../src/fraud/linkage.ts';
import { createVestingInMemory, type VestingInMemory } from '../../../../src/fraud/vesting/proving/in-memory.ts';
import { rungOf, type VestingAccount } from '../../../../src/fraud/vesting/account.ts';
import type { Rung } from '../../../../src/fraud/vesting.ts';
import { createSurge } from '../../../../src/people/proofs/surge.ts';
import { fromNetwork } from '../../../../src/people/way.ts';
import { WORDINGS_KEPT } from '../../../../src/fraud/evidence/fields.ts';
import { createKeyedHash } from '../../../../src/sketch/keyed-hash.ts';
import { maskedWords } from '../../../../src/sketch/mask.ts';
import { featuresOf, type Sketch, sketchOf } from '../../../../src/sketch/sketch.ts';
import { leastWordPairs } from '../../../../src/sketch/word-pairs.ts';
import type { Prompt } from '../world/prompts.ts';
import { DAY_MS } from '../simulation.ts';
import { followLinkage } from './followed-linkage.ts';
import type { Parameters } from './settings.ts';
import type { CreditOnProof, DoorAnswer, System, SystemWorld } from './system.ts';

/** What waiting takes in quiet times and at the most, in place of a computation. */
const WAIT_MS = 60_000;
const WAIT_MAX_MS = 300_000;
/** Accounts from which values whose time is over are taken. */
const FORGOTTEN_A_DAY_MAX = 50_000;
const SECRET = new Uint8Array(32).fill(7);

interface Known {
  readonly email: string;
  card: { readonly fingerprint: string; readonly prepaid: boolean } | null;
  phone: string | null;
}

export function createCandor(world: SystemWorld, parameters: Parameters): System {
  const clock: Clock = { wallMs: world.nowMs, monoMs: world.nowMs };
  const rules = parameters.vesting;
  const linkage = linkageIn(world, parameters);
  const followed = followLinkage(linkage);
  const vesting = createVestingInMemory({ rules, linkage: followed, startMs: world.nowMs() });
  followed.onMoved((accounts) => vesting.operatorsChanged(accounts, world.nowMs()));
  const known = new Map<string, Known>();
  /** Days of use end at midnight; nothing is due because of them at another hour. */
  let day = 0;
  const evasionMarks = new Set<string>();
  const microseconds: number[] = [];
  const sketch = createSketching();
  const heard = (accountId: string, linked: Linked | null): void => {
    followed.heard(linked);
    followed.catchUp();
    if (linked !== null && linked.evasion.length > 0) evasionMarks.add(accountId);
  };
  return {
    name: 'candor',
    door: createDoor(clock),
    signedUp(facts) {
      known.set(facts.accountId, { email: facts.email, card: null, phone: null });
      const from = performance.now();
      const linked = linkage.signedUp(facts);
      microseconds.push((performance.now() - from) * 1_000);
      heard(facts.accountId, linked);
    },
    learnt(accountId, facts, atMs) {
      const account = known.get(accountId);
      if (account !== undefined && facts.kind === 'card') account.card = facts;
      if (account !== undefined && facts.kind === 'phone') account.phone = facts.number;
      heard(accountId, linkage.learnt(accountId, facts, atMs));
    },
    prompted(accountId, prompt, atMs) {
      const made = sketch(prompt);
      if (made !== null) heard(accountId, linkage.learnt(accountId, { kind: 'template', ...made }, atMs));
    },
    proved(accountId, rung) {
      const account = known.get(accountId);
      if (account === undefined) return;
      if (rung === 'mail') vesting.began(accountId, linkage.entryOf(accountId), world.nowMs());
      else vesting.proved(accountId, proofOf(rung, account), world.nowMs());
    },
    spend: (accountId, wantedUsd, requests) => spend(vesting, world.nowMs(), accountId, wantedUsd, requests),
    available: (accountId) => Number(vesting.available(accountId)) / Number(NANO_PER_USD),
    onProof: (accountId) => onProof(vesting.account(accountId), rules),
    goodDay: {
      hours: rules.cleanDay.hours,
      requests: rules.cleanDay.requests,
      spentShare: rules.cleanDay.spentBp / 10_000,
      usd: Number(rules.part) / Number(NANO_PER_USD),
    },
    sanctioned(accountId) {
      linkage.sanctioned(accountId, true);
      vesting.sanctioned(accountId, true, world.nowMs());
    },
    tick() {
      const nowMs = world.nowMs();
      if (Math.floor(nowMs / DAY_MS) === day) return;
      day = Math.floor(nowMs / DAY_MS);
      if (linkage.expire(nowMs) > 0) followed.forget();
      linkage.forget(nowMs, FORGOTTEN_A_DAY_MAX);
      followed.catchUp();
      vesting.tick(nowMs);
    },
    operatorsOf: (accountIds) => operatorsOf(linkage, accountIds),
    linksOf: (accountId) => linkage.linksOf(accountId),
    isShared: (ip) => linkage.egressOf(networkPrefix(ip) ?? ip).shared,
    evasionMarks,
    givenTo: (accountId) => Number(vesting.account(accountId)?.given ?? 0n) / Number(NANO_PER_USD),
    microseconds,
  };
}

function linkageIn({ nowMs, organisationOf }: SystemWorld, { linkage, network }: Parameters): StaffedLinkage {
  const lookUp: NetworkLookup = (address) => {
    const found = organisationOf(address);
    return { asn: found?.asn ?? null, organisation: found?.name ?? null, country: null };
  };
  return createLinkage({ secret: SECRET, nowMs, parameters: linkage, ...(network.database && { lookUp }) });
}

/** As much as there is and may be burned now; of requests, as many as that pays. */
function spend(
  vesting: VestingInMemory,
  atMs: number,
  accountId: string,
  wantedUsd: number,
  { all, flagged }: { readonly all: number; readonly flagged: number },
): number {
  const wanted = toNano(wantedUsd);
  const free = smaller(wanted, smaller(vesting.available(accountId), vesting.headroom(accountId, atMs)));
  if (free <= 0n) return 0;
  const share = Number(free) / Number(wanted);
  const requests = Math.max(1, Math.round(all * share));
  vesting.used(accountId, { atMs, requests, flagged: Math.round(flagged * share), free });
  return Number(free) / Number(NANO_PER_USD);
}

function createDoor(clock: Clock): System['door'] {
  const surge = createSurge(clock);
  const attempts = createAttempts(clock);
  return ({ ip }): DoorAnswer => {
    const prefix = networkPrefix(ip);
    const workFactor = surge.factor(prefix);
    if (attempts.take([fromNetwork('sign-up', { networkPrefix: prefix })]) !== null)
      return { kind: 'refused', reason: 'too_many_attempts' };
    surge.came(prefix);
    return { kind: 'open', workFactor, waitMs: Math.min(WAIT_MAX_MS, WAIT_MS * workFactor) };
  };
}

function proofOf(
  rung: Exclude<Rung, 'mail'>,
  { card, phone, email }: Known,
): { kind: ProofKind; token: string | null } {
  if (rung === 'card')
    return { kind: card?.prepaid === true ? 'card_prepaid' : 'card', token: card?.fingerprint ?? null };
  if (rung === 'phone') return { kind: 'phone', token: phone };
  return { kind: rung, token: rung === 'organisation' ? mailFactsOf(email).domain : null };
}

/** By the published ceilings. */
function onProof(account: VestingAccount | null, { ceilings }: Parameters['vesting']): CreditOnProof[] {
  if (account === null) return [];
  const shown = new Set(account.proofs.map(({ kind }) => rungOf(kind)));
  return (Object.keys(ceilings) as ProofKind[])
    .filter((kind) => kind !== 'card_prepaid' && !shown.has(rungOf(kind)) && ceilings[kind] > account.given)
    .map((kind) => ({ proof: rungOf(kind), usd: Number(ceilings[kind] - account.given) / Number(NANO_PER_USD) }));
}

function operatorsOf(linkage: Linkage, accountIds: readonly string[]): Map<string, string> {
  const operators = new Map<string, string>();
  for (const accountId of accountIds) {
    if (operators.has(accountId)) continue;
    const { id, accounts } = linkage.operatorOf(accountId);
    for (const member of accounts) operators.set(member, id);
  }
  return operators;
}

/** As a prompt is sketched on its way through the gateway. */
export function createSketching(): (
  prompt: Prompt,
) => { readonly sketch: Sketch; readonly wording: Uint32Array } | null {
  const hash = createKeyedHash(SECRET);
  return ({ system, user }) => {
    const words = maskedWords(`${system}\n${user}`);
    if (words.length === 0) return null;
    return { sketch: sketchOf(featuresOf(words, [], hash)), wording: leastWordPairs(words, hash, WORDINGS_KEPT) };
  };
}

function toNano(usd: number): Nano {
  return BigInt(Math.round(usd * Number(NANO_PER_USD)));
}
