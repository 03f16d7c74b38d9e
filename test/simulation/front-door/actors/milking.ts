/** How farmed accounts are milked: drained at once, by drips, or kept for weeks until every tranche has come. */
import type { Rung } from '../../../../src/fraud/vesting.ts';
import type { SimulatedAccount } from '../account.ts';
import { type Distribution, type Draw, drawFrom } from '../draw.ts';
import type { Strategy } from '../population.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Simulation } from '../simulation.ts';

/** Whoever milks the account: what proofs cost them, and what they are told. */
export interface Milker {
  readonly draw: Draw;
  readonly strategy: Strategy;
  readonly drainHours: Distribution;
  readonly patientDays: Distribution;
  /** What a dollar of credit sells for. */
  readonly resale: number;
  /** Buys the proof and hands it in; what it cost, null when it cannot be bought. */
  buy(rung: Rung): { readonly costUsd: number; readonly handIn: () => void } | null;
  /** What it would cost, before buying. */
  priceOf(rung: Rung): number | null;
  /** An account got nothing: no credit, or refused. */
  gotNothing(): void;
}

const LOOKS_WHILE_DRAINING = 8;
const USD_PER_REQUEST = 0.02;
const REQUESTS_MIN = 2;
/** Patient ones stay a little below what the rules allow. */
const SAFETY = 0.95;
const EMPTY_DAYS_BEFORE_LEAVING = 6;
const DRIP_USD_PER_DAY = { uniform: [0.5, 3] } as const;
const FLAGGED_SHARE = 0.01;

export function milk(simulation: Simulation, account: SimulatedAccount, milker: Milker): void {
  account.strategy = milker.strategy;
  if (milker.strategy === 'drain') drain(simulation, account, milker);
  else keep(simulation, account, milker);
}

function drain(simulation: Simulation, account: SimulatedAccount, milker: Milker): void {
  const spanMs = drawFrom(milker.drainHours, milker.draw) * HOUR_MS;
  for (let look = 0; look < LOOKS_WHILE_DRAINING; look += 1) {
    const afterMs = (spanMs * look) / LOOKS_WHILE_DRAINING + MINUTE_MS * (1 + milker.draw.unit() * 9);
    simulation.at(simulation.nowMs() + afterMs, () => {
      const obtained = take(simulation, account, simulation.available(account), milker);
      if (look === 0 && obtained <= 0) milker.gotNothing();
      if (look === 1) climb(simulation, account, milker, 1);
    });
  }
}

/**
 * Drippers take what a customer would. Patient ones make every day a good one: they ask in as many hours and leave as
 * much as the published rules want, and take the rest on the last day.
 */
function keep(simulation: Simulation, account: SimulatedAccount, milker: Milker): void {
  const days = Math.max(1, Math.round(drawFrom(milker.patientDays, milker.draw)));
  let emptyDays = 0;
  const live = (day: number): void => {
    const isLast = day >= days - 1;
    const wish = wishFor(simulation, account, milker, isLast);
    const hours = (simulation.system.goodDay?.hours ?? 1) + (isLast ? 3 : 0);
    for (let hour = 0; hour < hours; hour += 1)
      simulation.at(simulation.nowMs() + hour * HOUR_MS * 1.02, () => {
        const obtained = take(simulation, account, wish / hours, milker);
        if (hour === 0) emptyDays = obtained > 0 ? 0 : emptyDays + 1;
        if (hour === 0 && day === 0 && obtained <= 0) milker.gotNothing();
      });
    climb(simulation, account, milker, days - day);
    if (!isLast && emptyDays < EMPTY_DAYS_BEFORE_LEAVING && account.sanctionedAtMs === null)
      simulation.at(simulation.nowMs() + DAY_MS * (0.9 + 0.2 * milker.draw.unit()), () => live(day + 1));
  };
  live(0);
}

function wishFor(simulation: Simulation, account: SimulatedAccount, milker: Milker, isLast: boolean): number {
  const available = simulation.available(account);
  if (milker.strategy === 'drip') return Math.min(available, drawFrom(DRIP_USD_PER_DAY, milker.draw));
  return isLast ? available : available * (simulation.system.goodDay?.spentShare ?? 0.1) * SAFETY;
}

function take(simulation: Simulation, account: SimulatedAccount, wanted: number, { draw }: Milker): number {
  if (wanted <= 0) return simulation.use(account, USD_PER_REQUEST, { all: 1, flagged: 0 });
  const all = Math.max(REQUESTS_MIN, Math.round(wanted / USD_PER_REQUEST));
  let flagged = 0;
  for (let at = 0; at < Math.min(all, 50); at += 1) flagged += draw.chance(FLAGGED_SHARE) ? 1 : 0;
  return simulation.use(account, wanted, { all, flagged });
}

/** Buys the proof that brings most above what it costs, of what would still come in `days`. */
function climb(simulation: Simulation, account: SimulatedAccount, milker: Milker, days: number): void {
  if (account.sanctionedAtMs !== null) return;
  const perDay = simulation.system.goodDay?.usd ?? 0;
  const offers = simulation.system.onProof(account.id).flatMap(({ proof, usd }) => {
    const price = milker.priceOf(proof);
    const gain = price === null ? 0 : Math.min(usd, perDay * days) * milker.resale - price;
    return gain > 0 ? [{ proof, gain }] : [];
  });
  const [best] = offers.toSorted((a, b) => b.gain - a.gain);
  const bought = best === undefined ? null : milker.buy(best.proof);
  if (best === undefined || bought === null) return;
  account.costUsd += bought.costUsd;
  bought.handIn();
  simulation.prove(account, best.proof);
}
