/**
 * What staff do in the simulation: once a day they suspend operators so large and so surely linked that no other reading is
 * left. It is what could hurt honest people most, so it is done here as eagerly as the rules of the house allow.
 */
import type { StaffRules } from './systems/settings.ts';
import { DAY_MS, HOUR_MS, type Simulation } from './simulation.ts';

const STARTS_AT_MS = 3 * HOUR_MS;

export function employStaff(simulation: Simulation, rules: StaffRules): void {
  const look = (): void => {
    suspend(simulation, rules);
    simulation.at(simulation.nowMs() + DAY_MS, look);
  };
  simulation.at(simulation.startMs + STARTS_AT_MS, look);
}

function suspend(simulation: Simulation, { bits, accounts: least }: StaffRules): void {
  const { system, accounts } = simulation;
  const operatorOf = system.operatorsOf(accounts.map(({ id }) => id));
  for (const group of Map.groupBy(accounts, ({ id }) => operatorOf.get(id) ?? id).values()) {
    if (group.length < least) continue;
    for (const account of group) {
      if (account.sanctionedAtMs !== null) continue;
      const isSure = system.linksOf(account.id).some((link) => link.strength === 'hard' && link.bits >= bits);
      if (isSure) simulation.sanction(account);
    }
  }
}
