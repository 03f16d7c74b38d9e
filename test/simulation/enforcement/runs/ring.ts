/** A ring that asks little from each of thousands of accounts, among honest sign-ups. */
import type { Conduct } from '../../../../src/enforcement/conduct.ts';
import { OPERATOR_ACCOUNTS_MIN } from '../../../../src/enforcement/sanctions/ladder.ts';
import type { Owner } from '../../../../src/enforcement/unit.ts';
import type { StaffedLinkage } from '../../../../src/fraud/linkage/create-linkage.ts';
import { createRingKit } from '../../front-door/actors/ring-kit.ts';
import { type Draw, drawFrom } from '../../front-door/draw.ts';
import { DAY_MS, type Simulation } from '../../front-door/simulation.ts';
import { type Bench, createBench } from '../engine/bench.ts';
import { createFollower, type Follower } from '../engine/follower.ts';
import { judgeAmong } from '../engine/judges.ts';
import { inviteHonest } from '../engine/sign-ups.ts';
import { type Readers, type Ring, scaled } from '../population.ts';

export interface RingFigures {
  readonly name: string;
  readonly level: string;
  readonly accounts: number;
  readonly planned_requests: number;
  readonly served_requests: number;
  readonly served_share: number;
  /** Accounts by what stopped them first; `never` got through to the end. */
  readonly stopped_by: Readonly<Record<'operator' | 'account' | 'never', number>>;
  readonly operator_sanctions: number;
  /** From the first request to the first sanction of an operator; null: there was none. */
  readonly minutes_until_operator: number | null;
  readonly requests_until_operator: number | null;
  readonly honest_accounts: number;
  readonly honest_stopped: number;
}

interface Asker {
  readonly accountId: string;
  readonly owner: Owner;
  readonly passed: number;
  left: number;
  stoppedBy: 'operator' | 'account' | 'never';
}

interface Campaign {
  readonly cohort: Ring;
  readonly simulation: Simulation;
  readonly bench: Bench;
  readonly follower: Follower;
  readonly draw: Draw;
  readonly askers: Asker[];
  served: number;
  /** Sanctions that were looked at for the first of an operator. */
  looked: number;
  firstMs: number | null;
  operatorMs: number | null;
  servedUntilOperator: number | null;
}

const TICKS_A_DAY = 5;
const FIRMLY_MOST = 24;
/** The service's own cap. */
const FIRM_BITS = 24;
const PROMPTED_AFTER_MS = 120_000;

export function runRing(cohort: Ring, seed: number, scale: number, readers: Readers): RingFigures {
  const honest = scaled(cohort.honest_sign_ups, scale);
  const days = cohort.starts_on_day + cohort.sign_up_days + cohort.days + 1;
  const { simulation, linkage, disguises } = inviteHonest(`ring ${cohort.level} ${seed}`, honest, days);
  const draw = simulation.draw(cohort.name);
  const judgement = judgeAmong({
    operatorOf: (accountId) => linkage.operatorOf(accountId).accounts,
    firmlyLinked: (accountId, bits) => firmlyLinked(linkage, accountId, bits),
    declaredUsesOf: () => [],
    isShared: () => false,
  });
  linkage.onChange(({ accounts }) => judgement.operatorsChanged(accounts));
  const firm = new Set<string>();
  function isFirm(accountId: string): boolean {
    // Asked with every request of the ring: links that hold accounts firmly go on doing so for longer than it is watched.
    if (!firm.has(accountId) && firmlyLinked(linkage, accountId, FIRM_BITS) >= OPERATOR_ACCOUNTS_MIN)
      firm.add(accountId);
    return firm.has(accountId);
  }
  const follower = createFollower((accountId) => linkage.operatorOf(accountId).id, isFirm);
  const bench = createBench({ judgement, follower, readers, draw: draw.fork('readers') });
  const campaign: Campaign = {
    cohort,
    simulation,
    bench,
    follower,
    draw,
    askers: [],
    served: 0,
    looked: 0,
    firstMs: null,
    operatorMs: null,
    servedUntilOperator: null,
  };
  signUpAll(campaign, disguises, scaled(cohort.accounts, scale));
  simulation.run();
  return figuresOf(campaign);
}

/** Accounts that links of at least so many bits hold together with it; counted up to what matters. */
function firmlyLinked(linkage: StaffedLinkage, accountId: string, bits: number): number {
  const found = new Set([accountId]);
  for (const id of found) {
    if (found.size >= FIRMLY_MOST) break;
    for (const link of linkage.linksOf(id))
      if (link.strength === 'hard' && link.bits >= bits) for (const end of link.accounts) found.add(end);
  }
  return found.size;
}

function signUpAll(campaign: Campaign, disguises: Parameters<typeof createRingKit>[1], accounts: number): void {
  const { cohort, simulation, draw } = campaign;
  const gapSeconds = (cohort.sign_up_days * 86_400) / cohort.accounts;
  const kit = createRingKit(simulation, disguises, cohort.level, gapSeconds, draw);
  const next = (left: number): void => {
    if (left === 0) return;
    simulation.at(simulation.nowMs() + kit.gapSeconds() * 1_000, () => next(left - 1));
    const { applicant } = kit.applicant();
    const truth = {
      cohort: cohort.name,
      intent: 'farmed',
      operator: cohort.name,
      household: null,
      level: cohort.level,
    } as const;
    const account = simulation.signUp(applicant, truth);
    simulation.at(simulation.nowMs() + PROMPTED_AFTER_MS, () => {
      simulation.prompted(account, kit.prompt());
      const asker: Asker = {
        accountId: account.id,
        owner: {
          accountId: account.id,
          keyId: `key_${account.id}`,
          app: null,
          member: null,
          endUser: null,
          product: null,
        },
        passed: drawFrom(cohort.flags.passed, draw),
        left: cohort.days * cohort.requests_per_day,
        stoppedBy: 'never',
      };
      campaign.askers.push(asker);
      askOn(campaign, asker);
    });
    if (draw.chance(cohort.pays))
      simulation.at(simulation.nowMs() + DAY_MS * draw.unit(), () => {
        const { fingerprint, prepaid } = kit.card();
        simulation.learnt(account, { kind: 'card', fingerprint, prepaid });
      });
  };
  simulation.at(simulation.startMs + DAY_MS * (cohort.starts_on_day + draw.unit()), () => next(accounts));
}

/** A few times a day, whatever became of it the last time: they see status codes, and hope. */
function askOn(campaign: Campaign, asker: Asker): void {
  const { cohort, simulation, bench, draw } = campaign;
  const requests = Math.min(asker.left, cohort.requests_per_day / TICKS_A_DAY);
  const atMs = simulation.nowMs();
  bench.advance(atMs);
  asker.left -= requests;
  for (let nth = 0; nth < requests; nth += 1) {
    // Whoever is refused asks no more until the next time; what they meant to ask stays unserved.
    if (!askOnce(campaign, asker, atMs + nth * 1_000)) break;
  }
  noteOperator(campaign);
  if (asker.left > 0)
    simulation.at(atMs + (DAY_MS / TICKS_A_DAY) * (0.6 + 0.8 * draw.unit()), () => askOn(campaign, asker));
}

function askOnce(campaign: Campaign, asker: Asker, atMs: number): boolean {
  const { cohort, bench, follower, draw } = campaign;
  bench.advance(atMs);
  if (follower.blockedUntil(asker.owner, atMs) !== null) {
    if (asker.stoppedBy === 'never')
      asker.stoppedBy = follower.all.some(({ unit }) => unit.kind === 'account' && unit.accountId === asker.accountId)
        ? 'account'
        : 'operator';
    return false;
  }
  campaign.served += 1;
  campaign.firstMs ??= atMs;
  const { flags } = cohort;
  if (!draw.chance(drawFrom(flags.rate, draw))) {
    bench.clean(asker.owner, atMs, 1);
    return true;
  }
  const flag = {
    source: 'moderation' as const,
    conduct: draw.weighted<Conduct>(flags.conducts),
    confidence: drawFrom(flags.confidence, draw),
    conversation: `conversation ${draw.hex(8)}`,
    template: draw.hex(8),
    language: 'en' as const,
    cleanBefore: 0,
  };
  bench.flag(asker.owner, atMs, flag, {
    who: asker.accountId,
    abusive: true,
    passed: asker.passed,
    unsure: flags.unsure,
    appeals: 0,
  });
  return true;
}

function noteOperator(campaign: Campaign): void {
  const { all } = campaign.follower;
  for (; campaign.looked < all.length && campaign.operatorMs === null; campaign.looked += 1) {
    const felt = all[campaign.looked];
    if (felt?.unit.kind !== 'operator') continue;
    campaign.operatorMs = felt.atMs;
    campaign.servedUntilOperator = campaign.served;
  }
}

function figuresOf(campaign: Campaign): RingFigures {
  const { cohort, simulation, follower, askers, served, firstMs, operatorMs } = campaign;
  const planned = askers.length * cohort.days * cohort.requests_per_day;
  const honest = simulation.accounts.filter(({ truth }) => truth.intent === 'legitimate');
  const nobody = { keyId: null, app: null, member: null, endUser: null, product: null };
  const stopped = honest.filter(
    ({ id }) => follower.blockedUntil({ accountId: id, ...nobody }, simulation.endMs) !== null,
  );
  const by = { operator: 0, account: 0, never: 0 };
  for (const { stoppedBy } of askers) by[stoppedBy] += 1;
  return {
    name: cohort.name,
    level: cohort.level,
    accounts: askers.length,
    planned_requests: planned,
    served_requests: served,
    served_share: planned === 0 ? 0 : served / planned,
    stopped_by: by,
    operator_sanctions: follower.all.filter(({ unit }) => unit.kind === 'operator').length,
    minutes_until_operator: operatorMs === null || firstMs === null ? null : (operatorMs - firstMs) / 60_000,
    requests_until_operator: campaign.servedUntilOperator,
    honest_accounts: honest.length,
    honest_stopped: stopped.length,
  };
}
