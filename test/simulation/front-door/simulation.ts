/** The run of one month: virtual time, what happens next, and everyone's dealings with one system. */
import type { LaterFacts, SignupFacts } from '../../../src/fraud/evidence.ts';
import type { Rung } from '../../../src/fraud/vesting.ts';
import type { RefusedTry, SimulatedAccount, Truth } from './account.ts';
import type { Draw } from './draw.ts';
import { createEventQueue, type Happening } from './event-queue.ts';
import type { DoorAnswer, System } from './systems/system.ts';
import type { Networks } from './world/networks.ts';
import type { Prompt } from './world/prompts.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
/** Of the first tranche: a try that gets nothing before this much was used is a person kept waiting. */
const FIRST_TRANCHE_USD = 0.99;

/** A sign-up as its maker describes it. */
export type Applicant = Omit<SignupFacts, 'accountId' | 'atMs' | 'ip'> & { readonly ip: string };

export interface Simulation {
  readonly networks: Networks;
  readonly startMs: number;
  readonly endMs: number;
  readonly accounts: readonly SimulatedAccount[];
  readonly refused: readonly RefusedTry[];
  nowMs(): number;
  /** Streams by label, the same whatever system runs. */
  draw(label: string): Draw;
  /** Lets something happen then; what would happen after the end does not. */
  at(atMs: number, happening: Happening): void;
  door(applicant: Applicant): DoorAnswer;
  /** Makes the account the door let in. */
  signUp(applicant: Applicant, truth: Truth): SimulatedAccount;
  turnedAway(refused: RefusedTry): void;
  learnt(account: SimulatedAccount, facts: LaterFacts): void;
  prompted(account: SimulatedAccount, prompt: Prompt): void;
  prove(account: SimulatedAccount, rung: Rung): void;
  /** Uses free credit; US dollars obtained, zero for a sanctioned account. */
  use(
    account: SimulatedAccount,
    wantedUsd: number,
    requests: { readonly all: number; readonly flagged: number },
  ): number;
  available(account: SimulatedAccount): number;
  sanction(account: SimulatedAccount): void;
  readonly system: System;
}

export interface RunningSimulation extends Simulation {
  /** Lets everything happen until the end. */
  run(): void;
}

export interface SimulationInput {
  readonly days: number;
  readonly startMs: number;
  readonly networks: Networks;
  readonly draw: Draw;
  /** Made with the clock of this run. */
  readonly system: (nowMs: () => number) => System;
}

export function createSimulation(input: SimulationInput): RunningSimulation {
  const { days, startMs, networks, draw } = input;
  const queue = createEventQueue();
  const accounts: SimulatedAccount[] = [];
  const refused: RefusedTry[] = [];
  const endMs = startMs + days * DAY_MS;
  let nowMs = startMs;
  const system = input.system(() => nowMs);
  const factsOf = (applicant: Applicant, accountId: string): SignupFacts => ({ ...applicant, accountId, atMs: nowMs });
  return {
    networks,
    startMs,
    endMs,
    accounts,
    refused,
    system,
    nowMs: () => nowMs,
    draw: (label) => draw.fork(label),
    at: (atMs, happening) => {
      if (atMs < endMs) queue.at(Math.max(atMs, nowMs), happening);
    },
    door: (applicant) => system.door(factsOf(applicant, '')),
    signUp(applicant, truth) {
      const account = accountOf(`acct_${String(accounts.length + 1).padStart(7, '0')}`, truth, applicant.ip, nowMs);
      accounts.push(account);
      system.signedUp(factsOf(applicant, account.id));
      return account;
    },
    turnedAway: (one) => void refused.push(one),
    learnt: (account, facts) => system.learnt(account.id, facts, nowMs),
    prompted: (account, prompt) => system.prompted(account.id, prompt, nowMs),
    prove: (account, rung) => system.proved(account.id, rung),
    use(account, wantedUsd, requests) {
      if (account.sanctionedAtMs !== null) return 0;
      const spent = system.spend(account.id, wantedUsd, requests);
      account.spentUsd += spent;
      if (spent <= 0 && account.spentUsd < FIRST_TRANCHE_USD) account.emptyTries += 1;
      return spent;
    },
    available: (account) => (account.sanctionedAtMs === null ? system.available(account.id) : 0),
    sanction(account) {
      if (account.sanctionedAtMs !== null) return;
      account.sanctionedAtMs = nowMs;
      system.sanctioned(account.id);
    },
    run() {
      for (let atMs = startMs; atMs < endMs; atMs += HOUR_MS) queue.at(atMs, () => system.tick());
      for (let next = queue.next(); next !== null; next = queue.next()) {
        nowMs = next.atMs;
        next.happening();
      }
      nowMs = endMs;
      system.tick();
    },
  };
}

function accountOf(id: string, truth: Truth, ip: string, atMs: number): SimulatedAccount {
  return {
    id,
    truth,
    ip,
    atMs,
    firstTry: null,
    spentUsd: 0,
    costUsd: 0,
    emptyTries: 0,
    sanctionedAtMs: null,
    strategy: null,
  };
}
