/** Rings of farmed accounts at four levels of disguise, some of which react to what is refused. */
import type { Rung } from '../../../../src/fraud/vesting.ts';
import type { SimulatedAccount, Truth } from '../account.ts';
import { type Draw, drawFrom, drawWhole } from '../draw.ts';
import type { Farm, Populations, Strategy } from '../population.ts';
import { DAY_MS, HOUR_MS, type Simulation } from '../simulation.ts';
import { type Milker, milk } from './milking.ts';
import { createRingKit, type RingKit } from './ring-kit.ts';

/** What a script pays a solver, or its own machine, US dollars. */
export const COST_OF_PROOF = { mail: 0, proof_of_work: 0.001, passkey: 0.002 } as const;
/** To write one record into the zone of a domain one owns. */
const COST_OF_DOMAIN_RECORD = 0.005;
const SMALLEST_RING = 5;
/** An adaptive ring looks back on so many accounts, of which so many got nothing, before it changes something. */
const LOOKS_BACK_ON = 10;
const REFUSALS_BEFORE_CHANGE = 4;
/** It gives up when this many accounts, of which it knows what they brought, were worth less than they cost after this many changes. */
const JUDGED_ACCOUNTS = 20;
const CHANGES_BEFORE_GIVING_UP = 3;
const DONE_DRAINING_MS = 2 * HOUR_MS;
const SHARE_OF_COST_WHEN_REFUSED = 0.3;

/** Lets rings sign up `signUps` accounts in all; a ring that gives up leaves the rest of its own unmade. */
export function inviteFarms(simulation: Simulation, populations: Populations, cohort: Farm, signUps: number): void {
  const draw = simulation.draw(`farm/${cohort.name}`);
  let ring = 0;
  for (const [band, { accounts, share }] of cohort.sizes.entries()) {
    let left = Math.round(signUps * share);
    const stream = draw.fork(`band${band}`);
    while (left >= SMALLEST_RING) {
      const size = Math.min(left, Math.max(SMALLEST_RING, drawWhole({ log_uniform: accounts }, stream)));
      inviteRing(simulation, populations, cohort, `${cohort.name}-${ring}`, size);
      ring += 1;
      left -= size;
    }
  }
}

interface Ring {
  readonly name: string;
  readonly cohort: Farm;
  readonly kit: RingKit;
  readonly draw: Draw;
  readonly truth: Truth;
  readonly accounts: SimulatedAccount[];
  left: number;
  outcomes: boolean[];
  changes: number;
  isChanging: boolean;
}

function inviteRing(simulation: Simulation, populations: Populations, cohort: Farm, name: string, size: number): void {
  const draw = simulation.draw(`ring/${name}`);
  const startMs = simulation.startMs + draw.unit() * 0.7 * (simulation.endMs - simulation.startMs);
  const capSeconds = (0.8 * (simulation.endMs - startMs)) / 1_000 / size;
  const ring: Ring = {
    name,
    cohort,
    kit: createRingKit(simulation, disguisesOf(populations, cohort), cohort.level, capSeconds, draw),
    draw,
    truth: {
      cohort: cohort.name,
      intent: 'farmed',
      operator: name,
      household: null,
      level: cohort.reported_as ?? cohort.level,
    },
    accounts: [],
    left: size,
    outcomes: [],
    changes: 0,
    isChanging: false,
  };
  simulation.at(startMs, () => signUpNext(simulation, ring));
}

function disguisesOf({ disguises }: Populations, { level, mail }: Farm): Populations['disguises'] {
  return mail === undefined ? disguises : { ...disguises, [level]: { ...disguises[level], mail } };
}

function signUpNext(simulation: Simulation, ring: Ring): void {
  if (ring.left <= 0 || givesUp(simulation, ring)) return;
  ring.left -= 1;
  simulation.at(simulation.nowMs() + ring.kit.gapSeconds() * 1_000, () => signUpNext(simulation, ring));
  const { applicant, costUsd } = ring.kit.applicant();
  const answer = simulation.door(applicant);
  if (answer.kind === 'refused') {
    simulation.turnedAway({ truth: ring.truth, costUsd: costUsd * SHARE_OF_COST_WHEN_REFUSED });
    react(simulation, ring, false);
    return;
  }
  const account = simulation.signUp(applicant, ring.truth);
  account.costUsd += costUsd;
  ring.accounts.push(account);
  const milker = milkerOf(simulation, ring, account, applicant.email);
  simulation.at(simulation.nowMs() + 1_000 * (4 + ring.draw.unit() * 50), () => {
    simulation.prove(account, 'mail');
    if (answer.workFactor !== null) {
      account.costUsd += COST_OF_PROOF.proof_of_work * answer.workFactor;
      simulation.prove(account, 'proof_of_work');
    }
    simulation.prompted(account, ring.kit.prompt());
    milk(simulation, account, milker);
  });
  react(simulation, ring, true);
}

function milkerOf(simulation: Simulation, ring: Ring, account: SimulatedAccount, email: string): Milker {
  const { kit, cohort, draw } = ring;
  const ownsDomain = email.endsWith('.example');
  const priceOf = (rung: Rung): number | null => {
    if (rung === 'organisation') return ownsDomain ? COST_OF_DOMAIN_RECORD : null;
    return rung === 'phone' || rung === 'card' ? kit.expected[rung] : COST_OF_PROOF[rung];
  };
  return {
    draw,
    strategy: draw.weighted<Strategy>(cohort.strategies),
    drainHours: cohort.drain_hours,
    patientDays: cohort.patient_days,
    resale: cohort.resale,
    priceOf,
    buy: (rung) => {
      if (rung === 'organisation')
        return ownsDomain ? { costUsd: COST_OF_DOMAIN_RECORD, handIn: () => undefined } : null;
      if (rung === 'phone') {
        const { number, costUsd } = kit.phone();
        return { costUsd, handIn: () => simulation.learnt(account, { kind: 'phone', number }) };
      }
      if (rung === 'card') {
        const { fingerprint, prepaid, costUsd } = kit.card();
        return { costUsd, handIn: () => simulation.learnt(account, { kind: 'card', fingerprint, prepaid }) };
      }
      return { costUsd: COST_OF_PROOF[rung], handIn: () => undefined };
    },
    gotNothing: () => react(simulation, ring, false),
  };
}

/** Adaptive rings alone: what was refused makes them change a signal after a while. */
function react(simulation: Simulation, ring: Ring, isGood: boolean): void {
  if (!ring.cohort.is_adaptive) return;
  ring.outcomes = [...ring.outcomes, isGood].slice(-2 * LOOKS_BACK_ON);
  const bad = ring.outcomes.filter((one) => !one).length;
  if (bad < REFUSALS_BEFORE_CHANGE || ring.isChanging) return;
  ring.isChanging = true;
  simulation.at(simulation.nowMs() + drawFrom(ring.cohort.reaction_hours, ring.draw) * HOUR_MS, () => {
    const last = ring.accounts.at(-1);
    const costUsd = ring.kit.change();
    if (last === undefined) simulation.turnedAway({ truth: ring.truth, costUsd });
    else last.costUsd += costUsd;
    ring.changes += 1;
    ring.outcomes = [];
    ring.isChanging = false;
  });
}

function givesUp(simulation: Simulation, ring: Ring): boolean {
  if (!ring.cohort.is_adaptive || ring.changes < CHANGES_BEFORE_GIVING_UP) return false;
  const judged = ring.accounts.filter((one) => isDone(one, simulation.nowMs())).slice(-JUDGED_ACCOUNTS);
  if (judged.length < JUDGED_ACCOUNTS) return false;
  const profit = judged.reduce((sum, account) => sum + account.spentUsd * ring.cohort.resale - account.costUsd, 0);
  if (profit >= 0) return false;
  ring.left = 0;
  return true;
}

/** What an account that is drained brings is known soon. */
function isDone({ atMs, strategy }: SimulatedAccount, nowMs: number): boolean {
  return atMs < nowMs - (strategy === 'drain' ? DONE_DRAINING_MS : DAY_MS);
}
