import type { AppealView } from '../../../src/enforcement/appeals/contract.ts';
import type { Status } from '../../ui/palette.ts';

export const APPEALS_PATH = '/control/v1/enforcement/appeals';

/** How far an appeal is, for whoever answers. */
export function appealStatus(state: AppealView['state']): Status {
  switch (state) {
    case 'received':
    case 'triaged':
      return 'warn';
    case 'overturned':
    case 'partly':
      return 'bad';
    case 'upheld':
      return 'good';
    case 'in_review':
    case 'withdrawn':
      return 'none';
  }
}
