import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { Config } from '../../config/config.ts';
import type { StaffPerson } from '../../enforcement/index.ts';
import type { Staff } from '../../staff/index.ts';
import type { Columns } from '../../storage/columns/columns.ts';
import type { composeServing } from '../compose-serving.ts';

/** What everything that people take part in is made of. */
export interface ReviewParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly serving: Awaited<ReturnType<typeof composeServing>>;
  readonly staff: Pick<Staff, 'people' | 'roleMay'>;
  readonly columns: Columns;
}

/** Those of the staff, as reviewing sees them. */
export async function staffPeople({ staff }: Pick<ReviewParts, 'staff'>): Promise<StaffPerson[]> {
  const all = await staff.people();
  return all.map(({ id, name, role, password, disabledAtMs }) => {
    const active = disabledAtMs === null && password !== null;
    const may = (permission: 'enforcement.write' | 'cases.lead') => active && staff.roleMay(role, permission);
    return { id, name, active, mayReview: may('enforcement.write'), leads: may('cases.lead') };
  });
}
