import { useState } from 'react';
import { z } from 'zod';
import { useSearchState } from '../../../console/components/search-state.ts';
import { keptNext } from '../../components/pending.ts';

/** A path of this portal, never another site. */
const nextSearch = z.object({
  next: z
    .string()
    .regex(/^\/(?![/\\])/)
    .optional()
    .catch(undefined),
});

/** Where a new person gets their first answer. */
export const FIRST_PAGE = '/playground';

/** Where somebody goes once they are in: what the address says, else what was begun before, else the start. */
export function useArrival(otherwise = '/start'): string {
  const [{ next }] = useSearchState(nextSearch);
  const [kept] = useState(keptNext);
  return next ?? kept ?? otherwise;
}
