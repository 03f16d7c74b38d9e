import { useMemo } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { type ApiState, useApi } from '../../../console/api/queries.ts';
import {
  portalUsageAnswer,
  type PortalUsageAnswer,
  type PortalUsageQueryInput,
} from '../../../src/portal/usage/contract.ts';
import { useAccount } from '../account.tsx';

/** Asks about the usage of the account that is looked at; keep the question in a memo. */
export function useOwnUsage(
  query: PortalUsageQueryInput,
  options: { readonly enabled?: boolean } = {},
): ApiState<PortalUsageAnswer> {
  const { id } = useAccount();
  return useApi(
    {
      method: 'POST',
      path: apiPath`/portal/v1/accounts/${id}/usage/query`,
      body: query,
      answer: portalUsageAnswer,
    },
    options,
  );
}

const HOUR_MS = 3_600_000;

/** The month of UTC up to the end of this hour. */
export function useThisMonth(): { readonly from: string; readonly to: string } {
  const hour = Math.ceil(Date.now() / HOUR_MS);
  return useMemo(() => {
    const end = new Date(hour * HOUR_MS);
    const start = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth()));
    return { from: start.toISOString(), to: end.toISOString() };
  }, [hour]);
}
