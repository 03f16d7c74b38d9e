import type { UnitView } from './contract.ts';
import { nameOfUnit, type Unit } from './unit.ts';

export function toUnitView(unit: Unit): UnitView {
  return { kind: unit.kind, account_id: unit.accountId, name: nameOfUnit(unit) };
}
