import type { SanctionView } from '../../../src/enforcement/sanctions/contract.ts';
import type { Status } from '../../ui/palette.ts';

/** How far a sanction is, by shape and colour. */
export const STATE_STATUS: Readonly<Record<SanctionView['state'], Status>> = {
  waiting: 'none',
  in_force: 'bad',
  expired: 'none',
  lifted: 'good',
  reversed: 'warn',
  replaced: 'none',
};
